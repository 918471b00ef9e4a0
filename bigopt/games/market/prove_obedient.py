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
    """Return what proves the worst, the best or all values of stable lotteries that Alice obeys."""
    polytope = Obedient(game)
    paths = [path(_corners(game, polytope, j)) for j in range(game.k)]
    return {"paths": paths} | (_all(polytope, nash) if concept == "stable" else _extreme(polytope, concept, nash))


def _extreme(polytope: Obedient, concept: str, nash: bool) -> dict[str, Any]:
    """Return one stable lottery, and why nothing is beyond it."""
    game = polytope.game
    x, value, pieces = obedient.worst(game, None, nash)
    spans = [_span(polytope, piece) for piece in pieces]
    if concept == "best":
        x, value = obedient.best(game, None, nash)
        spans = [_above(polytope, value)] if value < game.opt else []
    slopes = [_at(curve, value) for curve in polytope.curves]
    return {
        "pieces": [[_starts(game, [x]), *_priced(polytope, slopes)]],
        "spans": [span for span in spans if span[0] < span[1]],
    }


def _all(polytope: Obedient, nash: bool) -> dict[str, Any]:
    """Return the stable lotteries at both ends of each stretch, and why nothing is between and beyond them."""
    game = polytope.game
    parts = obedient.stretches(polytope)
    ends = [(*part.values, part) for part in parts if part.values]
    wide = [(low, high) for low, high, _ in ends if low < high]
    alone = {low: (low, high, part) for low, high, part in ends if not any(a <= low and high <= b for a, b in wide)}
    kept = [*(one for one in ends if one[0] < one[1]), *alone.values()]
    pieces = [[_starts(game, part.ends or ()), *_priced(polytope, part.below.lines)] for _, _, part in kept]
    if game.k > 1 and max((high for _, high, _ in ends), default=Fraction(0)) < game.opt:
        slopes = [_at(curve, Fraction(game.opt)) for curve in polytope.curves]
        pieces.append([_starts(game, [obedient.top(polytope, nash)]), *_priced(polytope, slopes)])
    spans = [_span(polytope, piece) for part in parts for piece in (part.below, part.above)]
    return {"pieces": pieces, "spans": [span for span in spans if span[0] < span[1]]}


def _starts(game: Market, lotteries: Sequence[Lottery]) -> list[Entries]:
    """Return lotteries, each whole, and equal ones once."""
    return [path([_cells(game, x)])[0] for x in dict.fromkeys(lotteries)]


def _span(polytope: Obedient, piece: obedient.Piece) -> list[Any]:
    """Return a piece's multipliers as one row of whole numbers, for (u_A, U_1, ...): on the empty side of its bound."""
    first = sum((y * i.p for y, i in zip(piece.bobs, piece.lines, strict=True)), piece.least - piece.most)
    row = [
        first - piece.sense * (piece.bound is not None),
        *(y * i.q for y, i in zip(piece.bobs, piece.lines, strict=True)),
    ]
    low = piece.low if piece.bound is None or piece.sense > 0 else max(piece.bound, piece.low)
    high = piece.high if piece.bound is None or piece.sense < 0 else min(piece.bound, piece.high)
    unit = Fraction(math.lcm(*(q.denominator for q in row)), math.gcd(*(q.numerator for q in row)) or 1)
    return [low, high, [q * unit for q in row], _prices(polytope, [p * unit for p in piece.prices])]


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
