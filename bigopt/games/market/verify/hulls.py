"""The worst randomized scheme a second way: deterministic schemes on every Bob's concave hull, by enumeration."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from bigopt.games.market.game import Market


def worst_by_enumeration(game: Market) -> int:
    """Return Alice's least utility over deterministic schemes on every Bob's concave frontier, in exact integers."""
    table = game.units[0].astype(object)
    totals = np.zeros((game.k + 1, 1), dtype=object)
    for a, n in zip(game.first, game.sizes, strict=True):
        totals = (totals[:, :, None] + table[:, None, a : a + n]).reshape(game.k + 1, -1)
    good = np.ones(totals.shape[1], dtype=bool)
    for j in range(game.k):
        hull = _hull(sorted(set(zip(totals[0].tolist(), totals[j + 1].tolist(), strict=True))))
        corners = np.array([x for x, _ in hull], dtype=object)
        for i in np.flatnonzero(good & (totals[0] < game.opt).astype(bool)):
            v, own = totals[0, i], totals[j + 1, i]
            at = int(np.searchsorted(corners, v, side="right"))
            (x1, y1), (x2, y2) = hull[max(0, at - 1)], hull[at]
            good[i] = own >= (y1 + Fraction((y2 - y1) * (v - x1), x2 - x1) if at else y2)
    return int(min(totals[0, good]))


def _hull(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the upper right concave hull of points sorted by x, from the last highest on, which nothing is above."""
    top = max(y for _, y in points)
    hull: list[tuple[int, int]] = []
    for x, y in points[max(i for i, (_, y) in enumerate(points) if y == top) :]:
        while len(hull) > 1 and _below(hull[-2], hull[-1], (x, y)):
            hull.pop()
        hull.append((x, y))
    return hull


def _below(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    return (b[1] - a[1]) * (c[0] - a[0]) <= (c[1] - a[1]) * (b[0] - a[0])
