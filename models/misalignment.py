"""Bring the Bobs below Alice where equilibria lie, and above her optimum.     [Collina et al., Section 7 and Remark 5].

Sets       F outcomes (y, f(y)) of the stable schemes f
           O outcomes (y, a) that are best for Alice in their state, ties included
           K Bobs
Data       alice[o], bobs[j, o]      utilities of all outcomes
Variables  weights[j] >= 0           no sum constraint
           offset                    free
           epsilon >= 0              the misalignment score, in units of utility
min        score:     epsilon
s.t.       above[o]:  sum_j bobs[j, o] weights[j] + offset - epsilon <= alice[o]     for o in F
           below[o]:  sum_j bobs[j, o] weights[j] + offset + epsilon >= alice[o]     for o in O
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from bigopt.games.market.game import Market


def build(game: Market, stable: Sequence[int], best: Sequence[int]) -> pyo.ConcreteModel:
    """Return the LP; `stable` and `best` are indices into the flat outcomes, F and O."""
    alice, bobs = game.outcome_utilities()
    target, columns = alice.tolist(), bobs.T.tolist()
    m = pyo.ConcreteModel("misalignment")
    m.F = pyo.Set(initialize=list(stable))
    m.O = pyo.Set(initialize=list(best))
    m.K = pyo.RangeSet(0, game.k - 1)

    m.weights = pyo.Var(m.K, bounds=(0, None))
    m.offset = pyo.Var()
    m.epsilon = pyo.Var(bounds=(0, None))

    m.score = pyo.Objective(expr=m.epsilon)

    terms = [*m.weights.values(), m.offset, m.epsilon]

    def side(o: int, sign: float) -> LinearExpression:
        return LinearExpression(constant=0.0, linear_coefs=[*columns[o], 1.0, sign], linear_vars=terms)

    m.above = pyo.Constraint(m.F, rule=lambda m, o: (None, side(o, -1.0), target[o]))
    m.below = pyo.Constraint(m.O, rule=lambda m, o: (target[o], side(o, 1.0), None))
    return m


def read(model: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the weights, the offset and the score."""
    weights = np.array([pyo.value(model.weights[j]) for j in model.K])
    return {"epsilon": pyo.value(model.epsilon), "weights": weights, "offset": pyo.value(model.offset)}
