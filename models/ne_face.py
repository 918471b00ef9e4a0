r"""Find an extreme member of the equilibrium set of the Battling Influencers Game.

By Proposition 2 of Wu et al. the equilibria minimize the potential of eq. (5), and all of them have the same receiver
v. So player i plays in the face of X that its pull p_i = w_i (t_i - v) exposes (the first-order condition of eq. (9)),
and the actions add up to the receiver, eq. (1).

Sets       I the players who may move (the others' actions are data), K coordinates
Data       w[i], v[k]         weights, the receiver
           p[i, k]            pulls, as unit vectors; zero where the player's target is the receiver
           top[i]             max {p[i] . x : x in X}
           supply[k]          v[k] - w0 x0[k] - sum of w_j x_j[k] over the others
           direction[i, k]    which member is looked for (set anew for every range)
           X                  the action set, a polyhedron
Variables  x[i, k]            the actions
min        extreme:      sum_{i,k} direction[i,k] x[i,k]
s.t.       exposed[i]:   sum_k p[i,k] x[i,k] >= top[i] - room         for i in I with p[i] != 0; room is rounding,
           link[k]:      |sum_i w[i] x[i,k] - supply[k]| <= room      for k in K; relative to the actions and weights
           x[i, .] in X                                               for i in I (bigopt.membership writes the rows)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from bigopt.algebra.membership import add_membership, coordinate_bounds
from bigopt.concepts.deadline import Deadline
from bigopt.games.influencers.exact import equilibria
from bigopt.games.influencers.game import Influencers

ROOM = 1e-12  # of the largest numbers that a row adds up: their rounding errors, which the rows forgive
AT_TARGET = 1e-9  # of the longest way to a target or across all receivers: a shorter pull is none


def build(
    game: Influencers,
    receiver: Sequence[float] | None = None,
    players: Sequence[int] | None = None,
    supply: Sequence[float] | None = None,
) -> pyo.ConcreteModel:
    """State the program; by default everybody may move, v is the exact one and the direction is zero (see `aim`)."""
    movers = list(range(game.players)) if players is None else [int(i) for i in players]
    known = equilibria.of(game, Deadline()).receiver if receiver is None else receiver
    v = np.asarray(known, dtype=float)
    away = np.sign(game.weights[movers])[:, None] * (game.targets[movers] - v)
    lengths = np.linalg.norm(away, axis=1)
    longest = float(np.linalg.norm(game.targets - v, axis=1).max())
    reach = float(np.ptp(game.receiver_range, axis=0).max())
    pulled = lengths > AT_TARGET * max(longest, reach)
    pulls = away / np.where(pulled, lengths, 1.0)[:, None]
    top = game.action_set.support(pulls)
    size = float(np.abs(game.action_set.bounds).max())
    top = (top - ROOM * size).tolist()
    total = v - game.background if supply is None else np.asarray(supply, dtype=float)
    room = ROOM * (size * float(np.abs(game.weights).sum()) + float(np.abs(game.background).max()))
    low, high = (total - room).tolist(), (total + room).tolist()
    bounds = coordinate_bounds(game.action_set)
    weights = game.weights[movers].tolist()

    m = pyo.ConcreteModel("ne_face")
    m.action_set = game.action_set
    m.I = pyo.Set(initialize=movers)
    m.K = pyo.RangeSet(0, game.dimension - 1)
    m.x = pyo.Var(m.I, m.K, bounds=lambda m, i, k: bounds[k])
    m.extreme = pyo.Objective(expr=0.0)
    aim(m, np.zeros((len(movers), game.dimension)))
    m.exposed = pyo.ConstraintList()
    for at, i in enumerate(movers):
        if pulled[at] and weights[at] != 0:
            m.exposed.add((top[at], _linear(pulls[at].tolist(), [m.x[i, k] for k in m.K]), None))
    m.link = pyo.Constraint(m.K, rule=lambda m, k: (low[k], _linear(weights, [m.x[i, k] for i in movers]), high[k]))
    add_membership(m, m.x, movers)
    return m


def aim(m: pyo.ConcreteModel, direction: np.ndarray) -> None:
    """Set the direction, shape (|I|, d)."""
    m.extreme.expr = _linear(direction.ravel().tolist(), list(m.x.values()))


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the movers' actions, shape (|I|, d)."""
    values = [x.value for x in m.x.values()]
    return {"actions": np.array(values, dtype=float).reshape(len(m.I), len(m.K))}


def _linear(coefficients: list[float], variables: list[pyo.Var]) -> LinearExpression:
    return LinearExpression(constant=0.0, linear_coefs=coefficients, linear_vars=variables)
