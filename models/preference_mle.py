r"""The maximum-likelihood ideal point of labelled pairs: a logistic regression with an offset.

Wu et al., *The Battling Influencers Game*, eqs. (25) to (27).

Sets       C comparisons, K coordinates
Data       a[c] = |y'|^2 - |y|^2             offset: r(y) - r(y') at the ideal point 0, shape (|C|,)         (25)
           b[c, k] = 2 (y - y')              slope: r(y) - r(y') = a[c] + sum_k b[c,k] x[k], shape (|C|, d)
           s[c] in {-1, 1}                   1: y was preferred, shape (|C|,)                                (26)
           h[c] >= 0                         against overflow: the loss's exponent at the start, if positive
Variables  receiver[k]                       the ideal point
max        log_likelihood:  - sum_c softplus(-s[c] (a[c] + sum_k b[c,k] receiver[k]))                        (27)
           softplus(v) = log(1 + exp(v)), written h[c] + log(exp(-h[c]) + exp(v - h[c]))

The start is the mean of the players' true ideal points, weighted by their comparisons.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.games.preferences.game import Preferences


def build(game: Preferences) -> pyo.ConcreteModel:
    """Return the program above, a concave NLP without constraints, for truthful (or known) labels."""
    pairs = game.drawn
    a, b, s = pairs.offsets, pairs.slopes, 2.0 * pairs.labels(game.targets) - 1.0
    start = game.weights @ game.targets
    h = np.maximum(0.0, -s * (a + b @ start)).tolist()
    slopes, offsets = (-s[:, None] * b).tolist(), (-s * a).tolist()

    m = pyo.ConcreteModel("preference_mle")
    m.C = pyo.RangeSet(0, pairs.count - 1)
    m.K = pyo.RangeSet(0, game.dimension - 1)

    m.receiver = pyo.Var(m.K, initialize=dict(enumerate(start.tolist())))
    receiver = list(m.receiver.values())

    def softplus(c: int) -> Any:
        v = dot(slopes[c], receiver) + (offsets[c] - h[c])
        return h[c] + pyo.log(math.exp(-h[c]) + pyo.exp(v))

    m.log_likelihood = pyo.Objective(expr=-pyo.quicksum(softplus(c) for c in m.C), sense=pyo.maximize)
    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the receiver, shape (d,)."""
    return {"receiver": np.array([x.value for x in m.receiver.values()], dtype=float)}
