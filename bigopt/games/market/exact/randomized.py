r"""Stable randomized schemes, exactly: along the concave frontiers, without a single LP solve.

With lotteries over policies :math:`\varphi_j(v) = \max\{U_j(g) : u_A(g) \ge v\}` is concave and piecewise linear: the
optimal value of a parametric LP whose bases change where :math:`U_j + \lambda u_A` ties within a state. Between two
breakpoints with slope :math:`-\lambda_j`, f is stable iff it lies on every Bob's frontier, that is, iff in each state
it only uses policies that maximize :math:`U_j + \lambda_j u_A` for all j at once. On such a piece Alice's utility
then takes every value between the least and the largest of those common policies. All numbers are fractions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.counting import repeated
from bigopt.concepts.deadline import Deadline
from bigopt.games.market.exact.obedient import rise, turns
from bigopt.games.market.game import Exact, Market
from bigopt.games.market.response import monopoly


@dataclass(frozen=True)
class Line:
    """One linear piece of a Bob's frontier: ``q U + p v == q height_at(low)`` for low <= v <= high."""

    low: int
    high: int
    p: int
    q: int


@dataclass(frozen=True)
class Piece:
    """An interval of Alice's utility with stable randomized schemes: those that only use the common policies.

    `low` and `high` are in Alice's integer unit; `common` flags the flat outcomes.
    """

    low: int
    high: int
    common: npt.NDArray[np.bool_]


def lines(game: Market, bob: int) -> list[Line]:
    """Return the pieces of a Bob's frontier from Alice's least utility to her optimum, v ascending."""
    table = game.units[0]
    at = game.lowest[0]
    edges: dict[Fraction, int] = {}
    start = 0
    for s in range(game.S):
        own = table[[0, bob + 1], game.first[s] : game.first[s] + game.sizes[s]]
        points = sorted(zip(own[0].tolist(), own[1].tolist(), strict=True))
        hull: list[tuple[int, int]] = []
        top = max(u for _, u in points)
        best = max(v for v, u in points if u == top)
        start += best
        for v, u in points:
            if v < best:
                continue
            while hull and hull[-1][1] <= u:
                hull.pop()
            while len(hull) >= 2 and _cross(hull[-2], hull[-1], (v, u)) >= 0:
                hull.pop()
            hull.append((v, u))
        for (v1, u1), (v2, u2) in zip(hull, hull[1:], strict=False):
            slope = Fraction(u1 - u2, v2 - v1)
            edges[slope] = edges.get(slope, 0) + v2 - v1
    found = [Line(at, start, 0, 1)] if at < start else []
    for slope in sorted(edges):
        found.append(Line(start, start + edges[slope], slope.numerator, slope.denominator))
        start += edges[slope]
    return found


def pieces(game: Market, deadline: Deadline | None = None) -> Iterator[Piece]:
    """Yield every piece of stable randomized schemes below Alice's optimum, v ascending."""
    table = game.units[0].astype(object)
    if game.k == 1:  # his favourites, whatever they give her
        favourite = _face(game, table[1])
        yield Piece(*extremes(game, favourite), favourite)
        return
    all_lines = [lines(game, j) for j in range(game.k)]
    marks = sorted({v for row in all_lines for line in row for v in (line.low, line.high)})
    place = [0] * game.k
    faces: list[npt.NDArray[np.bool_] | None] = [None] * game.k
    for low, high in zip(marks, marks[1:], strict=False):
        if deadline is not None:
            deadline.check("following the frontiers of randomized schemes")
        for j, row in enumerate(all_lines):
            while row[place[j]].high <= low:
                place[j] += 1
                faces[j] = None
            if faces[j] is None:
                line = row[place[j]]
                faces[j] = _face(game, line.q * table[j + 1] + line.p * table[0])
        common = np.logical_and.reduce([face for face in faces if face is not None])
        if not np.logical_or.reduceat(common, game.first).all():
            continue
        least, most = extremes(game, common)
        if max(low, least) <= min(high, most):
            yield Piece(max(low, least), min(high, most), common)


def intervals(
    game: Market, deadline: Deadline | None = None, nash: bool = False
) -> list[tuple[int, int, npt.NDArray[np.bool_]]]:
    """Return (low, high, the common policies at low) of each interval of u_A that has stable randomized schemes."""
    found: list[tuple[int, int, npt.NDArray[np.bool_]]] = []
    for piece in pieces(game, deadline):
        if found and found[-1][1] >= piece.low:
            found[-1] = (found[-1][0], max(found[-1][1], piece.high), found[-1][2])
        else:
            found.append((piece.low, piece.high, piece.common))
    if game.k > 1 and (not found or found[-1][1] < game.opt):
        found.append((game.opt, game.opt, optimum(game, nash)))
    return found


def extremes(game: Market, allowed: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Return Alice's least and largest utility over schemes that only use the allowed outcomes (some in each state)."""
    alice = game.units[0][0].astype(object)
    bottom, top = int(alice.min()), int(alice.max())
    low = np.minimum.reduceat(np.where(allowed, alice, top), game.first).sum()
    high = np.maximum.reduceat(np.where(allowed, alice, bottom), game.first).sum()
    return int(low), int(high)


def at_value(game: Market, allowed: npt.NDArray[np.bool_], v: Fraction | int) -> list[list[Fraction]]:
    """Return a scheme [S][policies] over allowed outcomes that gives Alice exactly v; at most one state is mixed."""
    alice = game.units[0][0]
    scheme, missing = [], Fraction(v - extremes(game, allowed)[0])
    for s in range(game.S):
        a, n = int(game.first[s]), int(game.sizes[s])
        inside = [i for i in range(n) if allowed[a + i]]
        low, high = min(inside, key=lambda i: alice[a + i]), max(inside, key=lambda i: alice[a + i])
        room = int(alice[a + high]) - int(alice[a + low])
        share = min(Fraction(1), missing / room) if room else Fraction(0)
        missing -= share * room
        row = [Fraction(0)] * n
        row[low] += 1 - share
        row[high] += share
        scheme.append(row)
    return scheme


def optimum(game: Market, nash: bool = False) -> npt.NDArray[np.bool_]:
    """Flag the outcomes that are best for Alice in their state, and for the first Bob among them if `nash`."""
    alice, bob = game.units[0][:2]
    best = _face(game, alice)
    return best & _face(game, np.where(best, bob, bob.min() - 1)) if nash else best


def worst(game: Market, deadline: Deadline | None = None, nash: bool = False) -> tuple[list[list[Fraction]], int]:
    """Return Alice's worst stable randomized scheme and its utility, in her integer unit."""
    piece = next(pieces(game, deadline), None)
    if piece is None or (piece.low >= game.opt and game.k > 1):
        return at_value(game, optimum(game, nash), game.opt), game.opt
    return at_value(game, piece.common, piece.low), piece.low


def play(game: Market, step: float, deadline: Deadline | None = None) -> list[tuple[int, tuple[Fraction, ...]]]:
    """Play best-response dynamics on lotteries (`obedient.play` without obedience); return the moves (Bob, scheme)."""
    table = game.units[0].astype(object)
    all_lines = [lines(game, j) for j in range(game.k)]

    def value(player: int, x: tuple[Fraction, ...]) -> Fraction:
        return sum((p * int(u) for p, u in zip(x, table[player], strict=True) if p), Fraction(0))

    def reply(bob: int, v: Fraction) -> tuple[Fraction, ...]:
        line = next((line for line in all_lines[bob] if v <= line.high), None)
        face = _face(game, table[bob + 1] if line is None else line.q * table[bob + 1] + line.p * table[0])
        low, _ = extremes(game, face)
        return tuple(p for row in at_value(game, face, max(v, Fraction(low))) for p in row)

    starts = []
    for j in range(game.k):
        chosen = monopoly(game, j) + game.first
        starts.append(tuple(Fraction(int(o in set(chosen.tolist()))) for o in range(table.shape[1])))
    return turns(game, starts, rise(game, step), value, reply, deadline)


def _face(game: Market, row: Exact) -> npt.NDArray[np.bool_]:
    """Flag the outcomes that maximize a row in their state."""
    tops = np.maximum.reduceat(row, game.first)
    return np.asarray(row == repeated(tops, game.sizes), dtype=bool)


def _cross(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
    """Return > 0 where b lies below the line from a to c, 0 on it."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
