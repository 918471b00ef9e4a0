"""Find one influencer's best response to the others' actions.

Source     Wu et al., Definition 2 and eq. (13)
Sets       K coordinates
Data       w           player i's weight
           t[k]        its target
           z[k]        the receiver without it:  w0 x0[k] + sum_{j != i} w_j x_j[k]
           X           the action set
Variables  x[0, k]     its action (row 0: the only player here)
           receiver[k]
min        loss:        sum_k (receiver[k] - t[k])^2            squared loss, eq. (2)
           or           - sum_k t[k] receiver[k]                inner-product loss, eq. (14)
s.t.       pull[k]:     receiver[k] - w x[0, k] == z[k]         for k in K, eq. (1)
           x[0, .] in X                                         (bigopt.membership writes the rows)
"""

from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.membership import add_membership, coordinate_bounds
from bigopt.games.influencers.game import Influencers


def build(game: Influencers, player: int = 0, actions: Any = None) -> pyo.ConcreteModel:
    """State the problem of `player`; `actions` [n][d] are the others' (default: everybody's truthful projection)."""
    profile = np.asarray(game.action_set.project(game.targets) if actions is None else actions, dtype=float)
    w = float(game.weights[player])
    t = game.targets[player].tolist()
    z = (game.receiver(profile) - w * profile[player]).tolist()
    bounds = coordinate_bounds(game.action_set)

    m = pyo.ConcreteModel("big_best_response")
    m.action_set = game.action_set
    m.K = pyo.RangeSet(0, game.dimension - 1)
    m.x = pyo.Var([0], m.K, bounds=lambda m, i, k: bounds[k])
    m.receiver = pyo.Var(m.K)
    if game.loss == "squared":
        m.loss = pyo.Objective(expr=sum((m.receiver[k] - t[k]) ** 2 for k in m.K))
    else:
        m.loss = pyo.Objective(expr=-sum(t[k] * m.receiver[k] for k in m.K))
    m.pull = pyo.Constraint(m.K, rule=lambda m, k: (m.receiver[k] - w * m.x[0, k], z[k]))
    add_membership(m, m.x, [0])
    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the action, shape (d,)."""
    return {"action": np.array([pyo.value(m.x[0, k]) for k in m.K])}
