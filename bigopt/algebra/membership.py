"""Action sets as Pyomo constraints: x_i in X for every player i, for the model files."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from bigopt.action_sets import Ball, Box, Hull, Polytope, Simplex
from bigopt.action_sets.base import ActionSet
from bigopt.algebra.expressions import dot


def coordinate_bounds(action_set: ActionSet) -> list[tuple[float, float]]:
    """Return the interval of each coordinate over X: bounds for the variables (on a box and a simplex nearly all)."""
    if isinstance(action_set, Box):
        return list(zip(action_set.lower.tolist(), action_set.upper.tolist(), strict=True))
    if isinstance(action_set, Simplex):
        return [(0.0, action_set.scale)] * action_set.dimension
    lower, upper = action_set.bounds
    return list(zip(lower.tolist(), upper.tolist(), strict=True))


def add_membership(actions: pyo.Var, X: ActionSet) -> None:
    """Add to the variables' model that x_i = (actions[i, k])_k is in X, for every player i of their index set.

    box        nothing: the variables' bounds, `coordinate_bounds`
    simplex    scale[i]:        sum_k x[i,k] == s
    polytope   row[i, p]:       sum_k A[p,k] x[i,k] <= b[p]              P the rows
               equation[i, q]:  sum_k A_eq[q,k] x[i,k] == b_eq[q]        Q the equations
    hull       share[i, v]      in [0, 1], of point v                    V the points
               shares[i]:       sum_v share[i,v] == 1
               mixture[i, k]:   sum_v point[v,k] share[i,v] - x[i,k] == 0
    ball       ball[i]:         sum_k x[i,k]^2 - 2 c[k] x[i,k] <= r^2 - sum_k c[k]^2
    """
    m = actions.parent_block()
    players, coordinates = actions.index_set().subsets()
    x = {i: [actions[i, k] for k in coordinates] for i in players}
    if isinstance(X, Simplex):
        ones = [1.0] * X.dimension

        @m.Constraint(players)
        def scale(m: Any, i: int) -> Any:
            return dot(ones, x[i]) == X.scale

    elif isinstance(X, Polytope):
        _add_polytope(m, x, X, players)
    elif isinstance(X, Hull):
        _add_hull(m, x, X, players, coordinates)
    elif isinstance(X, Ball):
        center = X.center.tolist()
        side = X.radius**2 - float(X.center @ X.center)  # constants stand on the right: not every solver moves them

        @m.Constraint(players)
        def ball(m: Any, i: int) -> Any:
            return pyo.quicksum(y * y - 2.0 * c * y for y, c in zip(x[i], center, strict=True)) <= side


def _add_polytope(m: pyo.ConcreteModel, x: dict[int, list[Any]], X: Polytope, players: pyo.Set) -> None:
    """Add the rows, and the equations where there are any."""
    A, b = X.A.tolist(), X.b.tolist()
    m.P = pyo.RangeSet(0, len(b) - 1)

    @m.Constraint(players, m.P)
    def row(m: Any, i: int, p: int) -> Any:
        return dot(A[p], x[i]) <= b[p]

    if X.A_eq is None or X.b_eq is None:
        return
    A_eq, b_eq = X.A_eq.tolist(), X.b_eq.tolist()
    m.Q = pyo.RangeSet(0, len(b_eq) - 1)

    @m.Constraint(players, m.Q)
    def equation(m: Any, i: int, q: int) -> Any:
        return dot(A_eq[q], x[i]) == b_eq[q]


def _add_hull(m: pyo.ConcreteModel, x: dict[int, list[Any]], X: Hull, players: pyo.Set, coordinates: pyo.Set) -> None:
    """Write every player's action as a mixture of the points."""
    points = X.points.T.tolist()
    m.V = pyo.RangeSet(0, len(X.points) - 1)
    m.share = pyo.Var(players, m.V, bounds=(0, 1))
    share = {i: [m.share[i, v] for v in m.V] for i in players}

    @m.Constraint(players)
    def shares(m: Any, i: int) -> Any:
        return dot([1.0] * len(m.V), share[i]) == 1

    @m.Constraint(players, coordinates)
    def mixture(m: Any, i: int, k: int) -> Any:
        return dot([*points[k], -1.0], [*share[i], x[i][k]]) == 0
