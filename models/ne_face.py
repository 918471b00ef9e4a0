r"""Find an extreme member of the equilibrium set of the Battling Influencers Game.

By Proposition 2 of Wu et al. the equilibria minimize the potential of eq. (5), and all of them have the same receiver
v. So player i plays in the face of X that its pull p_i = w_i (t_i - v) exposes (the first-order condition of eq. (9)),
and the actions add up to the receiver, eq. (1).

Sets       I players who may move (the others' actions are data), K coordinates
           F players of I whose pull is not zero
Data       w[i], v[k]             weights, shape (|I|,), and the receiver, shape (d,)
           p[i, k]                pulls, as unit vectors; zero where the player's target is the receiver; shape (|I|, d)
           top[i]                 max {p[i] . x : x in X}, less what rounding forgives, shape (|I|,)
           low[k], high[k]        v[k] - w_0 x_0[k] - sum of w_j x_j[k] over the others, less and more the same
           direction[i, k]        which member is looked for: 0 until `aim` sets it
           X                      the action set, a polyhedron
Variables  actions[i, k]
min        extreme:     sum_{i,k} direction[i,k] actions[i,k]
s.t.       exposed[i]:  sum_k p[i,k] actions[i,k] >= top[i]                         for i in F
           link[k]:     low[k] <= sum_i w[i] actions[i,k] <= high[k]                for k in K
           actions[i, .] in X        (rows: bigopt.algebra.membership)              for i in I
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.algebra.membership import add_membership, coordinate_bounds
from bigopt.errors import UsageError
from bigopt.games.influencers.game import Influencers

ROOM = 1e-12  # of the largest numbers that a row adds up: their rounding errors, which the rows forgive
AT_TARGET = 1e-9  # of the longest way to a target or across all receivers: a shorter pull is none


def build(
    game: Influencers,
    receiver: npt.ArrayLike | None = None,
    players: Sequence[int] | None = None,
    supply: npt.ArrayLike | None = None,
) -> pyo.ConcreteModel:
    """State the program for the equilibria's `receiver` v, shape (d,); by default all `players` may move.

    `supply`, shape (d,), is what the movers' weighted actions add up to (default: v less the background).

    Raises
    ------
    UsageError
        No receiver: a model file does not solve for it.
    """
    if receiver is None:
        raise UsageError("ne_face: no receiver: give the equilibria's, receiver=bigopt.solve(game).receiver")
    X, v = game.action_set, np.asarray(receiver, dtype=float)
    movers = list(range(game.players)) if players is None else [int(i) for i in players]
    w, p = game.weights[movers], _pulls(game, v)[movers]
    size = float(np.abs(X.bounds).max())
    room = ROOM * (size * float(np.abs(game.weights).sum()) + float(np.abs(game.background).max()))
    total = v - game.background if supply is None else np.asarray(supply, dtype=float)
    low, high = (total - room).tolist(), (total + room).tolist()
    top = dict(zip(movers, (X.support(p) - ROOM * size).tolist(), strict=True))
    normal = dict(zip(movers, p.tolist(), strict=True))
    bounds = coordinate_bounds(X)

    m = pyo.ConcreteModel("ne_face")
    m.I = pyo.Set(initialize=movers)
    m.K = pyo.RangeSet(0, game.dimension - 1)
    m.F = pyo.Set(initialize=[i for i in movers if any(normal[i])])

    m.actions = pyo.Var(m.I, m.K, bounds=lambda m, i, k: bounds[k])

    m.extreme = pyo.Objective(expr=0.0)
    aim(m, np.zeros(p.shape))

    @m.Constraint(m.F)
    def exposed(m: Any, i: int) -> Any:
        return dot(normal[i], [m.actions[i, k] for k in m.K]) >= top[i]

    @m.Constraint(m.K)
    def link(m: Any, k: int) -> Any:
        return pyo.inequality(low[k], dot(w, [m.actions[i, k] for i in m.I]), high[k])

    add_membership(m.actions, X)
    return m


def _pulls(game: Influencers, v: np.ndarray) -> np.ndarray:
    """Return the directions of all pulls, shape (n, d), zero where there is none."""
    away = np.sign(game.weights)[:, None] * (game.targets - v)
    lengths = np.linalg.norm(game.targets - v, axis=1)
    reach = float(np.ptp(game.receiver_range, axis=0).max())
    pulled = lengths > AT_TARGET * max(float(lengths.max()), reach)
    return np.asarray(np.where(pulled[:, None], away, 0.0) / np.where(pulled, lengths, 1.0)[:, None])


def aim(m: pyo.ConcreteModel, direction: np.ndarray) -> None:
    """Set the direction, shape (|I|, d)."""
    m.extreme.expr = dot(direction.ravel().tolist(), m.actions.values())


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the movers' actions, shape (|I|, d)."""
    values = [x.value for x in m.actions.values()]
    return {"actions": np.array(values, dtype=float).reshape(len(m.I), len(m.K))}
