"""Bound what one Bob's best deviation is worth to him, whatever rule he plays.     [Collina et al., Definition 7].

Sets       X Alice's features, B the Bobs' features, A actions
Data       alice[x, b, a], own[x, b, a]    expected utilities, prior included; hers are counted from her least utility
           without[x]                      what Alice gets at x from the other Bobs alone, counted likewise
Variables  pi[x, b, a] >= 0                probability that Alice ends up with a when she sees x and he sees b
max        value:               sum_{x,b,a} own[x,b,a] pi[x,b,a]
s.t.       lottery[x, b]:       sum_a pi[x,b,a] == 1                                         for x in X, b in B
           obedience[x, a, c]:  sum_b (alice[x,b,a] - alice[x,b,c]) pi[x,b,a] >= 0           for x in X, a in A, c in A
           ignoring[x]:         sum_{b,a} alice[x,b,a] pi[x,b,a] >= without[x]               for x in X

Rows of zeros are left out. Whatever Alice hears, given x and the action that she takes that action is still best for
her (obedience), and she may ignore him (ignoring): every deviation, deterministic or mixed, is a feasible point, so the
value bounds them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.games.conversation.game import Conversation


def build(game: Conversation, bob: int = 0, without: Sequence[float] | None = None) -> pyo.ConcreteModel:
    """Return the LP of a Bob; `without` defaults to what Alice has alone."""
    alice, own = (np.einsum("xby,ay->xba", game.prior, u) for u in (game.above[0], game.bobs[bob]))
    without = alice.sum(axis=1).max(axis=1).tolist() if without is None else [float(v) for v in without]
    features, theirs, actions, _ = game.sizes

    m = pyo.ConcreteModel("deviation_bound")
    m.X = pyo.RangeSet(0, features - 1)
    m.B = pyo.RangeSet(0, theirs - 1)
    m.A = pyo.RangeSet(0, actions - 1)

    m.pi = pyo.Var(m.X, m.B, m.A, bounds=(0, 1))

    m.value = pyo.Objective(expr=dot(own.ravel().tolist(), m.pi.values()), sense=pyo.maximize)

    @m.Constraint(m.X, m.B)
    def lottery(m: Any, x: int, b: int) -> Any:
        return dot([1.0] * actions, [m.pi[x, b, a] for a in m.A]) == 1

    @m.Constraint(m.X, m.A, m.A)
    def obedience(m: Any, x: int, a: int, c: int) -> Any:
        gain = (alice[x, :, a] - alice[x, :, c]).tolist()
        return dot(gain, [m.pi[x, b, a] for b in m.B]) >= 0 if any(gain) else pyo.Constraint.Skip

    @m.Constraint(m.X)
    def ignoring(m: Any, x: int) -> Any:
        gets = alice[x].ravel().tolist()
        terms = [m.pi[x, b, a] for b in m.B for a in m.A]
        return dot(gets, terms) >= without[x] if any(gets) else pyo.Constraint.Skip

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the lottery over actions of each pair of features, shape (|X|, |B|, |A|)."""
    values = [variable.value or 0.0 for variable in m.pi.values()]
    return {"lottery": np.array(values).reshape(len(m.X), len(m.B), len(m.A))}
