r"""Minimize the potential of the Battling Influencers Game; its minima are the pure Nash equilibria.

Wu et al., *The Battling Influencers Game*, eq. (5) and Proposition 2, in the aggregate (lifted) form.

Eq. (5) is phi(x) = |sum_{i=0}^n w_i x_i|^2 - 2 sum_{i=1}^n w_i t_i . x_i: written out in x, its Hessian
2 w_i w_j I has (n d)^2 entries but only rank d. The norm's argument is the receiver of eq. (1), so with the receiver
as d variables, tied to the actions by d equations, the Hessian is 2 I with d entries, and the program stays sparse.

Solvers' tolerances are absolute, so that lengths are measured in units of the action set, about its middle
(`bigopt.games.influencers.units`): x = o + u y, and the receiver is c0 + o sum_i w_i + u z. The potential changes by
a constant and the factor u^2; on a box, whose coordinates are independent, each has its own unit and no factor.
Where X is of ordinary size and near 0, o = 0, u = 1 and the background stays: the program is eq. (5) itself.

Sets       N players, K coordinates
Data       w[i]                weights, shape (n,)
           o[k], u[k]          the place and the width of X, shape (d,)
           s[i, k]             targets in them, shape (n, d): (t[i,k] - c0[k] - o[k] sum_i w[i]) / u[k], or t[i,k]
           c[k]                what the background adds to the receiver, shape (d,): 0 in those units, or c0[k]
           Y = (X - o) / u     the action set in those units
Variables  actions[i, k]       player i's action y_i
           receiver[k]         where the receiver ends up, z
min        potential:  sum_k receiver[k]^2 - 2 sum_{i,k} w[i] s[i,k] actions[i,k]                               (5)
s.t.       pull[k]:    receiver[k] - sum_i w[i] actions[i,k] == c[k]                                for k in K  (1)
           actions[i, .] in Y          (rows: bigopt.algebra.membership)                            for i in N
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.algebra.membership import add_membership, coordinate_bounds
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.units import Units


def build(game: Influencers) -> pyo.ConcreteModel:
    """Return the program above: a QP, or a QCP where the action set is a ball."""
    units = Units(game)
    own = units.game
    o, u = units.origin.tolist(), units.lengths.tolist()
    w, s, c, Y = own.weights, own.targets, own.background.tolist(), own.action_set
    gain, pulls = (-2.0 * w[:, None] * s).tolist(), (-w).tolist()
    bounds = coordinate_bounds(Y)

    m = pyo.ConcreteModel("big_potential")
    m.N = pyo.RangeSet(0, own.players - 1)
    m.K = pyo.RangeSet(0, own.dimension - 1)
    m.o = pyo.Param(m.K, initialize=dict(enumerate(o)))
    m.u = pyo.Param(m.K, initialize=dict(enumerate(u)))

    m.actions = pyo.Var(m.N, m.K, bounds=lambda m, i, k: bounds[k])
    m.receiver = pyo.Var(m.K)

    @m.Objective()
    def potential(m: Any) -> Any:
        linear = dot((g for row in gain for g in row), m.actions.values())
        return pyo.quicksum(m.receiver[k] * m.receiver[k] for k in m.K) + linear

    @m.Constraint(m.K)
    def pull(m: Any, k: int) -> Any:
        return dot([1.0, *pulls], [m.receiver[k], *(m.actions[i, k] for i in m.N)]) == c[k]

    add_membership(m.actions, Y)
    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the actions x = o + u y, shape (n, d)."""
    values = np.array([x.value for x in m.actions.values()], dtype=float)
    place, width = (np.array(list(data.values()), dtype=float) for data in (m.o, m.u))
    return {"actions": place + width * values.reshape(len(m.N), len(m.K))}
