r"""Best-AI selection where Alice sees only recommendations, and with it everything that is done by LP on lotteries.

Over any polytope of schemes the frontier :math:`\varphi_j` is concave and piecewise linear. Its vertices come from
weighted-sum LPs (Eisner and Severance 1976); between two neighbouring breakpoints of all Bobs a stable scheme
satisfies ``U_j + lambda_j u_A >= c_j`` for each Bob, which is one LP a piece.
"""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.games.market.exact.lotteries import Polytope
from bigopt.games.market.game import Market

SAME = 1e-9  # vertices nearer than this, and slack of a frontier's line, in scaled utility
Point = tuple[float, float]


def worst(game: Market, polytope: Polytope, deadline: Deadline | None = None) -> Floats:
    """Return Alice's worst stable scheme in the polytope, up to 1e-9 of the utilities' scale."""
    alice = polytope.table[0]
    curves = [frontier(polytope, row, deadline) for row in polytope.table[1:]]
    top, bottom = polytope.top(alice, deadline), polytope.top(-alice, deadline)
    low, high = float(alice @ bottom), float(alice @ top)
    marks = sorted({low, high, *(x for curve in curves for x, _ in curve if low < x < high)})
    for left, right in zip(marks, marks[1:], strict=False):
        if right - left <= SAME:
            continue
        rows, least = [alice, -alice], [left, -right]
        for curve, row in zip(curves, polytope.table[1:], strict=True):
            slope, height = _line(curve, (left + right) / 2)
            rows.append((row + slope * alice) / max(1.0, slope))
            least.append(height / max(1.0, slope) - SAME)
        found = polytope.maximize(-alice, np.array(rows), np.array(least), deadline)
        if found is not None and float(alice @ found) < high - 10 * SAME:
            return found
    return top


def frontier(polytope: Polytope, bob: Floats, deadline: Deadline | None = None) -> list[Point]:
    """Return the vertices (u_A, U) of a Bob's frontier, u_A ascending: from his favourite to Alice's optimum."""
    alice = polytope.table[0]

    def vertex(p: float, q: float) -> Point:
        x = polytope.top(p * alice + q * bob, deadline)
        return float(alice @ x), float(bob @ x)

    def lexicographic(first: Floats, second: Floats) -> Point:
        x = polytope.top(first, deadline)
        found = polytope.maximize(second, first[None], np.array([first @ x - SAME / 10]), deadline)
        x = x if found is None else found
        return float(alice @ x), float(bob @ x)

    def between(a: Point, b: Point) -> list[Point]:
        if b[0] - a[0] <= SAME or a[1] - b[1] <= SAME:
            return []
        p, q = (a[1] - b[1]), (b[0] - a[0])
        size = p + q
        c = vertex(p / size, q / size)
        if (p * (c[0] - a[0]) + q * (c[1] - a[1])) / size <= SAME:
            return []
        return [*between(a, c), c, *between(c, b)]

    start, end = lexicographic(bob, alice), lexicographic(alice, bob)
    return [start, *between(start, end), end]


def _line(curve: list[Point], v: float) -> tuple[float, float]:
    """Return (lambda, c) of the frontier's line ``U + lambda u_A == c`` at v."""
    for (x1, y1), (x2, y2) in zip(curve, curve[1:], strict=False):
        if x1 < v <= x2 and x2 - x1 > SAME:
            slope = max(0.0, (y1 - y2) / (x2 - x1))
            return slope, y1 + slope * x1
    return 0.0, curve[0][1]  # before his favourite the Bob accepts nothing less


def play(game: Market, polytope: Polytope, step: float, deadline: Deadline | None = None) -> list[tuple[int, Floats]]:
    """Play best-response dynamics on lotteries; return the moves (Bob, scheme).

    A lottery that Alice prefers can be bettered by one that she prefers a little less, so a best deviation only
    exists if every move must raise her by some least step: `step` times her range OPT - min.
    """
    alice = polytope.table[0]
    starts = [polytope.top(row, deadline) for row in polytope.table[1:]]
    raised = rise(game, polytope, step)
    first = max(range(game.k), key=lambda j: (round(float(alice @ starts[j]), 12), -j))
    moves = [(first, starts[first])]
    turn, quiet = 0, 0
    while quiet < game.k:
        current, row = moves[-1][1], polytope.table[turn + 1]
        found = polytope.maximize(row, alice[None], np.array([alice @ current + raised]), deadline)
        if found is not None and float(row @ found) > float(row @ current) + SAME:
            moves.append((turn, found))
            quiet = 0
        else:
            quiet += 1
        turn = (turn + 1) % game.k
    return moves


def rise(game: Market, polytope: Polytope, step: float) -> float:
    """Return the least step of Alice's scaled utility."""
    ends = [np.maximum.reduceat(sign * polytope.table[0], game.first).sum() for sign in (1.0, -1.0)]
    return step * float(sum(ends))
