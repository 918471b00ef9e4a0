"""Proofs of stable randomized schemes: lotteries along every Bob's frontier, and rows that none of them reaches.

A witness has `paths`: for each Bob lotteries from his favourite to Alice's optimum, each as what changes from the one
before, [state, policy, probability]; `pieces`: one or two stable lotteries with a slope of each Bob's frontier, whose
mixtures are stable too; `spans`: [low, high, row, prices], values of Alice's that no stable lottery gives her.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.counting import repeated
from bigopt.games.market.exact import randomized
from bigopt.games.market.exact.randomized import Line, Piece
from bigopt.games.market.game import Market

MOST = 200  # doublings of a row's weight
Entries = list[list[Any]]


def witness(game: Market, concept: str, nash: bool) -> dict[str, Any]:
    """Return what proves the worst, the best or all values of stable randomized schemes."""
    bends = [randomized.lines(game, j) for j in range(game.k)]
    if game.k == 1:  # he asks for his favourites whatever they give her
        bends = [[Line(game.lowest[0], game.opt, 0, 1)]]
    pieces = list(randomized.pieces(game))
    if game.k > 1 and (not pieces or pieces[-1].high < game.opt):  # nobody can offer her more than her optimum
        stable = _chosen(concept, [*pieces, Piece(game.opt, game.opt, randomized.optimum(game, nash))])
    else:
        stable = _chosen(concept, pieces)
    low = game.lowest[0] if concept != "best" else stable[-1].high
    high = game.opt if concept != "worst" else stable[0].low
    return {
        "paths": [_path(game, j, own) for j, own in enumerate(bends)],
        "pieces": [_piece(game, bends, piece, nash) for piece in stable],
        "spans": [[*gap[:2], _row(game, *gap), []] for gap in _gaps(game, bends, pieces, low, high)],
    }


def _chosen(concept: str, pieces: list[Piece]) -> list[Piece]:
    """Return the pieces that a concept needs: of the first its lower end for the worst, of the last its upper one."""
    if concept == "worst":
        return [Piece(pieces[0].low, pieces[0].low, pieces[0].common)]
    if concept == "best":
        return [Piece(pieces[-1].high, pieces[-1].high, pieces[-1].common)]
    wide = [piece for piece in pieces if piece.low < piece.high]
    points = {piece.low: piece for piece in pieces if not any(own.low <= piece.low <= own.high for own in wide)}
    return sorted([*wide, *points.values()], key=lambda piece: piece.low)


def changes(before: dict[tuple[int, int], Fraction], after: dict[tuple[int, int], Fraction]) -> Entries:
    """Return what has to be said of a lottery after another."""
    cells = sorted(before.keys() | after.keys())
    return [[*c, after.get(c, 0)] for c in cells if before.get(c, 0) != after.get(c, 0)]


def path(lotteries: Sequence[dict[tuple[int, int], Fraction]]) -> list[Entries]:
    """Return lotteries as changes, each from the one before."""
    return [changes(a, b) for a, b in pairwise([{}, *lotteries]) if a != b]


def _path(game: Market, bob: int, own: Sequence[Line]) -> list[Entries]:
    """Return the corners of a Bob's frontier: his favourite that Alice likes best, and the upper end of every line."""
    lines = [Line(0, 0, 0, 1), *own]
    return path(
        [
            _lottery(randomized.at_value(game, f, randomized.extremes(game, f)[1]))
            for f in (_face(game, bob, line) for line in lines)
        ]
    )


def _face(game: Market, bob: int, line: Line) -> npt.NDArray[np.bool_]:
    """Flag the outcomes of a line."""
    table = game.units[0].astype(object)
    row = line.q * table[bob + 1] + line.p * table[0]
    tops = repeated(np.maximum.reduceat(row, game.first), game.sizes)
    return np.asarray(row == tops, dtype=bool)


def _lottery(rows: Sequence[Sequence[Fraction]]) -> dict[tuple[int, int], Fraction]:
    """Return the positive probabilities of a scheme [S][policies]."""
    return {(s, a): p for s, row in enumerate(rows) for a, p in enumerate(row) if p}


def _piece(game: Market, bends: list[list[Line]], piece: Piece, nash: bool) -> list[Any]:
    """Return a piece's two ends, and for each Bob the slope of a line on which both lie."""
    ends = [randomized.at_value(game, piece.common, v) for v in sorted({piece.low, piece.high})]
    lines = [
        next((line for line in own if line.low <= piece.low and piece.high <= line.high), Line(0, 0, 0, 1))
        for own in bends
    ]
    return [[path([_lottery(rows)])[0] for rows in ends], [Fraction(i.p, i.q) for i in lines], [[] for _ in lines]]


def _gaps(
    game: Market, bends: list[list[Line]], pieces: list[Piece], low: int, high: int
) -> list[tuple[int, int, list[Line], bool, bool]]:
    """Return the spans from low to high without a stable lottery, cut where a Bob's frontier bends.

    Each is (low, high, everybody's line, whether the ends are left out): stable lotteries stand at ends that are.
    """
    marks = sorted({low, high, *(v for own in bends for line in own for v in (line.low, line.high) if low < v < high)})
    found: list[tuple[int, int, list[Line], bool, bool]] = []
    for a, b in pairwise(marks):
        lines = [next(line for line in own if line.low <= a and b <= line.high) for own in bends]
        here = [piece for piece in pieces if piece.low <= b and piece.high >= a]
        if not here:
            found.append((a, b, lines, False, b == game.opt))
            continue
        least, most = min(piece.low for piece in here), max(piece.high for piece in here)
        found += [(a, least, lines, False, True)] if a < least else []
        found += [(most, b, lines, True, b == game.opt)] if most < b else []
    return found


def _row(game: Market, low: int, high: int, lines: list[Line], open_low: bool, open_high: bool) -> list[int]:
    """Return integers (q_0, q_1, ...) whose row no scheme between two values brings to what stable ones need.

    Between two bends all frontiers are lines ``q_j U_j + p_j u_A = r_j``, above every scheme. Their sum, scaled, is
    above all schemes by more than Alice's utility could make up for where no scheme lies on all of them.
    """
    table = game.units[0].astype(object)
    unit = lcm(*(line.q for line in lines))
    heights = [_top(game, line.q * table[j + 1] + line.p * table[0]) for j, line in enumerate(lines)]
    slope = sum(unit // line.q * line.p for line in lines)
    height = sum(unit // line.q * r for line, r in zip(lines, heights, strict=True))
    for weight in (2**k for k in range(MOST)):
        for push in (0, -1, 1):
            first = weight * slope + push
            top = _top(game, first * table[0] + weight * unit * table[1:].sum(axis=0))
            room = [weight * height + push * v - top for v in (low, high)]
            if room[0] >= (not open_low) and room[1] >= (not open_high) and max(room) > 0:
                return [first, *[weight * unit] * len(lines)]
    return [0, *[1] * len(lines)]  # proves nothing, and the checker says so


def _top(game: Market, row: Any) -> int:
    """Return the most that a scheme makes of a row."""
    return int(np.maximum.reduceat(row, game.first).sum())
