"""The nearest point of a polytope in exact arithmetic, where floats leave the active rows in doubt."""

from __future__ import annotations

from bigopt.action_sets.faces import OfRows
from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.flint_or_fractions import fmpq, fmpq_mat
from bigopt.arithmetic.rationals import dot, floats, matrix, stacked


def nearest_point(whole: OfRows, point: Floats, origin: Floats) -> Floats:
    """Return the projection of origin + point minus the origin, rounded once, shape (d,).

    Wolfe's algorithm (Finding the nearest point in a polytope, 1976) on vertices that linear programs find.
    """
    center = matrix(origin)
    aim = center + matrix(point)
    corners, shares = [whole.argmax(aim)], [fmpq(1)]
    while True:
        nearest = _mixture(corners, shares)
        normal = aim - nearest
        new = whole.argmax(normal)
        if dot(normal, new - nearest) <= 0:
            return floats(nearest - center)[:, 0]
        corners, shares = [*corners, new], [*shares, fmpq(0)]
        while True:
            free = _affine_shares(aim, corners)
            if min(free) > 0:
                shares = free
                break
            falling = [(s / (s - f), k) for k, (s, f) in enumerate(zip(shares, free, strict=True)) if f <= 0]
            step, out = min(falling)
            moved = [s + step * (f - s) for s, f in zip(shares, free, strict=True)]
            kept = [k for k, share in enumerate(moved) if share > 0 and k != out]
            corners, shares = [corners[k] for k in kept], [moved[k] for k in kept]


def _mixture(corners: list[fmpq_mat], shares: list[fmpq]) -> fmpq_mat:
    return sum((c * s for c, s in zip(corners[1:], shares[1:], strict=True)), corners[0] * shares[0])


def _affine_shares(aim: fmpq_mat, corners: list[fmpq_mat]) -> list[fmpq]:
    """Return the shares, of any sign, of the point of the corners' affine hull that is nearest to the aim."""
    if len(corners) == 1:
        return [fmpq(1)]
    arrows = stacked([(c - corners[0]).transpose() for c in corners[1:]], aim.nrows())
    others = (arrows * arrows.transpose()).solve(arrows * (aim - corners[0])).entries()
    return [1 - sum(others, fmpq(0)), *others]
