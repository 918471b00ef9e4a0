r"""Obedient lotteries, exactly: a polytope in integers, the Bobs' frontiers on it, and what stable schemes must meet.

Obedience (Kamenica and Gentzkow 2011): for any two actions a, b
:math:`\sum_s P(s)\, x(s, a) (u_A(s, a) - u_A(s, b)) \ge 0`; this needs actions that are common to the states. Telling
the state is always obeyed, so that the simplex method in rational numbers starts from there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from bigopt.arithmetic import simplex
from bigopt.concepts.deadline import Deadline
from bigopt.errors import LimitReached, UsageError
from bigopt.games.market.game import Exact, Market

ROWS = 400  # states and pairs of actions together; more are refused before a matrix is written
Lottery = tuple[Fraction, ...]  # flat, [N]


@dataclass(frozen=True)
class Vertex:
    """A corner of a Bob's frontier: Alice's utility, his, and an obedient scheme that attains them."""

    alice: Fraction
    bob: Fraction
    x: Lottery


@dataclass(frozen=True)
class Line:
    """``q U + p u_A <= r`` over all obedient schemes, as the prices of obedience prove; tight from low to high."""

    low: Vertex
    high: Vertex
    p: int
    q: int
    prices: Lottery


class Obedient:
    """The obedient lotteries of a game.

    Attributes
    ----------
    table : integers [1 + k, N]
    rows : integers [pairs of actions, N]
        Obedience: ``rows @ x >= 0``.
    """

    def __init__(self, game: Market, deadline: Deadline | None = None) -> None:
        """Write the rows in integers."""
        self.game, self.deadline = game, deadline or Deadline()
        self.table = game.units[0].astype(object)
        self.rows = obedience(game)
        pairs = len(self.rows)
        self.A = np.zeros((game.S + pairs, self.table.shape[1] + pairs), dtype=object)
        for s, (a, n) in enumerate(zip(game.first.tolist(), game.sizes.tolist(), strict=True)):
            self.A[s, a : a + n] = 1
        self.A[game.S :, : self.table.shape[1]] = self.rows
        self.A[game.S :, self.table.shape[1] :] = -np.eye(pairs, dtype=np.int64).astype(object)
        self.b = [1] * game.S + [0] * pairs
        told = [int(a + np.argmax(self.table[0, a : a + n])) for a, n in zip(game.first, game.sizes, strict=True)]
        self.told = [*told, *range(self.table.shape[1], self.A.shape[1])]
        self._basis: Sequence[int] = self.told

    def best(self, cost: Exact) -> tuple[Lottery, Lottery]:
        """Return a scheme that maximizes integers [N], and the prices of obedience that prove it."""
        pairs = len(self.rows)
        found = simplex.maximize(self.A, self.b, [*cost.tolist(), *[0] * pairs], self._basis, self._watch)
        self._basis = found.basis
        x = found.point(self.A.shape[1])[: self.table.shape[1]]
        return tuple(x), tuple(-price for price in found.prices[self.game.S :])

    def value(self, player: int, x: Sequence[Fraction]) -> Fraction:
        """Return a player's utility in its integer unit (0 is Alice)."""
        return sum((p * int(u) for p, u in zip(x, self.table[player], strict=True) if p), Fraction(0))

    @cached_property
    def curves(self) -> list[list[Line]]:
        """Every Bob's frontier from his favourite to Alice's optimum, by weighted sums (Eisner and Severance 1976)."""
        return [self._curve(j) for j in range(self.game.k)]

    def _vertex(self, bob: int, p: int, q: int) -> tuple[Vertex, Lottery]:
        x, prices = self.best(q * self.table[bob + 1] + p * self.table[0])
        return Vertex(self.value(0, x), self.value(bob + 1, x), x), prices

    def _curve(self, bob: int) -> list[Line]:
        start, flat = self._vertex(bob, 0, 1)
        end, _ = self._vertex(bob, 1, 0)
        least = Fraction(self.game.lowest[0])
        low = Vertex(least, start.bob, start.x)  # of less for Alice he wants nothing else
        found = [Line(low, start, 0, 1, flat), *self._between(bob, start, end)]
        return [line for line in found if line.low.alice < line.high.alice or self.game.k == 1]

    def _between(self, bob: int, a: Vertex, b: Vertex) -> list[Line]:
        """Return the lines between two points of the frontier."""
        if a.alice >= b.alice:
            return []
        slope = max(Fraction(0), (a.bob - b.bob) / (b.alice - a.alice))
        c, prices = self._vertex(bob, slope.numerator, slope.denominator)
        if slope * (c.alice - a.alice) + c.bob - a.bob <= 0:
            return [Line(a, b, slope.numerator, slope.denominator, prices)]
        return [*self._between(bob, a, c), *self._between(bob, c, b)]

    def _watch(self) -> None:
        self.deadline.check("solving a linear program over obedient lotteries in rational numbers")


def obedience(game: Market) -> Exact:
    """Return the rows of obedience in integers, a pair of actions each."""
    n = int(game.sizes[0])
    if (game.sizes != n).any() or any(row != game.policies[0] for row in game.policies):
        raise UsageError("option obedience=true: needs policies common to all states, as a recommendation must be read")
    if game.S + n * (n - 1) > ROWS:
        size = game.S + n * (n - 1)
        raise LimitReached(
            f"{game.name}: {size:,} rows of obedience and states, at most {ROWS:,} are taken: merge states"
        )
    alice = game.units[0][0].astype(object).reshape(game.S, n)
    rows = []
    for a in range(n):
        for other in range(n):
            if other != a:
                row = np.zeros((game.S, n), dtype=object)
                row[:, a] = alice[:, a] - alice[:, other]
                common = math.gcd(*row.ravel().tolist()) or 1
                rows.append(row.ravel() // common)
    return np.array(rows, dtype=object).reshape(-1, game.S * n)


def at(lines: Sequence[Line], v: Fraction) -> Lottery:
    """Return a scheme on a frontier that gives Alice v (or more where the Bob likes that better)."""
    if v <= lines[0].high.alice and lines[0].p == 0 and lines[0].low.x == lines[0].high.x:
        return lines[0].high.x
    line = next(line for line in lines if v <= line.high.alice)
    share = (v - line.low.alice) / (line.high.alice - line.low.alice)
    return tuple((1 - share) * a + share * b for a, b in zip(line.low.x, line.high.x, strict=True))
