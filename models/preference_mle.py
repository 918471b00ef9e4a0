r"""The maximum-likelihood ideal point of labelled pairs: a logistic regression with an offset.

Wu et al., *The Battling Influencers Game*, eqs. (25) to (27).

Sets       J comparisons, K coordinates
Data       a[j] = |y'|^2 - |y|^2             offset: r(y) - r(y') at the ideal point 0                       (25)
           b[j, k] = 2 (y - y')              slope: r(y) - r(y') = a[j] + sum_k b[j,k] x[k]
           s[j] in {-1, 1}                   1: y was preferred                                              (26)
           c[j] >= 0                         against overflow: the loss's exponent at the start, if positive
Variables  receiver[k]                       the ideal point
max        log_likelihood:  - sum_j softplus(-s[j] (a[j] + sum_k b[j,k] receiver[k]))                        (27)
           softplus(v) = log(1 + exp(v)), written c[j] + log(exp(-c[j]) + exp(v - c[j]))

The start is the mean of the players' true ideal points, weighted by their comparisons.
"""

from __future__ import annotations

import math

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from bigopt.games.preferences.game import Preferences


def build(game: Preferences) -> pyo.ConcreteModel:
    """Return the program above, a concave NLP without constraints, for truthful (or known) labels."""
    pairs = game.drawn
    signs = 2.0 * pairs.labels(game.targets) - 1.0
    start = game.weights @ game.targets
    exponents = -signs * (pairs.offsets + pairs.slopes @ start)
    shifts = np.maximum(0.0, exponents)
    constants = (-signs * pairs.offsets - shifts).tolist()
    slopes = (-signs[:, None] * pairs.slopes).tolist()
    c = shifts.tolist()

    m = pyo.ConcreteModel("preference_mle")
    m.J = pyo.RangeSet(0, pairs.count - 1)
    m.K = pyo.RangeSet(0, game.dimension - 1)
    m.receiver = pyo.Var(m.K, initialize=dict(enumerate(start.tolist())))
    variables = list(m.receiver.values())

    def softplus(j: int) -> object:
        shifted = LinearExpression(constant=constants[j], linear_coefs=slopes[j], linear_vars=variables)
        return c[j] + pyo.log(math.exp(-c[j]) + pyo.exp(shifted))

    m.log_likelihood = pyo.Objective(expr=-pyo.quicksum(softplus(j) for j in m.J), sense=pyo.maximize)
    return m


def read(model: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the receiver, shape (d,)."""
    return {"receiver": np.array([x.value for x in model.receiver.values()], dtype=float)}
