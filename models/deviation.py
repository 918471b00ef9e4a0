"""Pick a Bob's best scheme that wins Alice, or let the rival have her.     [Collina et al., Section 7].

Sets       S states
           A[s] policies of state s
           O outcomes (s, a), a in A[s]
Data       alice[s, a], own[s, a]    expected utilities, prior included: whole numbers over the player's largest
           least                     what Alice must be offered to select this Bob, less a quarter of a whole number
           rival[s]                  the rival's scheme (0 where there is none)
           outside                   the Bob's utility where the rival is selected (0 where there is none)
Variables  x[s, a] in {0, 1}         he plays a in state s
           selected in {0, 1}        he offers enough (1 where there is no rival)
min        loss:       -sum_{s,a} own[s, a] x[s, a] - outside (1 - selected)
s.t.       choice[s]:  sum_a x[s, a] - selected == 0                         for s in S
           wins:       sum_{s,a} alice[s, a] x[s, a] - least selected >= 0
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.algebra.schemes import add_schemes, scheme_of
from bigopt.games.market.game import Market

ROOM = 0.25  # utilities are whole numbers: a quarter less to win is safe


def build(
    game: Market, bob: int = 0, least: float | None = None, rival: Sequence[int] | None = None
) -> pyo.ConcreteModel:
    """Return the multiple-choice knapsack of one Bob; `least` in Alice's integer unit, by default her least utility."""
    alice, own = (game.shares[p].tolist() for p in (0, bob + 1))
    least = ((game.lowest[0] if least is None else least) - ROOM) / game.largest[0]
    outside = 0.0 if rival is None else game.totals(rival)[bob + 1] / game.largest[bob + 1]

    m = pyo.ConcreteModel("deviation")
    add_schemes(m, game.sizes.tolist())
    m.rival = pyo.Param(m.S, initialize=dict(enumerate(rival or [0] * game.S)))

    m.selected = pyo.Var(domain=pyo.Binary)
    if rival is None:
        m.selected.fix(1)
    terms = [*m.x.values(), m.selected]

    m.loss = pyo.Objective(expr=dot([*(-u for u in own), outside], terms) - outside)

    @m.Constraint(m.S)
    def choice(m: Any, s: int) -> Any:
        return dot([*(1.0 for a in m.A[s]), -1.0], [*(m.x[s, a] for a in m.A[s]), m.selected]) == 0

    m.wins = pyo.Constraint(expr=dot([*alice, -least], terms) >= 0)
    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the scheme, shape (|S|,): his own, or the rival's where he lets him win."""
    if pyo.value(m.selected) < 0.5:
        return {"action": np.array([m.rival[s] for s in m.S])}
    return {"action": scheme_of(m)}
