"""Proofs of stable lotteries that Alice obeys: those of `prove_lotteries`, with prices of obedience in every bound."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from bigopt.games.market.exact import obedient
from bigopt.games.market.exact.lotteries import Line, Lottery, Obedient
from bigopt.games.market.game import Market
from bigopt.games.market.prove_lotteries import MOST, path

Entries = list[list[Any]]


def witness(game: Market, concept: str, nash: bool) -> dict[str, Any]:
    """Return what proves Alice's worst or best stable lottery that she obeys."""
    polytope = Obedient(game)
    x, value, pieces = obedient.worst(game, None, nash)
    spans = [_span(polytope, piece) for piece in pieces]
    if concept == "best":
        x, value = obedient.best(game, None, nash)
        spans = [_above(polytope, value)] if value < game.opt else []
    slopes = [_at(curve, value) for curve in polytope.curves]
    return {
        "paths": [path(_corners(game, polytope, j)) for j in range(game.k)],
        "pieces": [[[path([_cells(game, x)])[0]], *_priced(polytope, slopes)]],
        "spans": [span for span in spans if span[0] < span[1]],
    }


def _span(polytope: Obedient, piece: obedient.Piece) -> list[Any]:
    """Return a piece's multipliers as one row of whole numbers, for (u_A, U_1, ...): up to its bound, if it has one."""
    first = sum((y * i.p for y, i in zip(piece.bobs, piece.lines, strict=True)), piece.least - piece.most)
    row = [first - (piece.bound is not None), *(y * i.q for y, i in zip(piece.bobs, piece.lines, strict=True))]
    high = piece.high if piece.bound is None else min(piece.bound, piece.high)
    unit = Fraction(math.lcm(*(q.denominator for q in row)), math.gcd(*(q.numerator for q in row)) or 1)
    return [piece.low, high, [q * unit for q in row], _prices(polytope, [p * unit for p in piece.prices])]


def _above(polytope: Obedient, value: Fraction) -> list[Any]:
    """Return the span above the best of a lone Bob's favourites: what he loses by more for her, weighed enough."""
    game, table = polytope.game, polytope.table
    for weight in (2**k for k in range(MOST)):
        x, prices = polytope.best(weight * table[1] + table[0])
        if polytope.value(0, x) == value:
            break
    return [value, game.opt, [1, weight], _prices(polytope, prices)]


def _corners(game: Market, polytope: Obedient, bob: int) -> list[dict[tuple[int, int], Fraction]]:
    """Return the corners of a Bob's frontier; where Alice is indifferent his favourite."""
    curve = polytope.curves[bob]
    corners = [x for line in curve for x in (line.low.x, line.high.x)] or [polytope.best(polytope.table[bob + 1])[0]]
    return [_cells(game, x) for x in corners]


def _at(curve: Sequence[Line], value: Fraction) -> Line | None:
    """Return a line of a frontier on which a value of Alice's lies."""
    return next((line for line in curve if line.low.alice <= value <= line.high.alice), None)


def _priced(polytope: Obedient, lines: Sequence[Line | None]) -> tuple[list[Fraction], list[Entries]]:
    """Return the slope of each Bob's line, and the prices that prove it."""
    slopes = [Fraction(line.p, line.q) if line else Fraction(0) for line in lines]
    prices = [_prices(polytope, line.prices, line.q) if line else [] for line in lines]
    return slopes, prices


def _prices(polytope: Obedient, prices: Sequence[Fraction], over: int = 1) -> Entries:
    """Return prices [recommended, instead, price] of the rows of obedience in Alice's unit, divided by a number."""
    n = int(polytope.game.sizes[0])
    alice = polytope.table[0].reshape(polytope.game.S, n)
    pairs = [(a, b) for a in range(n) for b in range(n) if a != b]
    common = [
        math.gcd(*(alice[:, a] - alice[:, b]).tolist()) or 1 for a, b in pairs
    ]  # the polytope's are divided by it
    return [[a, b, p / (g * over)] for (a, b), p, g in zip(pairs, prices, common, strict=True) if p > 0]


def _cells(game: Market, x: Lottery) -> dict[tuple[int, int], Fraction]:
    """Return the positive probabilities of a flat lottery by state and policy."""
    n = int(game.sizes[0])
    return {divmod(o, n): p for o, p in enumerate(x) if p}
