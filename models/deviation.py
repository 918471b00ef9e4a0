"""Pick a Bob's best scheme that wins Alice, or let the rival have her.     [Collina et al., Section 7].

Sets       S states, A[s] policies of state s
Data       alice[s, a], own[s, a]    expected utilities, prior included, as integers in the players' units
           least                     what Alice must be offered to select this Bob
           stay                      his utility where the rival is selected (absent: he is alone)
Variables  x[s, a] in {0, 1}         he plays a in state s
           selected in {0, 1}        he offers enough
min        loss:      -(sum_{s,a} own[s, a] x[s, a] + stay (1 - selected))
s.t.       choice[s]: sum_a x[s, a] == selected                          for s in S
           wins:      sum_{s,a} alice[s, a] x[s, a] >= least selected
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from bigopt.games.market.game import Market


def build(game: Market, bob: int = 0, least: int | None = None, stay: Sequence[int] | None = None) -> pyo.ConcreteModel:
    """Return the multiple-choice knapsack of one Bob; `stay` is the rival's scheme, `least` in Alice's unit."""
    table = game.units[0].tolist()
    state = np.repeat(np.arange(game.S), game.sizes).tolist()
    unit = float(game.units[1][bob + 1])
    alone = 0.0 if stay is None else game.totals(stay)[bob + 1] * unit
    m = pyo.ConcreteModel("deviation")
    m.S = pyo.RangeSet(0, game.S - 1)
    m.outcomes = pyo.RangeSet(0, len(state) - 1)
    m.rival = pyo.Param(m.S, initialize=dict(enumerate(stay or [0] * game.S)), within=pyo.Any)
    m.first = pyo.Param(m.S, initialize=dict(enumerate(game.first.tolist())))

    m.x = pyo.Var(m.outcomes, domain=pyo.Binary)
    m.selected = pyo.Var(domain=pyo.Binary)
    if stay is None:
        m.selected.fix(1)

    cost = [-own * unit for own in table[bob + 1]]
    all_x = list(m.x.values())
    m.loss = pyo.Objective(
        expr=LinearExpression(constant=-alone, linear_coefs=[*cost, alone], linear_vars=[*all_x, m.selected])
    )
    groups: list[list[pyo.Var]] = [[] for _ in range(game.S)]
    for s, x in zip(state, all_x, strict=True):
        groups[s].append(x)
    m.choice = pyo.Constraint(m.S, rule=lambda m, s: (pyo.quicksum(groups[s]) - m.selected, 0))
    size = float(max(1, *map(abs, table[0])))
    least = (
        sum(min(table[0][a] for a in range(len(state)) if state[a] == s) for s in range(game.S))
        if least is None
        else least
    )
    offered = LinearExpression(
        constant=0.0,
        linear_coefs=[*(value / size for value in table[0]), -(least - 0.25) / size],  # integers: a quarter is safe
        linear_vars=[*all_x, m.selected],
    )
    m.wins = pyo.Constraint(expr=(0.0, offered, None))
    return m


def read(model: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the scheme [S]: his own, or the rival's where he lets him win."""
    if pyo.value(model.selected) < 0.5:
        return {"action": np.array([int(model.rival[s]) for s in model.S])}
    starts = [int(model.first[s]) for s in model.S] + [len(model.outcomes)]
    x = np.array([pyo.value(model.x[o]) for o in model.outcomes])
    return {"action": np.array([int(x[a:b].argmax()) for a, b in zip(starts, starts[1:], strict=False)])}
