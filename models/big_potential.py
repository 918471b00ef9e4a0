r"""Minimize the potential of the Battling Influencers Game; its minima are the pure Nash equilibria.

Wu et al., *The Battling Influencers Game*, eq. (5) and Proposition 2, in the aggregate (lifted) form.

Eq. (5) is phi(x) = |sum_{i=0}^n w_i x_i|^2 - 2 sum_{i=1}^n w_i t_i . x_i: written out in x, its Hessian
2 w_i w_j I has (n d)^2 entries but only rank d. The norm's argument is the receiver of eq. (1), so with the receiver
as d variables, tied to the actions by d equations, the Hessian is 2 I with d entries, and the program stays sparse.

Sets       N players, D coordinates
Data       w[i], t[i, k]               weights and targets, shapes (n,) and (n, d)
           c0[k] = w_0 x_0[k]          the background
           X                           the action set
Variables  actions[i, k]               player i's action
           receiver[k]                 where the receiver ends up
min        potential:    sum_k receiver[k]^2 - 2 sum_{i,k} w[i] t[i,k] actions[i,k]                             (5)
s.t.       pull[k]:      receiver[k] - sum_i w[i] actions[i,k] == c0[k]                      for k in D        (1)
           actions[i, .] in X                                (rows: bigopt.membership)  for i in N
"""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from bigopt.algebra.membership import add_membership, coordinate_bounds
from bigopt.games.influencers.game import Influencers


def build(game: Influencers) -> pyo.ConcreteModel:
    """Return the program above: a QP, or a QCP where the action set is a ball."""
    n, d = game.players, game.dimension
    m = pyo.ConcreteModel("big_potential")
    m.N = pyo.RangeSet(0, n - 1)
    m.D = pyo.RangeSet(0, d - 1)
    m.action_set = game.action_set

    bounds = coordinate_bounds(game.action_set)
    m.actions = pyo.Var(m.N, m.D, bounds=lambda m, i, k: bounds[k])
    m.receiver = pyo.Var(m.D)
    column = [[m.actions[i, k] for i in range(n)] for k in range(d)]

    gain = (-2.0 * game.weights[:, None] * game.targets).T.tolist()
    linear = _linear([c for row in gain for c in row], [x for row in column for x in row])
    m.potential = pyo.Objective(expr=pyo.quicksum(m.receiver[k] * m.receiver[k] for k in m.D) + linear)

    weights = (-game.weights).tolist()
    background = game.background.tolist()

    def pull(m: pyo.ConcreteModel, k: int) -> tuple[LinearExpression, float]:
        return _linear([1.0, *weights], [m.receiver[k], *column[k]]), background[k]

    m.pull = pyo.Constraint(m.D, rule=pull)
    add_membership(m, m.actions, range(n))
    return m


def read(model: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the actions, shape (n, d)."""
    values = [x.value for x in model.actions.values()]
    return {"actions": np.array(values, dtype=float).reshape(len(model.N), len(model.D))}


def _linear(coefficients: list[float], variables: list[pyo.Var]) -> LinearExpression:
    """Return a linear expression from plain floats, several times faster than a sum of products."""
    return LinearExpression(constant=0.0, linear_coefs=coefficients, linear_vars=variables)
