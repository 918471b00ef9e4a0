"""Who surely has one best vertex near a point, by floats with room for errors, and what the others choose from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from bigopt.action_sets import Polytope
from bigopt.action_sets.faces import Face, OfPoints, OfRows, Vertex
from bigopt.action_sets.sole_vertices import sole_vertices
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.counting import counted
from bigopt.arithmetic.flint_or_fractions import fmpq_mat
from bigopt.arithmetic.rationals import matrix, total
from bigopt.errors import LimitReached
from bigopt.games.influencers.exact.smoothing import Scores
from bigopt.games.influencers.exact.vertices import doubtful, first_points, in_doubt
from bigopt.games.influencers.game import Influencers

ROUNDING = 64 * float(np.finfo(float).eps)  # of the sizes that are multiplied: errors of a score
CLEAR = 1e-6  # of the largest singular value: a smaller one may be a dependence
CELLS = 4_000_000  # numbers in the faces of the players in doubt


@dataclass(frozen=True)
class Doubts:
    """What is known of the best vertices at every point within some radius of v.

    Attributes
    ----------
    numbers : ndarray of int, shape (n,)
        The number of the vertex that is a player's only best one, or -1.
    vertex : callable
        From a number to the exact vertex, a column.
    face : callable
        From a player in doubt to a face that holds all its best vertices.
    keys : ndarray of int, shape (n,)
        Equal where two players in doubt choose from the same face.
    independent : bool
        Whether no two ways to choose lead to the same receiver.
    """

    numbers: Ints
    vertex: Callable[[int], fmpq_mat]
    face: Callable[[int], Face]
    keys: Ints
    independent: bool

    @property
    def players(self) -> Ints:
        """Those in doubt."""
        return np.flatnonzero(self.numbers < 0)

    def settled(self) -> Iterator[tuple[Ints, fmpq_mat]]:
        """Yield everybody else, those of one vertex together, with that vertex."""
        order = np.argsort(self.numbers, kind="stable")
        cuts = np.flatnonzero(np.diff(self.numbers[order])) + 1
        for group in np.split(order, cuts):
            number = int(self.numbers[group[0]])
            if number >= 0:
                yield group, self.vertex(number)

    def supply(self, weights: Floats, dimension: int) -> fmpq_mat:
        """Return the sum of w_i x_i over everybody else, exactly."""
        return sum((vertex * total(weights[group]) for group, vertex in self.settled()), fmpq_mat(dimension, 1))


def doubts(game: Influencers, v: Floats, radius: float) -> Doubts:
    """Tell players apart whose weights are not 0, on a polyhedron; the receiver is within `radius` of v.

    Raises
    ------
    LimitReached
        If too many are in doubt.
    """
    if isinstance(game.action_set, Polytope):
        return _of_rows(game, game.action_set, v, radius)
    return _of_points(game, np.unique(first_points(game), axis=0), v, radius)


def _of_points(game: Influencers, points: Floats, v: Floats, radius: float) -> Doubts:
    """Compare scores: those of two vertices change by at most the radius times their distance."""
    d, sizes = game.dimension, np.linalg.norm(points - points.mean(axis=0), axis=1)
    longest = float(np.linalg.norm(game.targets - v, axis=1).max())
    noise = ROUNDING * d * longest * float(np.linalg.norm(points, axis=1).max())
    width = 2.0 * radius * float(sizes.max()) + noise
    scores = Scores(game, points)
    count = in_doubt(scores, v, width) - game.players
    if count * d > CELLS:
        raise LimitReached(f"{count} choices are too near to tell apart: scale the game to sizes near 1")
    pairs = doubtful(scores, v, width)
    players, vertices = pairs.players, pairs.vertices
    several = counted(players, least=game.players)[players] > 1
    numbers = np.full(game.players, -1)
    numbers[players[~several]] = vertices[~several]
    unsettled, start = np.unique(players[several], return_index=True)  # pairs come sorted by player
    chosen = dict(zip(unsettled.tolist(), np.split(vertices[several], start[1:]), strict=False))
    names: dict[bytes, int] = {}
    keys = np.full(game.players, -1)
    for i, own in chosen.items():
        keys[i] = names.setdefault(own.tobytes(), len(names))
    arrows = [points[own[1:]] - points[own[0]] for own in chosen.values()]
    return Doubts(
        numbers,
        lambda k: matrix(points[k]),
        lambda i: OfPoints(matrix(points[chosen[i]])),
        keys,
        _independent(np.vstack(arrows) if arrows else np.zeros((0, d))),
    )


def _independent(arrows: Floats) -> bool:
    """Whether the rows are linearly independent, and clearly so."""
    if len(arrows) > arrows.shape[1]:
        return False
    unit = arrows / np.linalg.norm(arrows, axis=1, keepdims=True)
    values = np.linalg.svd(unit, compute_uv=False)
    return bool(values.min(initial=1.0) > CLEAR)


def _of_rows(game: Influencers, polytope: Polytope, v: Floats, radius: float) -> Doubts:
    """Compare multipliers, at vertices where the decimals leave no doubt that they are vertices."""
    directions = np.sign(game.weights)[:, None] * (game.targets - v)
    noise = ROUNDING * float(np.abs(game.targets - v).max())
    numbers, bases, whole = sole_vertices(polytope, directions, radius + noise)
    return Doubts(
        numbers,
        lambda k: Vertex(whole.system, bases[k]).point,
        lambda i: OfRows(whole.system, whole.fixed, whole.vertex),
        np.zeros(game.players, dtype=np.int64),
        not (numbers < 0).any(),
    )
