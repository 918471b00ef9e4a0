"""What no Bob can exceed where Alice has v: bounds on the frontiers of lotteries, proved by prices, in fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol

import numpy as np

from bigopt.arithmetic.counting import repeated
from bigopt.concepts.deadline import Deadline
from bigopt.games.market.exact import obedient, randomized
from bigopt.games.market.exact.lotteries import Line, Obedient
from bigopt.games.market.game import Exact, Market

Bound = tuple[Fraction, Fraction]  # what the Bob gets at most, and how much of it a unit of Alice's costs him


class Frontiers(Protocol):
    """Upper bounds on what each Bob gets."""

    def ceiling(self, bob: int, v: Fraction) -> Bound:
        """Return the bound on U_j over all schemes that give Alice v <= OPT or more, and minus its slope there."""
        ...


class Free:
    """Lotteries of any kind: ``q U + p u_A`` is at most the sum of its largest value in each state."""

    def __init__(self, game: Market) -> None:
        """Ask for the lines, whose heights are recomputed here."""
        self.game, self.table = game, game.units[0].astype(object)
        self.lines = [randomized.lines(game, j) for j in range(game.k)]

    def ceiling(self, bob: int, v: Fraction) -> Bound:
        """Return the bound by the line at v; where all schemes please Alice alike there is none, nor a need of it."""
        line = next((line for line in self.lines[bob] if v <= line.high), None)
        p, q = (line.p, line.q) if line is not None else (0, 1)
        height = highest(self.game, q * self.table[bob + 1] + p * self.table[0])
        return (height - p * v) / q, Fraction(p, q)

    def tight(self, bob: int) -> bool:
        """Whether schemes on the lines reach every value from Alice's least to her optimum: nothing is overstated."""
        at = self.game.lowest[0]
        for line in self.lines[bob]:
            row = line.q * self.table[bob + 1] + line.p * self.table[0]
            face = (row == repeated(np.maximum.reduceat(row, self.game.first), self.game.sizes)).astype(bool)
            low, high = randomized.extremes(self.game, face)
            if line.low != at or high < line.high or (low > line.low and line.p > 0):
                return False
            at = line.high
        return at == self.game.opt


class Obeyed:
    """Obedient lotteries: the same with the prices of obedience."""

    def __init__(self, game: Market, deadline: Deadline) -> None:
        """Ask for the frontiers."""
        self.game, self.polytope = game, Obedient(game, deadline)

    def ceiling(self, bob: int, v: Fraction) -> Bound:
        """Return the bound by the line at v."""
        line = next((line for line in self.polytope.curves[bob] if v <= line.high.alice), None)
        if line is None:
            _, prices = self.polytope.best(self.polytope.table[bob + 1])
            p, q = 0, 1
        else:
            p, q, prices = line.p, line.q, line.prices
        row = q * self.polytope.table[bob + 1] + p * self.polytope.table[0]
        return (highest(self.game, priced(self.polytope, row, prices)) - p * v) / q, Fraction(p, q)


def highest(game: Market, row: Exact) -> Fraction:
    """Return the largest value of a row over lotteries: its largest entry in each state."""
    ends = [*game.first.tolist(), len(row)]
    return sum((Fraction(max(row[a:b])) for a, b in zip(ends, ends[1:], strict=False)), Fraction(0))


def priced(polytope: Obedient, row: Exact, prices: Sequence[Fraction]) -> Exact:
    """Return a row plus the obedience rows at prices >= 0 (others count as 0): no less for any obedient scheme."""
    found: Exact = row * Fraction(1)
    for price, obeyed in zip(prices, polytope.rows, strict=True):
        if price > 0:
            found = found + price * obeyed
    return found


def nothing_below(polytope: Obedient, pieces: Sequence[obedient.Piece], v: Fraction) -> bool:
    """Whether pieces prove that no stable obedient scheme gives Alice less than v.

    A stable scheme of the piece has ``q_j U_j + p_j u_A >= r_j`` for each Bob, since two schemes of such values exist;
    the multipliers then contradict it, or bound u_A.
    """
    game = polytope.game
    at = Fraction(game.lowest[0])
    for piece in sorted(pieces, key=lambda piece: piece.low):
        if at >= v:
            break
        bounded = piece.bound is None or (piece.bound >= v and piece.sense == 1)
        if piece.low > at or not bounded or not _sure(polytope, piece):
            return False
        at = max(at, piece.high)
    return at >= v


def nothing_else(polytope: Obedient, stretches: Sequence[obedient.Stretch]) -> bool:
    """Whether stretches prove which values of Alice's stable obedient schemes attain, from her least to her optimum."""
    at = Fraction(polytope.game.lowest[0])
    for part in stretches:
        if part.low > at or not _filled(polytope, part):
            return False
        at = max(at, part.high)
    return at >= polytope.game.opt


def _filled(polytope: Obedient, part: obedient.Stretch) -> bool:
    """Whether the ends of a stretch are stable, and multipliers prove that nothing beyond them is."""
    for piece, x in zip((part.below, part.above), part.ends or (None, None), strict=True):
        if (piece.low, piece.high) != (part.low, part.high) or not _sure(polytope, piece):
            return False
        if (x is None) != (piece.bound is None) or (x is not None and not _stands(polytope, piece, x)):
            return False
    return (part.below.sense, part.above.sense) == (1, -1) or part.ends is None


def _stands(polytope: Obedient, piece: obedient.Piece, x: Sequence[Fraction]) -> bool:
    """Whether an obedient scheme gives Alice a piece's bound, within the piece, and lies on every Bob's line."""
    v = polytope.value(0, x)
    on = (line.q * polytope.value(j + 1, x) + line.p * v >= level(line) for j, line in enumerate(piece.lines))
    return v == piece.bound and piece.low <= v <= piece.high and _obedient(polytope, x) and all(on)


def level(line: Line) -> Fraction:
    """Return what ``q U + p u_A`` is on a line."""
    return line.q * line.low.bob + line.p * line.low.alice


def _obedient(polytope: Obedient, given: Sequence[Fraction]) -> bool:
    """Whether probabilities are a lottery in each state that Alice obeys."""
    x = np.array(given, dtype=object)
    sums = np.add.reduceat(x, polytope.game.first)
    return bool(min(x) >= 0 and (sums == 1).all() and min(polytope.rows @ x, default=0) >= 0)


def _sure(polytope: Obedient, piece: obedient.Piece) -> bool:
    """Whether a piece lies where its lines are the frontiers (a lone Bob's favourites count everywhere), and proves."""
    lone = polytope.game.k == 1 and piece.lines[0].p == 0
    return all(
        _attained(polytope, j, line) and (lone or (line.low.alice <= piece.low and piece.high <= line.high.alice))
        for j, line in enumerate(piece.lines)
    ) and _contradicts(polytope, piece)


def _attained(polytope: Obedient, bob: int, line: Line) -> bool:
    """Whether both ends of a line are reached, or more, by obedient schemes, and lie on it."""
    if line.p < 0 or line.q <= 0 or line.q * line.high.bob + line.p * line.high.alice != level(line):
        return False
    for corner in (line.low, line.high):
        if not _obedient(polytope, corner.x):
            return False
        if polytope.value(0, corner.x) < corner.alice or polytope.value(bob + 1, corner.x) < corner.bob:
            return False
    return True


def _contradicts(polytope: Obedient, piece: obedient.Piece) -> bool:
    """Evaluate the multipliers of a piece: their sum is negative for every scheme, or at most what u_A is off."""
    if min((*piece.bobs, piece.least, piece.most, *piece.prices)) < 0:
        return False
    alice = polytope.table[0] * Fraction(1)
    row = alice * (piece.least - piece.most)
    constant = piece.most * piece.high - piece.least * piece.low
    for j, (line, weight) in enumerate(zip(piece.lines, piece.bobs, strict=True)):
        row = row + weight * (line.q * polytope.table[j + 1] + line.p * polytope.table[0])
        constant -= weight * level(line)
    if piece.bound is not None:
        row, constant = row - piece.sense * alice, constant + piece.sense * piece.bound
    top = highest(polytope.game, priced(polytope, row, piece.prices)) + constant
    return top < 0 if piece.bound is None else top <= 0
