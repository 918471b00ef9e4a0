"""Bring a weighted sum of the Bobs' utilities as near to Alice's as it can be.     [Collina et al., Definition 1].

Sets       N outcomes (a, y), K Bobs
Data       alice[o], bobs[j, o]      utilities, shapes (|N|) and (|K|, |N|)
Variables  weights[j] >= 0           Bob j's share of the combination
           offset                    free
           epsilon >= 0              the alignment error, in units of utility
min        error:     epsilon
s.t.       convex:    sum_j weights[j] == 1
           above[o]:  sum_j bobs[j, o] weights[j] + offset - epsilon <= alice[o]     for o in N
           below[o]:  sum_j bobs[j, o] weights[j] + offset + epsilon >= alice[o]     for o in N
"""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from bigopt.alice.alignment import Aligned


def build(game: Aligned) -> pyo.ConcreteModel:
    """Return the LP of Definition 1 for any game with an Alice and Bobs."""
    alice, bobs = game.outcome_utilities()
    target, columns = alice.tolist(), bobs.T.tolist()
    m = pyo.ConcreteModel("alignment")
    m.K = pyo.RangeSet(0, len(bobs) - 1)
    m.N = pyo.RangeSet(0, len(target) - 1)

    m.weights = pyo.Var(m.K, bounds=(0, None))
    m.offset = pyo.Var()
    m.epsilon = pyo.Var(bounds=(0, None))

    m.error = pyo.Objective(expr=m.epsilon)
    m.convex = pyo.Constraint(expr=(pyo.quicksum(m.weights.values()), 1.0))

    terms = [*m.weights.values(), m.offset, m.epsilon]

    def side(o: int, sign: float) -> LinearExpression:
        return LinearExpression(constant=0.0, linear_coefs=[*columns[o], 1.0, sign], linear_vars=terms)

    m.above = pyo.Constraint(m.N, rule=lambda m, o: (None, side(o, -1.0), target[o]))
    m.below = pyo.Constraint(m.N, rule=lambda m, o: (target[o], side(o, 1.0), None))
    return m


def read(model: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the weights, the offset and the error."""
    weights = np.array([pyo.value(model.weights[j]) for j in model.K])
    return {"epsilon": pyo.value(model.epsilon), "weights": weights, "offset": pyo.value(model.offset)}
