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

from bigopt.deadline import Deadline
from bigopt.influencers.doubts import Doubts, doubts
from bigopt.influencers.dual import radius
from bigopt.influencers.equilibrium_set import EquilibriumSet
from bigopt.influencers.faces import face_dimensions
from bigopt.influencers.game import Influencers
from bigopt.influencers.sums import Part, needed, receiver
from bigopt.numbers import Floats, Ints
from bigopt.polyhedra import Face
from bigopt.rationals import floats, matrix, rational, stacked, total


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
    """

    weights: Floats
    faces: tuple[Face, ...]
    supply: Floats


def optimal_face(game: Influencers, actions: Floats, v: Floats, gap: float, deadline: Deadline) -> OptimalFace:
    """Return the equilibrium set around one equilibrium.

    Parameters
    ----------
    actions : ndarray, shape (n, d)
        An equilibrium up to rounding.
    v : ndarray, shape (d,)
        A point near the receiver of all equilibria: no farther than the root of `gap`, for D is strongly convex.
    gap : float
        The potential of `actions` plus 2 D(v).

    Raises
    ------
    LimitReached
        If the gap leaves too many players in doubt, or the deadline passes.
    """
    idle = int((game.weights == 0).sum())
    free = idle * int(face_dimensions(game.action_set, np.zeros((1, game.dimension)))[0]) if idle else 0
    movers = np.flatnonzero(game.weights != 0)
    nobody = OptimalFace(v, actions, free, movers[:0], np.zeros(0), (), np.zeros(game.dimension))
    if not len(movers):
        return nobody
    part = game if not idle else game.without_idle()
    found = doubts(part, v, radius(part, v, gap))
    return nobody if found.independent else _exactly(part, movers, found, nobody, deadline)


def _exactly(game: Influencers, movers: Ints, found: Doubts, nobody: OptimalFace, deadline: Deadline) -> OptimalFace:
    """Solve the game of the players in doubt; those with one target, one face and one sign of weight are one."""
    d = game.dimension
    groups = _grouped(game, found)
    background = matrix(game.background_point) * rational(game.background_weight)
    offset = background + found.supply(game.weights, d)
    parts = [Part(total(game.weights[g]), matrix(game.targets[g[0]]), found.face(int(g[0]))) for g in groups]
    v = receiver(parts, offset, deadline, matrix(nobody.receiver))
    exposed = [replace(p, face=p.face.exposed((p.target - v) * p.weight)) for p in parts]
    faces = needed(exposed, v - offset, deadline)
    dimension = nobody.dimension
    arrows, supply = [], v - offset
    actions, tied = nobody.actions.copy(), []
    for group, part, face in zip(groups, parts, faces, strict=True):
        if face.dimension:
            dimension += len(group) * face.dimension
            arrows.append(face.arrows)
            tied += [(player, face) for player in group.tolist()]
        else:
            actions[movers[group]] = floats(face.middle)[:, 0]
            supply -= face.middle * part.weight
    dimension -= stacked(arrows, d).rank()
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
    )


def _grouped(game: Influencers, found: Doubts) -> list[Ints]:
    """Return players in doubt in groups that can act as one."""
    players = found.players
    signs = np.sign(game.weights[players])
    table = np.column_stack([signs, found.keys[players], game.targets[players]])
    order = np.lexsort(table.T)
    cuts = np.flatnonzero((np.diff(table[order], axis=0) != 0).any(axis=1)) + 1
    return [players[part] for part in np.split(order, cuts)]
