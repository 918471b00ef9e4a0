"""Bayesian persuasion of an Alice who sees something herself: maps from her signals to actions are recommended.

Sets       S states, A actions, X Alice's own signals, R maps r: X -> A
Data       p[s]        prior, sums to 1
           q[s, x]     probability of Alice's signal, given the state; the sender does not see it (in a best
                       response: of what she hears from the other senders too)
           u[s, a]     Alice's utility
           U[s, a]     the sender's utility
Variables  pi[s, r] >= 0         probability that the map r is recommended in state s
max        value:                sum_{s,r,x} p[s] q[s,x] U[s,r(x)] pi[s,r]
s.t.       simplex[s]:           sum_r pi[s,r] == 1                                                 for s in S
           obedience[r, x, b]:   sum_s p[s] q[s,x] (u[s,r(x)] - u[s,b]) pi[s,r] >= 0    for r in R, x in X, b in A

All |A|^|X| maps are written down (Section 2 with one round; the algorithm `exact` generates them instead).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from bigopt.games.persuasion.game import Persuasion
from bigopt.games.persuasion.signals import alone


def build(
    game: Persuasion,
    bob: str | None = None,
    kernel: np.ndarray | None = None,
    maps: Sequence[tuple[int, ...]] | None = None,
) -> pyo.ConcreteModel:
    """Build the program for a sender by name: default the first, `aligned` a perfectly aligned one (Definition 8).

    `kernel` [S][X] is what Alice learns besides (default: her own signals); `maps` are her answers (default: all).
    """
    q = alone(game) if kernel is None else kernel
    p, u, U = game.prior, game.alice, game.utility_of(bob)
    maps = list(product(range(len(game.actions)), repeat=q.shape[1])) if maps is None else list(maps)
    m = pyo.ConcreteModel(name=f"private signaling {game.name}")
    m.S, m.A = pyo.RangeSet(0, len(game.states) - 1), pyo.RangeSet(0, len(game.actions) - 1)
    m.X, m.R = pyo.RangeSet(0, q.shape[1] - 1), pyo.RangeSet(0, len(maps) - 1)
    m.maps = maps

    m.pi = pyo.Var(m.S, m.R, domain=pyo.NonNegativeReals)

    worth = p[:, None] * np.einsum("sx,srx->sr", q, U[:, np.array(maps)])
    m.value = pyo.Objective(expr=_sum(worth.ravel().tolist(), list(m.pi.values())), sense=pyo.maximize)

    def simplex(m: pyo.ConcreteModel, s: int) -> tuple[object, float]:
        return _sum([1.0] * len(m.R), [m.pi[s, r] for r in m.R]), 1.0

    m.simplex = pyo.Constraint(m.S, rule=simplex)

    told = {r: [m.pi[s, r] for s in m.S] for r in m.R}

    def obedience(m: pyo.ConcreteModel, r: int, x: int, b: int) -> object:
        if maps[r][x] == b:
            return pyo.Constraint.Skip
        return 0.0, _sum((p * q[:, x] * (u[:, maps[r][x]] - u[:, b])).tolist(), told[r]), None

    m.obedience = pyo.Constraint(m.R, m.X, m.A, rule=obedience)
    return m


def read(model: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the scheme over the maps that are used, shape [S][R'], and these maps, shape [R'][X]."""
    values = np.array([v.value or 0.0 for v in model.pi.values()]).reshape(len(model.S), len(model.R))
    used = np.flatnonzero(values.max(axis=0) > 0)
    return {"scheme": values[:, used], "recommendations": np.array(model.maps)[used]}


def _sum(coefficients: list[float], variables: list[object]) -> object:
    return LinearExpression(linear_coefs=coefficients, linear_vars=variables)
