"""Find a weakly dominant strategy equilibrium under inner-product loss.

Source     Wu et al., Theorem 5, eq. (17)
Sets       N players, K coordinates
Data       w[i]        weights; t[i, k] targets
           X           the action set
Variables  x[i, k]     actions
max        influence:  sum_{i,k} w[i] t[i, k] x[i, k]           every term is one player's own problem, eq. (17)
s.t.       x[i, .] in X   for i in N                            (bigopt.membership writes the rows)
"""

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression

from bigopt.algebra.membership import add_membership, coordinate_bounds
from bigopt.games.influencers.game import Influencers


def build(game: Influencers) -> pyo.ConcreteModel:
    """State all players' problems as one."""
    bounds = coordinate_bounds(game.action_set)
    influence = (game.weights[:, None] * game.targets).tolist()

    m = pyo.ConcreteModel("wdse")
    m.action_set = game.action_set
    m.N = pyo.RangeSet(0, game.players - 1)
    m.K = pyo.RangeSet(0, game.dimension - 1)
    m.x = pyo.Var(m.N, m.K, bounds=lambda m, i, k: bounds[k])
    m.influence = pyo.Objective(
        sense=pyo.maximize,
        expr=LinearExpression(
            constant=0,
            linear_coefs=[influence[i][k] for i in m.N for k in m.K],
            linear_vars=[m.x[i, k] for i in m.N for k in m.K],
        ),
    )
    add_membership(m, m.x, range(game.players))
    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the actions, shape (n, d)."""
    values = [[pyo.value(m.x[i, k], exception=False) for k in m.K] for i in m.N]
    return {"actions": np.array(values, dtype=float)}
