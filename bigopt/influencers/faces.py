"""The face of an action set that a direction exposes: its dimension, decided exactly where the data are decimals."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from bigopt.action_set import ActionSet
from bigopt.action_sets import Ball, Box, Hull, Polytope, Simplex
from bigopt.decimals import fractions
from bigopt.numbers import Floats, Ints
from bigopt.projection import CHUNK

NEAR = 1e-9  # relative: floats that differ by less are compared as fractions
THIN = 1e-8  # of the set's size: a polytope's face is flat in a direction in which it is thinner


def face_dimensions(action_set: ActionSet, directions: Floats) -> Ints:
    """Return the affine dimension of argmax {y.x : x in X} for each row y of `directions`, shape (n,).

    Ties are decided in exact arithmetic on the decimals that the floats were written as; only the flatness of a
    polytope's face is measured, by linear programs.
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
    exact = fractions(hull.points)
    ranks: dict[tuple[int, ...], int] = {}
    sizes = np.linalg.norm(hull.points, axis=1)
    step = max(1, CHUNK // len(hull.points))
    for start in range(0, len(directions), step):
        block = directions[start : start + step]
        products = block @ hull.points.T
        margin = NEAR * np.linalg.norm(block, axis=1)[:, None] * sizes.max()
        close = products >= products.max(axis=1, keepdims=True) - margin
        for row in np.flatnonzero(close.sum(axis=1) > 1):
            tied = _exactly_largest(exact, fractions(block[row]), np.flatnonzero(close[row]).tolist())
            if tied not in ranks:
                ranks[tied] = rank([exact[j] - exact[tied[0]] for j in tied[1:]])
            result[start + row] = ranks[tied]
    return result


def _exactly_largest(points: np.ndarray, direction: np.ndarray, candidates: list[int]) -> tuple[int, ...]:
    """Return the candidates with the largest inner product, in fractions."""
    values = {j: sum(points[j] * direction, Fraction(0)) for j in candidates}
    largest = max(values.values())
    return tuple(j for j in candidates if values[j] == largest)


def rank(rows: Iterable[Iterable[Fraction]]) -> int:
    """Return the rank of a matrix of fractions, by elimination."""
    left = [list(row) for row in rows]
    found = 0
    while left:
        pivot_row = left.pop()
        pivot = next((k for k, value in enumerate(pivot_row) if value), None)
        if pivot is None:
            continue
        found += 1
        for row in left:
            if row[pivot]:
                factor = row[pivot] / pivot_row[pivot]
                row[:] = [a - factor * b for a, b in zip(row, pivot_row, strict=True)]
    return found


def _of_polytope(polytope: Polytope, directions: Floats) -> Ints:
    """Fix the rows that carry positive multipliers: by complementary slackness they cut out the optimal face."""
    result = np.empty(len(directions), dtype=np.int64)
    known: dict[tuple[int, ...], int] = {}
    vertices = polytope.argmax(directions)
    for i, (y, vertex) in enumerate(zip(directions, vertices, strict=True)):
        binding = _binding_rows(polytope, y, vertex)
        if binding not in known:
            known[binding] = _thickness(polytope, list(binding))
        result[i] = known[binding]
    return result


def _binding_rows(polytope: Polytope, direction: Floats, vertex: Floats) -> tuple[int, ...]:
    """Return rows whose positive multipliers write `direction` as their sum (modulo the equations), at a vertex.

    The multipliers are those of the vertex, by nonnegative least squares where more rows meet there than need to; those
    that are not clearly positive are settled exactly, in fractions.
    """
    from scipy.optimize import nnls  # slow to import, and only polytopes need it

    lengths = np.linalg.norm(polytope.A, axis=1)
    lengths = np.where(lengths > 0, lengths, 1.0)
    size = 1.0 + float(np.abs(vertex).max())
    active = np.flatnonzero((polytope.b - polytope.A @ vertex) / lengths <= NEAR * size)
    if not direction.any() or not len(active):
        return ()
    unit = direction / np.abs(direction).max()  # first, lest the norm of a tiny direction underflow
    unit /= np.linalg.norm(unit)
    equations = np.zeros((0, polytope.dimension)) if polytope.A_eq is None else polytope.A_eq
    columns = np.vstack([polytope.A[active] / lengths[active, None], equations, -equations]).T
    if len(active) + len(equations) == polytope.dimension:  # no ties among rows: each multiplier is determined
        weights = np.linalg.lstsq(columns[:, : len(active) + len(equations)], unit, rcond=None)[0][: len(active)]
        support = active.tolist()
    else:
        weights = nnls(columns, unit)[0][: len(active)]
        support, weights = active[weights > 0].tolist(), weights[weights > 0]
    if (weights < NEAR).any():
        support = _exactly_positive(polytope, direction, support)
    return tuple(support)


def _exactly_positive(polytope: Polytope, direction: Floats, support: list[int]) -> list[int]:
    """Drop the rows that an exact solution of sum_p m_p A_p + equations = direction does without."""
    target = list(fractions(direction))
    fixed = [] if polytope.A_eq is None else [list(row) for row in fractions(polytope.A_eq)]
    exact = [list(row) for row in fractions(polytope.A[support])]
    for j in range(len(support) - 1, -1, -1):
        others = fixed + exact[:j] + exact[j + 1 :]
        if rank([*others, target]) == rank(others):
            del exact[j], support[j]
    return support


def _thickness(polytope: Polytope, binding: list[int]) -> int:
    """Return the dimension of the face on which the rows `binding` are equations, by widths in new directions."""
    rows = [polytope.A[binding]] + ([] if polytope.A_eq is None else [polytope.A_eq])
    sides = [polytope.b[binding]] + ([] if polytope.b_eq is None else [polytope.b_eq])
    equations, values = np.vstack(rows), np.concatenate(sides)
    face = Polytope(polytope.A, polytope.b, equations, values) if len(equations) else polytope
    lower, upper = polytope.bounds
    size = max(float((upper - lower).max()), np.finfo(float).tiny)
    spanned = np.zeros((0, polytope.dimension))
    while len(spanned) < polytope.dimension:
        apart = _orthogonal_axes(spanned, polytope.dimension)
        high, low = face.argmax(apart), face.argmax(-apart)
        widths = np.einsum("nd,nd->n", apart, high - low)
        widest = int(widths.argmax())
        if widths[widest] <= THIN * size:
            break
        arrow = high[widest] - low[widest]
        arrow = arrow - spanned.T @ (spanned @ arrow)
        spanned = np.vstack([spanned, arrow / np.linalg.norm(arrow)])
    return len(spanned)


def _orthogonal_axes(spanned: Floats, dimension: int) -> Floats:
    """Return an orthonormal basis of what the rows of `spanned` leave."""
    basis = np.linalg.svd(spanned, full_matrices=True)[2] if len(spanned) else np.eye(dimension)
    return np.asarray(basis[len(spanned) :])
