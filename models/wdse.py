"""Find a weakly dominant strategy equilibrium under inner-product loss.             [Wu et al., Theorem 5, eq. (17)].

Sets       N players, K coordinates
Data       w[i], t[i, k]    weights and targets, shapes (n,) and (n, d)
           o[k], u[k]       the place and the width of X, shape (d,) (`bigopt.games.influencers.units`)
           h[i, k]          what a width is worth to player i, the same for all k but on a box: the largest
                            |w[i] t[i, k] u[k]|, or 1 where X is of ordinary size and near 0 (then o = 0, u = 1)
           Y = (X - o) / u  the action set in those units
Variables  actions[i, k]    y_i, where player i's action is o + u y_i
max        influence:  sum_{i,k} w[i] t[i, k] u[k] / h[i, k] actions[i, k]
                                                          every term is one player's own problem, eq. (17)
s.t.       actions[i, .] in Y        (rows: bigopt.algebra.membership)              for i in N
"""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from bigopt.action_sets import Box
from bigopt.algebra.expressions import dot
from bigopt.algebra.membership import add_membership, coordinate_bounds
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.units import Units


def build(game: Influencers) -> pyo.ConcreteModel:
    """State all players' problems as one."""
    units, w, t = Units(game), game.weights, game.targets
    o, u = units.origin, units.lengths
    Y, bounds = units.action_set, coordinate_bounds(units.action_set)
    gain = w[:, None] * t * u
    h = np.ones_like(gain)
    if not units.ordinary:  # no player's row, nor a box's coordinate, is measured by another's
        h = np.abs(gain) if isinstance(Y, Box) else np.abs(gain).max(axis=1, keepdims=True)
    gain = gain / np.where(h > 0, h, 1.0)

    m = pyo.ConcreteModel("wdse")
    m.N = pyo.RangeSet(0, game.players - 1)
    m.K = pyo.RangeSet(0, game.dimension - 1)

    m.o = pyo.Param(m.K, initialize=dict(enumerate(o.tolist())))
    m.u = pyo.Param(m.K, initialize=dict(enumerate(u.tolist())))

    m.actions = pyo.Var(m.N, m.K, bounds=lambda m, i, k: bounds[k])

    m.influence = pyo.Objective(sense=pyo.maximize, expr=dot(gain.ravel().tolist(), m.actions.values()))

    add_membership(m.actions, Y)
    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the actions o + u y, shape (n, d)."""
    values = [pyo.value(x, exception=False) for x in m.actions.values()]
    place, width = (np.array(list(data.values()), dtype=float) for data in (m.o, m.u))
    return {"actions": place + width * np.array(values, dtype=float).reshape(len(m.N), len(m.K))}
