"""Find a weakly dominant strategy equilibrium under inner-product loss.             [Wu et al., Theorem 5, eq. (17)].

Sets       N players, K coordinates
Data       w[i], t[i, k]    weights and targets, shapes (n,) and (n, d)
           X                the action set
Variables  actions[i, k]
max        influence:  sum_{i,k} w[i] t[i, k] actions[i, k]           every term is one player's own problem, eq. (17)
s.t.       actions[i, .] in X        (rows: bigopt.algebra.membership)              for i in N
"""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.algebra.membership import add_membership, coordinate_bounds
from bigopt.games.influencers.game import Influencers


def build(game: Influencers) -> pyo.ConcreteModel:
    """State all players' problems as one."""
    w, t, X = game.weights, game.targets, game.action_set
    bounds = coordinate_bounds(X)

    m = pyo.ConcreteModel("wdse")
    m.N = pyo.RangeSet(0, game.players - 1)
    m.K = pyo.RangeSet(0, game.dimension - 1)

    m.actions = pyo.Var(m.N, m.K, bounds=lambda m, i, k: bounds[k])

    m.influence = pyo.Objective(sense=pyo.maximize, expr=dot((w[:, None] * t).ravel().tolist(), m.actions.values()))

    add_membership(m.actions, X)
    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the actions, shape (n, d)."""
    values = [pyo.value(x, exception=False) for x in m.actions.values()]
    return {"actions": np.array(values, dtype=float).reshape(len(m.N), len(m.K))}
