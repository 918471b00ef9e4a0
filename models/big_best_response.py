"""Find one influencer's best response to the others' actions.                    [Wu et al., Definition 2, eq. (13)].

Sets       I the player, K coordinates
Data       w                weight of the player
           t[k]             its target, shape (d,)
           z[k]             the receiver without it:  w_0 x_0[k] + sum of w_j x_j[k] over the others, shape (d,)
           X                the action set
Variables  actions[i, k]    its action
           receiver[k]
min        loss:     sum_k (receiver[k] - t[k])^2                                   squared loss, eq. (2)
           loss:     - sum_k t[k] receiver[k]                                       inner-product loss, eq. (14)
s.t.       pull[k]:  receiver[k] - sum_i w actions[i, k] == z[k]                    for k in K, eq. (1)
           actions[i, .] in X        (rows: bigopt.algebra.membership)              for i in I
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.algebra.membership import add_membership, coordinate_bounds
from bigopt.games.influencers.game import Influencers


def build(game: Influencers, player: int = 0, actions: npt.ArrayLike | None = None) -> pyo.ConcreteModel:
    """State the problem of `player`; `actions` [n][d] are the others' (default: everybody's truthful projection)."""
    X = game.action_set
    profile = np.asarray(X.project(game.targets) if actions is None else actions, dtype=float)
    w = float(game.weights[player])
    t = game.targets[player].tolist()
    z = (game.receiver(profile) - w * profile[player]).tolist()
    bounds = coordinate_bounds(X)

    m = pyo.ConcreteModel("big_best_response")
    m.I = pyo.Set(initialize=[player])
    m.K = pyo.RangeSet(0, game.dimension - 1)

    m.actions = pyo.Var(m.I, m.K, bounds=lambda m, i, k: bounds[k])
    m.receiver = pyo.Var(m.K)

    @m.Objective()
    def loss(m: Any) -> Any:
        if game.loss == "squared":
            return pyo.quicksum((m.receiver[k] - t[k]) ** 2 for k in m.K)
        return dot((-v for v in t), m.receiver.values())

    @m.Constraint(m.K)
    def pull(m: Any, k: int) -> Any:
        return dot([1.0, -w], [m.receiver[k], m.actions[player, k]]) == z[k]

    add_membership(m.actions, X)
    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the action, shape (d,)."""
    return {"action": np.array([pyo.value(x) for x in m.actions.values()])}
