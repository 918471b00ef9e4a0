r"""Minimize the potential of the Battling Influencers Game; its minima are the pure Nash equilibria.

Wu et al., *The Battling Influencers Game*, eq. (5) and Proposition 2, in the aggregate (lifted) form.

Eq. (5) is phi(x) = |sum_{i=0}^n w_i x_i|^2 - 2 sum_{i=1}^n w_i t_i . x_i: written out in x, its Hessian
2 w_i w_j I has (n d)^2 entries but only rank d. The norm's argument is the receiver of eq. (1), so with the receiver
as d variables, tied to the actions by d equations, the Hessian is 2 I with d entries, and the program stays sparse.

Sets       N players, D coordinates; for a polytope rows P and Q, for a hull points H
Data       w[i], t[i, k]               weights and targets, shapes (n,) and (n, d)
           c0[k] = w_0 x_0[k]          the background
           the action set X: lower, upper | center, radius | scale | A, b, A_eq, b_eq | points
Variables  actions[i, k]               player i's action
           receiver[k]                 where the receiver ends up
           share[i, h] >= 0            (hull) the weight of point h in player i's action
min        potential:    sum_k receiver[k]^2 - 2 sum_{i,k} w[i] t[i,k] actions[i,k]                             (5)
s.t.       pull[k]:      receiver[k] - sum_i w[i] actions[i,k] == c0[k]                      for k in D        (1)
           bounds        lower[k] <= actions[i,k] <= upper[k]                                box
           inside[i]:    sum_k actions[i,k]^2 - 2 center[k] actions[i,k]
                           <= radius^2 - sum_k center[k]^2                                   ball,     for i in N
           total[i]:     sum_k actions[i,k] == scale,  actions >= 0                          simplex,  for i in N
           face[i, p]:   sum_k A[p,k] actions[i,k] <= b[p]                                   polytope, for i in N
           flat[i, q]:   sum_k A_eq[q,k] actions[i,k] == b_eq[q]                             polytope, for i in N
           mix[i, k]:    actions[i,k] - sum_h points[h,k] share[i,h] == 0                    hull
           whole[i]:     sum_h share[i,h] == 1                                               hull,     for i in N
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from bigopt.action_sets import ActionSet, Ball, Box, Hull, Polytope, Simplex
from bigopt.influencers.game import Influencers

Rule = Callable[[pyo.ConcreteModel, int, int], object]


def build(game: Influencers) -> pyo.ConcreteModel:
    """Return the program above: a QP, or a QCP where the action set is a ball."""
    n, d = game.players, game.dimension
    m = pyo.ConcreteModel("big_potential")
    m.N = pyo.RangeSet(0, n - 1)
    m.D = pyo.RangeSet(0, d - 1)

    m.actions = pyo.Var(m.N, m.D, bounds=_bounds(game.action_set))
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
    _constrain(m, game.action_set)
    return m


def read(model: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the actions, shape (n, d)."""
    values = [x.value for x in model.actions.values()]
    return {"actions": np.array(values, dtype=float).reshape(len(model.N), len(model.D))}


def _linear(coefficients: list[float], variables: list[pyo.Var]) -> LinearExpression:
    """Return a linear expression from plain floats, several times faster than a sum of products."""
    return LinearExpression(constant=0.0, linear_coefs=coefficients, linear_vars=variables)


def _bounds(actions: ActionSet) -> object:
    """Return what `pyo.Var` takes as bounds: none, one pair, or a rule by coordinate."""
    if isinstance(actions, Simplex):
        return (0.0, None)
    if not isinstance(actions, Box):
        return None
    pairs = list(zip(actions.lower.tolist(), actions.upper.tolist(), strict=True))
    return pairs[0] if len(set(pairs)) == 1 else lambda m, i, k: pairs[k]


def _constrain(m: pyo.ConcreteModel, actions: ActionSet) -> None:
    """Add the constraints of the action set, in the docstring's order."""
    if isinstance(actions, Ball):
        _ball(m, actions)
    elif isinstance(actions, Simplex):
        rule = _rows(m, np.ones((1, len(m.D))), np.array([actions.scale]), equal=True)
        m.total = pyo.Constraint(m.N, rule=lambda m, i: rule(m, i, 0))
    elif isinstance(actions, Polytope):
        m.face = pyo.Constraint(m.N, range(len(actions.b)), rule=_rows(m, actions.A, actions.b))
        if actions.A_eq is not None and actions.b_eq is not None:
            rule = _rows(m, actions.A_eq, actions.b_eq, equal=True)
            m.flat = pyo.Constraint(m.N, range(len(actions.b_eq)), rule=rule)
    elif isinstance(actions, Hull):
        _hull(m, actions)


def _rows(m: pyo.ConcreteModel, left: np.ndarray, right: np.ndarray, equal: bool = False) -> Rule:
    """Return the rule of ``left[p] . actions[i] <= right[p]`` (or ==), without the zeros of `left`."""
    used = [np.flatnonzero(row).tolist() for row in left]
    coefficients = [row[keep].tolist() for row, keep in zip(left, used, strict=True)]
    sides = right.tolist()

    def rule(m: pyo.ConcreteModel, i: int, p: int) -> object:
        if not used[p]:
            return pyo.Constraint.Feasible  # 0 <= b: the action set has been checked to be non-empty
        body = _linear(coefficients[p], [m.actions[i, k] for k in used[p]])
        return (body, sides[p]) if equal else (None, body, sides[p])

    return rule


def _ball(m: pyo.ConcreteModel, ball: Ball) -> None:
    center = ball.center.tolist()
    side = ball.radius**2 - float(ball.center @ ball.center)

    def inside(m: pyo.ConcreteModel, i: int) -> object:
        terms = (m.actions[i, k] * m.actions[i, k] - 2.0 * center[k] * m.actions[i, k] for k in m.D)
        return (None, pyo.quicksum(terms), side)

    m.inside = pyo.Constraint(m.N, rule=inside)


def _hull(m: pyo.ConcreteModel, hull: Hull) -> None:
    points = (-hull.points.T).tolist()
    m.H = pyo.RangeSet(0, len(hull.points) - 1)
    m.share = pyo.Var(m.N, m.H, bounds=(0.0, None))

    def mix(m: pyo.ConcreteModel, i: int, k: int) -> object:
        shares = [m.share[i, h] for h in m.H]
        return _linear([1.0, *points[k]], [m.actions[i, k], *shares]), 0.0

    m.mix = pyo.Constraint(m.N, m.D, rule=mix)
    ones = [1.0] * len(hull.points)
    rule = lambda m, i: (_linear(ones, [m.share[i, h] for h in m.H]), 1.0)  # noqa: E731
    m.whole = pyo.Constraint(m.N, rule=rule)
