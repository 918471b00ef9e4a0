"""The face of an action set that each of many directions exposes, decided in exact arithmetic where floats leave ties.

Ties are those of the decimals that the floats were written as: 0.1 + 0.2 ties with 0.3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from bigopt.action_sets.ball import Ball
from bigopt.action_sets.base import ActionSet
from bigopt.action_sets.box import Box
from bigopt.action_sets.faces import Face, OfPoints, OfRows
from bigopt.action_sets.hull import Hull
from bigopt.action_sets.polytope import Polytope
from bigopt.action_sets.projection import CHUNK
from bigopt.action_sets.simplex import Simplex
from bigopt.action_sets.sole_vertices import sole_vertices
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.rationals import chosen, floats, matrix

NEAR = 1e-9  # relative: floats that differ by less are compared as fractions


@dataclass(frozen=True)
class Tied:
    """Rows of the directions that expose one and the same face of dimension 1 or more."""

    rows: Ints
    made: Callable[[], ActionSet]
    dimension: int

    @cached_property
    def face(self) -> ActionSet:
        """The face as a set of its own."""
        return self.made()


@dataclass(frozen=True)
class Exposed:
    """The faces argmax {y.x : x in X} of the rows y.

    Attributes
    ----------
    points : ndarray, shape (n, d)
        A point of each row's face: where the face is a point, that one.
    ties : sequence of Tied
        The rows whose face is more than a point.
    """

    points: Floats
    ties: Sequence[Tied]

    @property
    def dimensions(self) -> Ints:
        """The faces' affine dimensions, shape (n,)."""
        result = np.zeros(len(self.points), dtype=np.int64)
        for tied in self.ties:
            result[tied.rows] = tied.dimension
        return result

    def distances(self, points: Floats, widths: Floats) -> Floats:
        """Return how far each row of `points` is from its face, its coordinates measured in `widths`, shape (n,)."""
        nearest = self.points.copy()
        for tied in self.ties:
            nearest[tied.rows] = tied.face.project(points[tied.rows])
        return np.asarray((np.abs(points - nearest) / np.where(widths > 0, widths, 1.0)).max(axis=1))


def exposed(action_set: ActionSet, directions: Floats) -> Exposed:
    """Return the face that each row of `directions` exposes."""
    if isinstance(action_set, Box):
        return _of_box(action_set, directions)
    if isinstance(action_set, Ball):
        nowhere = np.flatnonzero((directions == 0).all(axis=1))
        many = len(nowhere) and action_set.radius > 0
        ties = [Tied(nowhere, lambda: action_set, action_set.dimension)] if many else []
        return Exposed(action_set.argmax(directions), ties)
    if isinstance(action_set, Simplex):
        return _of_points(Hull(action_set.scale * np.eye(action_set.dimension)), directions)
    if isinstance(action_set, Hull):
        return _of_points(action_set, directions)
    assert isinstance(action_set, Polytope)
    return _of_polytope(action_set, directions)


def face_dimensions(action_set: ActionSet, directions: Floats) -> Ints:
    """Return the affine dimension of argmax {y.x : x in X} for each row y of `directions`, shape (n,)."""
    return exposed(action_set, directions).dimensions


def _of_box(box: Box, directions: Floats) -> Exposed:
    """Coordinates of direction 0 are free."""
    free = (directions == 0) & (box.lower < box.upper)
    points = box.argmax(directions)
    several = np.flatnonzero(free.any(axis=1))
    keys, where = np.unique(np.hstack([free[several], points[several]]), axis=0, return_inverse=True)
    ties = []
    for k in range(len(keys)):
        rows = several[where.ravel() == k]
        loose, point = free[rows[0]], points[rows[0]]
        face = np.where(loose, box.lower, point), np.where(loose, box.upper, point)
        ties.append(Tied(rows, partial(Box, face[0], face[1]), int(loose.sum())))
    return Exposed(points, ties)


def _of_points(hull: Hull, directions: Floats) -> Exposed:
    """Compare the points that nearly tie for the largest inner product as fractions; some may be one point."""
    points = hull.argmax(directions)
    exact = matrix(hull.points)
    found: dict[tuple[int, ...], list[int]] = {}
    arrows = hull.points - hull.middle
    longest = float(np.linalg.norm(arrows, axis=1).max())
    step = max(1, CHUNK // len(arrows))
    for start in range(0, len(directions), step):
        block = directions[start : start + step]
        products = block @ arrows.T
        margin = NEAR * np.linalg.norm(block, axis=1)[:, None] * longest
        close = products >= products.max(axis=1, keepdims=True) - margin
        for row in np.flatnonzero(close.sum(axis=1) > 1):
            candidates = np.flatnonzero(close[row]).tolist()
            values = (chosen(exact, candidates) * matrix(block[row])).entries()
            tied = tuple(k for k, value in zip(candidates, values, strict=True) if value == max(values))
            found.setdefault(tied, []).append(start + int(row))
    ties = []
    for names, rows in found.items():
        points[rows] = hull.points[names[0]]
        dimension = OfPoints(chosen(exact, list(names))).dimension
        if dimension:
            ties.append(Tied(np.array(rows), partial(Hull, hull.points[list(names)]), dimension))
    return Exposed(points, ties)


def _of_polytope(polytope: Polytope, directions: Floats) -> Exposed:
    """Walk exactly for the directions that do not clearly belong to one vertex."""
    numbers, _, whole = sole_vertices(polytope, directions, 0.0)
    points = polytope.argmax(directions)
    doubtful = np.flatnonzero(numbers < 0)
    several, where = np.unique(directions[doubtful], axis=0, return_inverse=True)
    ties = []
    for k, y in enumerate(several):
        rows = doubtful[where.ravel() == k]
        face = whole.exposed(matrix(y))
        points[rows] = floats(face.vertex.point)[:, 0]
        if face.dimension:
            ties.append(Tied(rows, partial(as_set, face), face.dimension))
    return Exposed(points, ties)


def as_set(face: Face) -> ActionSet:
    """Return a face as an action set, which can project."""
    if isinstance(face, OfPoints):
        return Hull(floats(face.points))
    assert isinstance(face, OfRows)
    system, fixed = face.system, list(face.fixed)
    others = [k for k in range(system.equations, system.rows.nrows()) if k not in set(fixed)]
    rows, sides = floats(system.rows), floats(system.sides)[:, 0]
    return Polytope(rows[others], sides[others], *((rows[fixed], sides[fixed]) if fixed else (None, None)))
