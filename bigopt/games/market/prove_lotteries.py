"""Spans of Alice's utility without stable randomized schemes, each with the row that shows it."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from bigopt.games.market.exact import randomized
from bigopt.games.market.game import Market

MOST = 200  # doublings of a row's weight


def witness(game: Market, concept: str, nash: bool) -> dict[str, Any]:
    """Return a scheme [S][policies] of fractions, and for `worst` the spans below its value."""
    if concept == "best":
        rows = randomized.at_value(game, randomized.optimum(game, nash), game.opt)
        return {"scheme": rows, "spans": []}
    rows, value = randomized.worst(game, None, nash)
    return {"scheme": rows, "spans": spans(game, Fraction(value))}


def spans(game: Market, value: Fraction) -> list[list[Any]]:
    """Return spans [low, high, [row]] from Alice's least utility to a value, cut where a Bob's frontier bends.

    Between two bends all frontiers are lines ``q_j U_j + p_j u_A = r_j``, above every scheme. Their sum, scaled, is
    above all schemes by more than Alice's utility could make up for where no scheme lies on all of them.
    """
    bends = [randomized.lines(game, j) for j in range(game.k)]
    if game.k == 1:  # he asks for his favourites whatever they give her
        bends = [[randomized.Line(game.lowest[0], game.opt, 0, 1)]]
    ends = {Fraction(v) for own in bends for line in own for v in (line.low, line.high)} | {value}
    marks = sorted(v for v in ends if v <= value)
    found = []
    for low, high in zip(marks, marks[1:], strict=False):
        lines = [next(line for line in own if line.low <= low and high <= line.high) for own in bends]
        found.append([low, high, [_row(game, lines, low, high)]])
    return found


def _row(game: Market, lines: list[randomized.Line], low: Fraction, high: Fraction) -> list[int]:
    """Return integers (q_0, q_1, ...) whose row no scheme between two values brings to what stable ones need."""
    table = game.units[0].astype(object)
    unit = lcm(*(line.q for line in lines))
    heights = [_top(game, line.q * table[j + 1] + line.p * table[0]) for j, line in enumerate(lines)]
    slope = sum(unit // line.q * line.p for line in lines)
    height = sum(unit // line.q * r for line, r in zip(lines, heights, strict=True))
    for weight in (2**k for k in range(MOST)):
        for push in (0, -1, 1):
            first = weight * slope + push
            top = _top(game, first * table[0] + weight * unit * table[1:].sum(axis=0))
            asked = [weight * height + push * v for v in (low, high)]
            if top < asked[0] and top <= asked[1]:
                return [first, *[weight * unit] * len(lines)]
    return [0, *[1] * len(lines)]  # proves nothing, and the checker says so


def _top(game: Market, row: Any) -> int:
    """Return the most that a scheme makes of a row."""
    return int(np.maximum.reduceat(row, game.first).sum())
