"""The face of an action set that a direction exposes: its dimension, decided exactly where the data are decimals."""

from __future__ import annotations

import numpy as np

from bigopt.action_sets import Ball, Box, Hull, Polytope, Simplex
from bigopt.action_sets.base import ActionSet
from bigopt.action_sets.faces import OfPoints
from bigopt.action_sets.projection import CHUNK
from bigopt.action_sets.sole_vertices import sole_vertices
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.rationals import chosen, matrix

NEAR = 1e-9  # relative: floats that differ by less are compared as fractions


def face_dimensions(action_set: ActionSet, directions: Floats) -> Ints:
    """Return the affine dimension of argmax {y.x : x in X} for each row y of `directions`, shape (n,).

    Ties are decided in exact arithmetic on the decimals that the floats were written as.
    """
    if isinstance(action_set, Box):
        loose = action_set.lower < action_set.upper
        return np.asarray(((directions == 0) & loose).sum(axis=1), dtype=np.int64)
    if isinstance(action_set, Ball):
        full = action_set.dimension if action_set.radius > 0 else 0
        return np.where((directions == 0).all(axis=1), full, 0)
    if isinstance(action_set, Simplex):
        best = (directions == directions.max(axis=1, keepdims=True)).sum(axis=1)
        return np.asarray(best - 1 if action_set.scale > 0 else 0 * best, dtype=np.int64)
    if isinstance(action_set, Hull):
        return _of_hull(action_set, directions)
    assert isinstance(action_set, Polytope)
    return _of_polytope(action_set, directions)


def _of_hull(hull: Hull, directions: Floats) -> Ints:
    """Rank the points that tie for the largest inner product."""
    result = np.zeros(len(directions), dtype=np.int64)
    exact = matrix(hull.points)
    ranks: dict[tuple[int, ...], int] = {}
    sizes = np.linalg.norm(hull.points, axis=1)
    step = max(1, CHUNK // len(hull.points))
    for start in range(0, len(directions), step):
        block = directions[start : start + step]
        products = block @ hull.points.T
        margin = NEAR * np.linalg.norm(block, axis=1)[:, None] * sizes.max()
        close = products >= products.max(axis=1, keepdims=True) - margin
        for row in np.flatnonzero(close.sum(axis=1) > 1):
            candidates = np.flatnonzero(close[row]).tolist()
            values = (chosen(exact, candidates) * matrix(block[row])).entries()
            tied = tuple(k for k, value in zip(candidates, values, strict=True) if value == max(values))
            if tied not in ranks:
                ranks[tied] = OfPoints(chosen(exact, list(tied))).dimension
            result[start + row] = ranks[tied]
    return result


def _of_polytope(polytope: Polytope, directions: Floats) -> Ints:
    """Walk exactly for the directions that do not clearly belong to one vertex."""
    numbers, _, whole = sole_vertices(polytope, directions, 0.0)
    result = np.zeros(len(directions), dtype=np.int64)
    doubtful = np.flatnonzero(numbers < 0)
    several, where = np.unique(directions[doubtful], axis=0, return_inverse=True)
    exact = [whole.exposed(matrix(y)).dimension for y in several]
    result[doubtful] = np.array(exact, dtype=np.int64)[where.ravel()]
    return result
