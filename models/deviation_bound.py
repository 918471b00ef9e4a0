"""Bound what one Bob's best deviation is worth to him, whatever rule he plays.     [Collina et al., Definition 7].

Sets       X Alice's features, B the Bobs' features, A actions
Data       alice[x, b, a], own[x, b, a]    expected utilities, prior included, in units of utility
           without[x]                      what Alice gets at x from the other Bobs alone, prior included
Variables  pi[x, b, a] >= 0                probability that Alice ends up with a when she sees x and he sees b
max        value:             sum_{x,b,a} own[x,b,a] pi[x,b,a]
s.t.       lottery[x, b]:     sum_a pi[x,b,a] == 1                                               for x in X, b in B
           obedience[x, a, c]: sum_b (alice[x,b,a] - alice[x,b,c]) pi[x,b,a] >= 0                for x in X, a != c in A
           ignoring[x]:       sum_{b,a} alice[x,b,a] pi[x,b,a] >= without[x]                     for x in X

Whatever Alice hears, given x and the action that she takes that action is still best for her (obedience), and she may
ignore him (ignoring): every deviation, deterministic or mixed, is a feasible point, so the value bounds them all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.games.conversation.game import Conversation


def build(game: Conversation, bob: int = 0, without: Sequence[float] | None = None) -> pyo.ConcreteModel:
    """Return the LP of a Bob; `without` defaults to what Alice has alone."""
    alice, own = (np.einsum("xby,ay->xba", game.prior, u) for u in (game.alice, game.bobs[bob]))
    least = alice.sum(axis=1).max(axis=1).tolist() if without is None else [float(v) for v in without]
    m = pyo.ConcreteModel("deviation bound")
    rows, columns, actions, _ = game.sizes
    m.X, m.B, m.A = (pyo.RangeSet(0, n - 1) for n in (rows, columns, actions))

    m.pi = pyo.Var(m.X, m.B, m.A, bounds=(0, 1))

    m.value = pyo.Objective(expr=dot(own.ravel().tolist(), m.pi.values()), sense=pyo.maximize)

    @m.Constraint(m.X, m.B)
    def lottery(m: pyo.ConcreteModel, x: int, b: int) -> object:
        return pyo.quicksum(m.pi[x, b, a] for a in m.A) == 1.0

    @m.Constraint(m.X, m.A, m.A)
    def obedience(m: pyo.ConcreteModel, x: int, a: int, c: int) -> object:
        gain = (alice[x, :, a] - alice[x, :, c]).tolist()
        if not any(gain):
            return pyo.Constraint.Skip
        return dot(gain, [m.pi[x, b, a] for b in m.B]) >= 0.0

    @m.Constraint(m.X)
    def ignoring(m: pyo.ConcreteModel, x: int) -> object:
        if not alice[x].any():
            return pyo.Constraint.Skip
        return dot(alice[x].ravel().tolist(), [m.pi[x, b, a] for b in m.B for a in m.A]) >= least[x]

    return m


def read(model: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the lottery over actions of each pair of features, [X_A][X_B][A]."""
    values = [variable.value or 0.0 for variable in model.pi.values()]
    return {"lottery": np.array(values).reshape(len(model.X), len(model.B), len(model.A))}
