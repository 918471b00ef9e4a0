r"""The equilibrium set of a game on a polyhedron: who may move, and how far.

Every equilibrium has the same receiver v, so player i plays in the face F_i of X that w_i (t_i - v) exposes, and the
set is

.. math:: \{x : x_i \in F_i,\ \sum_i w_i x_i = v - c_0\}.

Nearly all players have one best vertex at every point as near to a good guess as v must be. The others make a small
game, in which v, the faces, and what of them the supply needs are found in exact arithmetic (`sums`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bigopt.action_sets.exposed import face_dimensions
from bigopt.action_sets.faces import Face
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.flint_or_fractions import fmpq_mat
from bigopt.arithmetic.rationals import floats, matrix, rational, stacked, total
from bigopt.concepts.deadline import Deadline
from bigopt.games.influencers.dual import Found, potential_gap, radius
from bigopt.games.influencers.exact.doubts import Doubts, doubts
from bigopt.games.influencers.exact.equilibrium_set import EquilibriumSet
from bigopt.games.influencers.exact.face_sums import Part, equilibrium, needed
from bigopt.games.influencers.game import Influencers


@dataclass(frozen=True)
class OptimalFace(EquilibriumSet):
    """The equilibria of a game on a polyhedron.

    Attributes
    ----------
    weights : ndarray, shape (|tied|,)
        Theirs.
    faces : sequence of Face
        What each of them plays in, no larger than needed.
    supply : ndarray, shape (d,)
        What their w_i x_i sum to.
    exact_supply : fmpq_mat, shape (d, 1)
        The same as it is.
    """

    weights: Floats
    faces: tuple[Face, ...]
    supply: Floats
    exact_supply: fmpq_mat


def optimal_face(
    game: Influencers, actions: Floats, v: Floats, gap: float, deadline: Deadline, exactly: bool = False
) -> OptimalFace:
    """Return the equilibrium set around one equilibrium.

    Parameters
    ----------
    actions : ndarray, shape (n, d)
        An equilibrium up to rounding.
    v : ndarray, shape (d,)
        A point near the receiver of all equilibria: no farther than the root of `gap`, for D is strongly convex.
    gap : float
        The potential of `actions` plus 2 D(v).
    exactly : bool
        Whether everybody's action is to be exact but for its last rounding, also where there is one equilibrium.

    Raises
    ------
    LimitReached
        If the gap leaves too many players in doubt, or the deadline passes.
    """
    idle = int((game.weights == 0).sum())
    free = idle * int(face_dimensions(game.action_set, np.zeros((1, game.dimension)))[0]) if idle else 0
    movers = np.flatnonzero(game.weights != 0)
    nobody = OptimalFace(
        v, actions, free, movers[:0], np.zeros(0), (), np.zeros(game.dimension), fmpq_mat(game.dimension, 1)
    )
    if not len(movers):
        return nobody
    part = game.without_idle()
    found = doubts(part, v, radius(part, v, gap))
    return nobody if found.independent and not exactly else _exactly(part, movers, found, nobody, deadline)


@dataclass(frozen=True)
class Small:
    """The game of the players in doubt, solved exactly; those of one target, face and sign of weight are one.

    Attributes
    ----------
    groups : list of ndarray of int
        Who is one.
    parts : list of Part
    offset : fmpq_mat, shape (d, 1)
        The background and everybody else's supply.
    receiver : fmpq_mat, shape (d, 1)
    actions : list of fmpq_mat, shape (d, 1)
        One equilibrium: each group's action.
    """

    groups: list[Ints]
    parts: list[Part]
    offset: fmpq_mat
    receiver: fmpq_mat
    actions: list[fmpq_mat]

    @classmethod
    def of(cls, game: Influencers, found: Doubts, guess: Floats, deadline: Deadline) -> Small:
        """Solve it."""
        groups = _grouped(game, found)
        background = matrix(game.background_point) * rational(game.background_weight)
        offset = background + found.supply(game.weights, game.dimension)
        parts = [Part(total(game.weights[g]), matrix(game.targets[g[0]]), found.face(int(g[0]))) for g in groups]
        return cls(groups, parts, offset, *equilibrium(parts, offset, deadline, matrix(guess)))


def polished(game: Influencers, found: Found, deadline: Deadline) -> Found:
    """Return an equilibrium that is exact but for its rounding, from a good one on."""
    movers = np.flatnonzero(game.weights != 0)
    if not len(movers):
        return found
    part = game.without_idle()
    doubt = doubts(part, found.receiver, radius(part, found.receiver, found.gap))
    small = Small.of(part, doubt, found.receiver, deadline)
    actions = found.actions.copy()
    for players, vertex in doubt.settled():
        actions[movers[players]] = floats(vertex)[:, 0]
    for group, action in zip(small.groups, small.actions, strict=True):
        actions[movers[group]] = floats(action)[:, 0]
    v = floats(small.receiver)[:, 0]
    gap = potential_gap(game, actions, game.receiver(actions), v)
    return Found(v, actions, gap, f"{found.method}, exact to rounding")


def _exactly(game: Influencers, movers: Ints, found: Doubts, nobody: OptimalFace, deadline: Deadline) -> OptimalFace:
    """Find the faces of the players in doubt, and of them what the supply needs."""
    small = Small.of(game, found, nobody.receiver, deadline)
    v, supply = small.receiver, small.receiver - small.offset
    exposed = [replace(p, face=p.face.exposed((p.target - v) * p.weight)) for p in small.parts]
    faces = needed(exposed, supply, deadline)
    dimension = nobody.dimension
    arrows, actions, tied = [], nobody.actions.copy(), []
    for players, vertex in found.settled():
        actions[movers[players]] = floats(vertex)[:, 0]
    for group, part, face in zip(small.groups, small.parts, faces, strict=True):
        if face.dimension:
            dimension += len(group) * face.dimension
            arrows.append(face.arrows)
            tied += [(player, face) for player in group.tolist()]
        else:
            actions[movers[group]] = floats(face.middle)[:, 0]
            supply -= face.middle * part.weight
    dimension -= stacked(arrows, game.dimension).rank()
    tied.sort(key=lambda pair: pair[0])
    names = np.array([player for player, _ in tied], dtype=np.int64)
    return OptimalFace(
        floats(v)[:, 0],
        actions,
        dimension,
        movers[names],
        game.weights[names],
        tuple(face for _, face in tied),
        floats(supply)[:, 0],
        supply,
    )


def _grouped(game: Influencers, found: Doubts) -> list[Ints]:
    """Return players in doubt in groups that can act as one."""
    players = found.players
    if not len(players):
        return []
    signs = np.sign(game.weights[players])
    table = np.column_stack([signs, found.keys[players], game.targets[players]])
    order = np.lexsort(table.T)
    cuts = np.flatnonzero((np.diff(table[order], axis=0) != 0).any(axis=1)) + 1
    return [players[part] for part in np.split(order, cuts)]
