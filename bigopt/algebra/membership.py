"""Action sets as Pyomo constraints: x_i in X for every player i, for the model files."""

from __future__ import annotations

from collections.abc import Sequence

import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression

from bigopt.action_sets import Ball, Box, Hull, Polytope, Simplex
from bigopt.action_sets.base import ActionSet
from bigopt.arithmetic.arrays import Floats


def coordinate_bounds(action_set: ActionSet) -> list[tuple[float, float]]:
    """Return the interval of each coordinate over X: bounds for the variables (on a box and a simplex nearly all)."""
    if isinstance(action_set, Box):
        return list(zip(action_set.lower.tolist(), action_set.upper.tolist(), strict=True))
    if isinstance(action_set, Simplex):
        return [(0.0, action_set.scale)] * action_set.dimension
    lower, upper = action_set.bounds
    return list(zip(lower.tolist(), upper.tolist(), strict=True))


def add_membership(model: pyo.ConcreteModel, actions: pyo.Var, players: Sequence[int]) -> None:
    """Add the constraints that x_i = (actions[i, 0], ..., actions[i, d-1]) is in ``model.action_set``, i in `players`.

    box        nothing: the variables' bounds, `coordinate_bounds`
    simplex    scale[i]:      sum_k x[i,k] == s
    polytope   row[i,p]:      sum_k A[p,k] x[i,k] <= b[p];   equation[i,q]: sum_k A_eq[q,k] x[i,k] == b_eq[q]
    hull       share[i,j] >= 0;  shares[i]: sum_j share[i,j] == 1;  mixture[i,k]: x[i,k] == sum_j share[i,j] p[j,k]
    ball       ball[i]:       sum_k x[i,k]^2 - 2 c[k] x[i,k] <= r^2 - sum_k c[k]^2
    """
    X: ActionSet = model.action_set
    coordinates = range(X.dimension)
    if isinstance(X, Simplex):
        _rows(model, "scale", actions, players, [[1.0] * X.dimension], [X.scale], equal=True)
    if isinstance(X, Polytope):
        _rows(model, "row", actions, players, X.A.tolist(), X.b.tolist(), equal=False)
        if X.A_eq is not None and X.b_eq is not None:
            _rows(model, "equation", actions, players, X.A_eq.tolist(), X.b_eq.tolist(), equal=True)
    if isinstance(X, Hull):
        _mixtures(model, actions, players, X.points)
    if isinstance(X, Ball):
        center = X.center.tolist()
        side = X.radius**2 - float(X.center @ X.center)  # constants stand on the right: not every solver moves them

        def inside(m: pyo.ConcreteModel, i: int) -> object:
            terms = (actions[i, k] * actions[i, k] - 2.0 * center[k] * actions[i, k] for k in coordinates)
            return (None, pyo.quicksum(terms), side)

        model.ball = pyo.Constraint(players, rule=inside)


def _rows(
    model: pyo.ConcreteModel,
    name: str,
    actions: pyo.Var,
    players: Sequence[int],
    rows: list[list[float]],
    sides: list[float],
    equal: bool,
) -> None:
    """Add one linear row for each player and each of `rows`."""

    def rule(m: pyo.ConcreteModel, i: int, p: int) -> object:
        body = LinearExpression(
            constant=0, linear_coefs=rows[p], linear_vars=[actions[i, k] for k in range(len(rows[p]))]
        )
        return (body, sides[p]) if equal else (None, body, sides[p])

    model.add_component(name, pyo.Constraint(players, range(len(rows)), rule=rule))


def _mixtures(model: pyo.ConcreteModel, actions: pyo.Var, players: Sequence[int], points: Floats) -> None:
    """Write every player's action as a mixture of the points."""
    corners, columns = range(len(points)), points.T.tolist()
    model.share = pyo.Var(players, corners, bounds=(0, 1))

    def shares(m: pyo.ConcreteModel, i: int) -> object:
        one = [1.0] * len(points)
        return LinearExpression(constant=0, linear_coefs=one, linear_vars=[m.share[i, j] for j in corners]), 1.0

    def mixture(m: pyo.ConcreteModel, i: int, k: int) -> object:
        variables = [m.share[i, j] for j in corners] + [actions[i, k]]
        return LinearExpression(constant=0, linear_coefs=[*columns[k], -1.0], linear_vars=variables), 0.0

    model.shares = pyo.Constraint(players, rule=shares)
    model.mixture = pyo.Constraint(players, range(points.shape[1]), rule=mixture)
