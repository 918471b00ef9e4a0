"""Bayesian persuasion: the best signaling scheme of one sender (Kamenica and Gentzkow 2011; Definition 19).

Sets       S states, A actions
Data       p[s]        prior, sums to 1
           u[s, a]     Alice's utility
           U[s, a]     the sender's utility
           delta       by how much a recommended action must beat any other, in Alice's utility (0: ties obey)
Variables  pi[s, a] >= 0      probability that a is recommended in state s
max        value:             sum_{s,a} p[s] U[s,a] pi[s,a]
s.t.       simplex[s]:        sum_a pi[s,a] == 1                                        for s in S
           obedience[a, b]:   sum_s p[s] (u[s,a] - u[s,b] - delta) pi[s,a] >= 0         for a != b in A

Actions that Alice's tie rule bars (`game.inducible`) are fixed at 0. By the revelation principle signals may be taken
to be recommendations.
"""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from bigopt.games.persuasion.game import Persuasion


def build(game: Persuasion, bob: str | None = None) -> pyo.ConcreteModel:
    """Build the program for a sender by name: default the first, `aligned` a perfectly aligned one (Definition 8)."""
    p, u, U = game.prior, game.alice, game.utility_of(bob)
    weights = (p[:, None] * U).ravel().tolist()
    m = pyo.ConcreteModel(name=f"signaling {game.name}")
    m.S, m.A = pyo.RangeSet(0, len(game.states) - 1), pyo.RangeSet(0, len(game.actions) - 1)

    m.pi = pyo.Var(m.S, m.A, domain=pyo.NonNegativeReals)
    for a in np.flatnonzero(~game.inducible).tolist():
        for s in m.S:
            m.pi[s, a].fix(0.0)

    m.value = pyo.Objective(expr=_sum(weights, list(m.pi.values())), sense=pyo.maximize)

    def simplex(m: pyo.ConcreteModel, s: int) -> tuple[object, float]:
        return _sum([1.0] * len(m.A), [m.pi[s, a] for a in m.A]), 1.0

    m.simplex = pyo.Constraint(m.S, rule=simplex)

    told = {a: [m.pi[s, a] for s in m.S] for a in m.A}

    def obedience(m: pyo.ConcreteModel, a: int, b: int) -> object:
        if a == b:
            return pyo.Constraint.Skip
        return 0.0, _sum((p * (u[:, a] - u[:, b] - game.margin)).tolist(), told[a]), None

    m.obedience = pyo.Constraint(m.A, m.A, rule=obedience)
    return m


def read(model: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the scheme, shape [S][A]."""
    values = [variable.value or 0.0 for variable in model.pi.values()]
    return {"scheme": np.array(values).reshape(len(model.S), len(model.A))}


def _sum(coefficients: list[float], variables: list[object]) -> object:
    return LinearExpression(linear_coefs=coefficients, linear_vars=variables)
