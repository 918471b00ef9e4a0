"""Euclidean projections of many points at once onto simplices, hulls of points and polyhedra.

Hulls use Wolfe's algorithm (Finding the nearest point in a polytope, 1976), polyhedra the dual active-set method of
Goldfarb and Idnani (1983) with an identity Hessian; from three coordinates on DAQP's (Arnström, Bemporad and Axehill
2022) where it is installed, checked point by point. The first two end after finitely many steps at the face that
carries the answer; the face found for one point is then tried on the others, so that points which share a face share
its cost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bigopt.arithmetic import loaded
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.errors import VerificationError

SLACK = 1e-13  # relative to the size of the data: what an optimality condition may be violated by
DAQP_FROM = 3  # coordinates: below, faces that points share are faster
STEEP = 1e4  # the inverse of a face's unit rows: a larger one magnifies rounding too much
ROUNDING = 8 * float(np.finfo(float).eps)
SAMPLE = 256  # a face is tried on so many points before it is tried on all
CHUNK = 1 << 20  # numbers in one matrix product
Try = Callable[[Floats], tuple[Floats, np.ndarray]]


def onto_simplex(points: Floats, scale: float) -> Floats:
    """Project each row onto {x >= 0, sum x = scale} by sorting (Held, Wolfe and Crowder 1974)."""
    shifted = points - points.max(axis=1, keepdims=True)  # the projection does not see constants, rounding does
    falling = -np.sort(-shifted, axis=1)
    excess = np.cumsum(falling, axis=1) - scale
    count = np.arange(1, points.shape[1] + 1)
    positive = np.maximum(1, (falling * count > excess).sum(axis=1))
    level = np.take_along_axis(excess, positive[:, None] - 1, axis=1) / positive[:, None]
    return np.asarray(np.maximum(shifted - level, 0.0))


def onto_hull(points: Floats, vertices: Floats) -> Floats:
    """Project each row onto the convex hull of the rows of `vertices`."""
    origin = vertices.mean(axis=0)
    corners, offsets = vertices - origin, -0.5 * ((vertices - origin) ** 2).sum(axis=1)
    inside, result, open_rows = np.empty(points.shape), np.empty(points.shape), [np.empty(0, dtype=np.int64)]
    step = max(1, CHUNK // (4 * points.shape[1]))  # an alarm comes between pieces
    for at in range(0, len(points), step):
        part = slice(at, at + step)
        inside[part] = points[part] - origin
        result[part] = corners[highest(inside[part], corners, offsets)]
        open_rows.append(at + np.flatnonzero(~_hull_optimal(inside[part], result[part], corners)))
    by_faces(inside, result, np.concatenate(open_rows), lambda y: _hull_face(_wolfe(y, corners), corners))
    result += origin
    return result


def highest(rows: Floats, vertices: Floats, offset: Floats | float = 0.0) -> Ints:
    """Return for each row y the index of the largest y.v + offset, in chunks of bounded memory."""
    index = np.empty(len(rows), dtype=np.int64)
    step = max(1, CHUNK // len(vertices))
    for start in range(0, len(rows), step):
        index[start : start + step] = (rows[start : start + step] @ vertices.T + offset).argmax(axis=1)
    return index


def onto_polyhedron(
    points: Floats, rows: Floats, sides: Floats, exactly: Callable[[Floats], Floats] | None = None
) -> Floats:
    """Project each row y onto the non-empty {x : rows x <= sides}, whose rows have unit length or are zero.

    `exactly` projects one point whose active rows floats leave in doubt.
    """
    result = points.copy()
    todo = np.flatnonzero(violation(points, rows, sides) > 0)

    if points.shape[1] >= DAQP_FROM and (daqp := loaded.daqp()):
        step = max(1, CHUNK // (len(sides) or 1))
        parts = [_by_daqp(daqp, points, result, todo[at : at + step], rows, sides) for at in range(0, len(todo), step)]
        todo = np.concatenate([todo[:0], *parts])

    def face_of(y: Floats) -> Try:
        try:
            attempt = _polyhedron_face(_dual_active_set(y, rows, sides), rows, sides)
            if exactly is None or attempt(y[None])[1][0]:
                return attempt
        except (VerificationError, np.linalg.LinAlgError):
            if exactly is None:
                raise
        nearest = exactly(y)
        return lambda block: (np.tile(nearest, (len(block), 1)), np.zeros(len(block), dtype=bool))

    by_faces(points, result, todo, face_of)
    return result


def _by_daqp(daqp: Any, points: Floats, result: Floats, todo: Ints, rows: Floats, sides: Floats) -> Ints:
    """Fill result[todo] by DAQP where its point and multipliers prove each other; return the rest.

    x is the projection of y if and only if it is feasible and y - x = sum_j m_j rows_j with m >= 0, m_j = 0 on slack
    rows. The multipliers' sum bounds what rounding can hide, so that nearly dependent rows are left to others.
    """
    d = points.shape[1]
    size = SLACK * (1.0 + np.abs(points[todo]).max(axis=1, initial=0.0) + float(np.abs(sides).max(initial=0.0)))
    hessian, blocked = np.eye(d), np.full(len(sides), -np.inf)
    nearest, multipliers = np.zeros((len(todo), d)), np.zeros((len(todo), len(sides)))
    for at, k in enumerate(todo.tolist()):
        x, _, flag, more = daqp.solve(hessian, -points[k], rows, sides, blocked, primal_tol=float(size[at]))
        if flag == 1:
            nearest[at], multipliers[at] = x, more["lam"]
    away = points[todo] - nearest
    excess = nearest @ rows.T - sides
    lengths = np.linalg.norm(away, axis=1)
    proved = (np.abs(away - multipliers @ rows).max(axis=1, initial=0.0) <= size) & (multipliers >= 0).all(axis=1)
    proved &= (excess.max(axis=1, initial=-np.inf) <= size) & (multipliers.sum(axis=1) <= STEEP * lengths)
    proved &= (multipliers * np.abs(excess)).sum(axis=1) <= size * multipliers.sum(axis=1)
    result[todo[proved]] = nearest[proved]
    return np.asarray(todo[~proved])


def violation(points: Floats, rows: Floats, sides: Floats) -> Floats:
    """Return for each point the largest excess of rows x over sides, at least 0."""
    worst = np.zeros(len(points))
    step = max(1, CHUNK // max(1, len(rows)))
    for start in range(0, len(points), step if len(rows) else len(points) + 1):
        excess = points[start : start + step] @ rows.T - sides
        worst[start : start + step] = np.maximum(excess.max(axis=1, initial=0.0), 0.0)
    return worst


def by_faces(points: Floats, result: Floats, todo: Ints, face_of: Callable[[Floats], Try]) -> None:
    """Fill result[todo]: find the face of the first open point, settle all points that it proves, go on."""
    while len(todo):
        attempt = face_of(points[todo[0]])
        nearest, proved = attempt(points[todo[:SAMPLE]])
        proved[0] = True  # the face was computed for this point
        if len(todo) > SAMPLE and proved.mean() > 1 / 64:
            parts = [attempt(points[todo[at : at + CHUNK // 64]]) for at in range(SAMPLE, len(todo), CHUNK // 64)]
            nearest = np.concatenate([nearest, *(part[0] for part in parts)])
            proved = np.concatenate([proved, *(part[1] for part in parts)])
        settled, head = proved.nonzero()[0], todo[: len(proved)]
        result[head[settled]] = nearest[settled]
        todo = np.concatenate([head[~proved], todo[len(proved) :]])


def _hull_optimal(points: Floats, nearest: Floats, corners: Floats) -> np.ndarray:
    """Whether (y - x).(p - x) <= 0 for every corner p, or y = x, up to SLACK: then x is the projection of y."""
    normal = points - nearest
    top = np.einsum("nd,nd->n", normal, corners[highest(normal, corners)] - nearest)
    size = float(np.sqrt((corners**2).sum(axis=1).max()))
    lengths = np.linalg.norm(normal, axis=1)
    return np.asarray((top <= SLACK * size * lengths) | (lengths <= SLACK * size))


def _wolfe(point: Floats, corners: Floats) -> list[int]:
    """Return the corners whose affine hull carries the projection of `point` (affinely independent)."""
    chosen = [int(((corners - point) ** 2).sum(axis=1).argmin())]
    weights, nearest = np.ones(1), corners[chosen[0]]
    for _ in range(100 * (len(corners) + corners.shape[1])):
        if _hull_optimal(point[None], nearest[None], corners)[0]:
            return chosen
        arrows = corners - nearest
        lengths = np.linalg.norm(arrows, axis=1)
        steepness = arrows @ (point - nearest) / np.where(lengths > 0, lengths, np.inf)
        steepness[chosen] = -np.inf
        entering = int(steepness.argmax())  # of those that tie, a far corner would change next to nothing
        if steepness[entering] <= 0:
            return chosen
        tried, free = _inner_cycle(point, corners, [*chosen, entering], np.append(weights, 0.0))
        step = free @ corners[tried] - nearest
        if (2.0 * (point - nearest) - step) @ step <= 0:  # not nearer: rounding is all that is left
            return chosen
        chosen, weights, nearest = tried, free, nearest + step
    raise VerificationError("projection onto a hull of points did not settle: rescale the points to size 1")


def _inner_cycle(point: Floats, corners: Floats, chosen: list[int], weights: Floats) -> tuple[list[int], Floats]:
    """Drop corners until the nearest point of the affine hull of the rest is inside their hull; return its weights."""
    while True:
        free = _affine_weights(point, corners[chosen])
        falling = np.flatnonzero(free <= 0)
        if not len(falling):
            return chosen, free
        ratio = weights[falling] / np.maximum(weights[falling] - free[falling], np.finfo(float).tiny)
        weights = weights + ratio.min() * (free - weights)
        weights[falling[ratio.argmin()]] = 0.0
        keep = weights > 0
        chosen, weights = [j for j, kept in zip(chosen, keep, strict=True) if kept], weights[keep]


def _affine_weights(point: Floats, corners: Floats) -> Floats:
    """Return the weights, of sum 1, of the nearest point on the affine hull of `corners`."""
    rest = np.linalg.lstsq((corners[1:] - corners[0]).T, point - corners[0], rcond=None)[0]
    return np.concatenate([[1.0 - rest.sum()], rest])


def _hull_face(chosen: list[int], corners: Floats) -> Try:
    base, edges = corners[chosen[0]], corners[chosen[1:]] - corners[chosen[0]]
    inverse = np.linalg.pinv(edges) if len(edges) else np.zeros((corners.shape[1], 0))

    def attempt(points: Floats) -> tuple[Floats, np.ndarray]:
        weights = (points - base) @ inverse
        nearest = base + weights @ edges
        inside = (weights >= -SLACK).all(axis=1) & (weights.sum(axis=1) <= 1 + SLACK)
        return nearest, inside & _hull_optimal(points, nearest, corners)

    return attempt


def _dual_active_set(point: Floats, rows: Floats, sides: Floats) -> list[int]:
    """Return the rows that are active, with positive multipliers, at the projection of `point`."""
    size = SLACK * (1.0 + float(np.abs(point).max()) + float(np.abs(sides).max(initial=0.0)))
    nearest, active, multipliers = point, list[int](), np.zeros(0)
    for _ in range(100 * (len(rows) + len(point))):
        excess = rows @ nearest - sides
        entering = int(excess.argmax())
        if excess[entering] <= size:
            return active
        pressure = 0.0
        while True:
            normals = rows[active].T
            change = np.linalg.lstsq(normals, rows[entering], rcond=None)[0]
            step = rows[entering] - normals @ change
            curvature = float(step @ step)
            full = (rows[entering] @ nearest - sides[entering]) / curvature if curvature > SLACK else np.inf
            falling = np.flatnonzero(change > SLACK)
            ratio = multipliers[falling] / change[falling]
            length = min(full, float(ratio.min(initial=np.inf)))
            if not np.isfinite(length):
                raise VerificationError("projection onto a polytope: its inequalities contradict each other")
            multipliers, pressure = multipliers - length * change, pressure + length
            if length == full:
                nearest = nearest - length * step
                active, multipliers = [*active, entering], np.append(multipliers, pressure)
                break
            nearest = nearest - length * step if np.isfinite(full) else nearest
            leaving = int(falling[ratio.argmin()])
            active, multipliers = active[:leaving] + active[leaving + 1 :], np.delete(multipliers, leaving)
    raise VerificationError("projection onto a polytope did not settle: rescale its rows to size 1")


def _polyhedron_face(active: list[int], rows: Floats, sides: Floats) -> Try:
    basis, triangle = np.linalg.qr(rows[active].T)
    inverse = np.linalg.inv(triangle)
    if float(np.abs(inverse).max(initial=0.0)) > STEEP:
        raise VerificationError("projection onto a polytope: its rows are nearly dependent, rescale them")

    def attempt(points: Floats) -> tuple[Floats, np.ndarray]:
        size = SLACK * (1.0 + np.abs(points).max(axis=1) + float(np.abs(sides).max(initial=0.0)))
        move = (points @ rows[active].T - sides[active]) @ inverse
        nearest, multipliers = points - move @ basis.T, move @ inverse.T
        right = (multipliers >= -size[:, None]).all(axis=1)
        return nearest, right & (violation(nearest, rows, sides) <= size)

    return attempt
