"""Find one influencer's best response to the others' actions.                    [Wu et al., Definition 2, eq. (13)].

Sets       I the player, K coordinates
Data       w                weight of the player
           t[k]             its target, shape (d,)
           o[k], u[k]       the place and the width of X, shape (d,) (`bigopt.games.influencers.units`)
           s[k]             how far its target is from where the action o leaves the receiver, in u, shape (d,):
                            (t - z - w o) / u with z the receiver without it, w_0 x_0 + sum of w_j x_j over the others
           h                the largest |t[k] u[k]|, or 1 where X is of ordinary size and near 0 (then o = 0, u = 1)
           Y = (X - o) / u  the action set in those units
Variables  actions[i, k]    y, where its action is o + u y
           receiver[k]      how far it moves the receiver
min        loss:     sum_k (receiver[k] - s[k])^2                                   squared loss, eq. (2)
           loss:     - sum_k t[k] u[k] / h receiver[k]                              inner-product loss, eq. (14)
s.t.       pull[k]:  receiver[k] - sum_i w actions[i, k] == 0                       for k in K, eq. (1)
           actions[i, .] in Y        (rows: bigopt.algebra.membership)              for i in I

On a box, whose coordinates are independent, each has its own unit; elsewhere there is one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.algebra.membership import add_membership, coordinate_bounds
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.units import ReplyUnits


def build(game: Influencers, player: int = 0, actions: npt.ArrayLike | None = None) -> pyo.ConcreteModel:
    """State the problem of `player`; `actions` [n][d] are the others' (default: everybody's truthful projection)."""
    X = game.action_set
    profile = np.asarray(X.project(game.targets) if actions is None else actions, dtype=float)
    own = ReplyUnits(game, player, profile)
    o, u, Y = own.units.origin, own.units.lengths, own.units.action_set
    w, t, s, h = float(game.weights[player]), game.targets[player], own.aims.tolist(), own.worth
    gain = (-t * u / h).tolist()
    bounds = coordinate_bounds(Y)

    m = pyo.ConcreteModel("big_best_response")
    m.I = pyo.Set(initialize=[player])
    m.K = pyo.RangeSet(0, game.dimension - 1)

    m.o = pyo.Param(m.K, initialize=dict(enumerate(o.tolist())))
    m.u = pyo.Param(m.K, initialize=dict(enumerate(u.tolist())))

    m.actions = pyo.Var(m.I, m.K, bounds=lambda m, i, k: bounds[k])
    m.receiver = pyo.Var(m.K)

    @m.Objective()
    def loss(m: Any) -> Any:
        if game.loss == "squared":
            return pyo.quicksum((m.receiver[k] - s[k]) ** 2 for k in m.K)
        return dot(gain, m.receiver.values())

    @m.Constraint(m.K)
    def pull(m: Any, k: int) -> Any:
        return dot([1.0, -w], [m.receiver[k], m.actions[player, k]]) == 0

    add_membership(m.actions, Y)
    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the action o + u y, shape (d,)."""
    place, width = (np.array(list(data.values()), dtype=float) for data in (m.o, m.u))
    return {"action": place + width * np.array([pyo.value(x) for x in m.actions.values()])}
