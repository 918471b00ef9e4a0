"""Pick a Bob's best scheme that wins Alice, or let the rival have her.     [Collina et al., Section 7].

Sets       S states, A[s] policies of state s
Data       alice[s, a], own[s, a]    expected utilities, prior included: whole numbers over the player's largest
           least                     what Alice must be offered to select this Bob
           stay                      his utility where the rival is selected (absent: he is alone, and selected)
Variables  x[s, a] in {0, 1}         he plays a in state s
           selected in {0, 1}        he offers enough
min        loss:      -(sum_{s,a} own[s, a] x[s, a] + stay (1 - selected))
s.t.       choice[s]: sum_a x[s, a] == selected                          for s in S
           wins:      sum_{s,a} alice[s, a] x[s, a] >= least selected
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.games.market.game import Market

ROOM = 0.25  # utilities are whole numbers: a quarter less to win is safe


def build(game: Market, bob: int = 0, least: int | None = None, stay: Sequence[int] | None = None) -> pyo.ConcreteModel:
    """Return the multiple-choice knapsack of one Bob; `stay` is the rival's scheme, `least` in Alice's unit."""
    alice, own = (game.units[0][p].tolist() for p in (0, bob + 1))
    size, his = (float(max(1, *map(abs, row))) for row in (alice, own))
    alone = 0.0 if stay is None else game.totals(stay)[bob + 1] / his
    low = int(np.minimum.reduceat(game.units[0][0], game.first).sum())
    m = pyo.ConcreteModel("deviation")
    m.S = pyo.RangeSet(0, game.S - 1)
    m.outcomes = pyo.Set(dimen=2, initialize=[(s, a) for s in m.S for a in range(int(game.sizes[s]))])
    m.rival = pyo.Param(m.S, initialize=dict(enumerate(stay or [0] * game.S)), within=pyo.Any)

    m.x = pyo.Var(m.outcomes, domain=pyo.Binary)
    m.selected = pyo.Var(domain=pyo.Binary)
    if stay is None:
        m.selected.fix(1)
    terms = [*m.x.values(), m.selected]

    m.loss = pyo.Objective(expr=dot([*(-u / his for u in own), alone], terms) - alone)

    @m.Constraint(m.S)
    def choice(m: Any, s: int) -> Any:
        chosen = [m.x[s, a] for a in range(int(game.sizes[s]))]
        return dot([1.0] * len(chosen) + [-1.0], [*chosen, m.selected]) == 0

    needed = low if least is None else least
    m.wins = pyo.Constraint(expr=dot([*(u / size for u in alice), -(needed - ROOM) / size], terms) >= 0)
    return m


def read(model: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the scheme [S]: his own, or the rival's where he lets him win."""
    if pyo.value(model.selected) < 0.5:
        return {"action": np.array([int(model.rival[s]) for s in model.S])}
    shares = {o: pyo.value(model.x[o]) for o in model.outcomes}
    picked = [max((a for t, a in model.outcomes if t == s), key=lambda a: shares[s, a]) for s in model.S]
    return {"action": np.array(picked)}
