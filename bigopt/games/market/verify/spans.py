r"""Where lotteries are stable, a second way: for every outcome the values of Alice's at which it is on all frontiers.

A stable lottery that gives Alice v, strictly between two kinks, lies on every Bob's line there, and so uses outcomes
alone that are on all of these lines. Which values an outcome stands at is one interval (concavity); that the lines are
the frontiers is `Free.tight`'s to say. What stands at v reaches v itself or does not.
"""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.counting import repeated
from bigopt.concepts.deadline import Deadline
from bigopt.games.market.game import Exact, Market
from bigopt.games.market.verify.frontiers import Free

Span = tuple[int, int]


def spans(free: Free, deadline: Deadline) -> list[Span]:
    """Return the intervals of Alice's utility, in her integer unit, that have stable lotteries."""
    game = free.game
    if game.k == 1:
        row = free.table[1]
        return [_reach(game, np.asarray(row == _best(game, row), dtype=bool))]
    low, high = _standing(free)
    kinks = sorted({v for lines in free.lines for line in lines for v in (line.low, line.high)})
    found: list[Span] = []
    for a, b in zip(kinks, kinks[1:], strict=False):
        deadline.check("following every outcome along the frontiers for the certificate")
        there = np.asarray((low <= a) & (high >= b), dtype=bool)
        if not np.logical_or.reduceat(there, game.first).all():
            continue
        least, most = _reach(game, there)
        if max(a, least) <= min(b, most):
            found.append((max(a, least), min(b, most)))
    return _joined([*found, (game.opt, game.opt)])


def _standing(free: Free) -> tuple[Exact, Exact]:
    """Return for every outcome the least and the largest v at which it is on every Bob's line; none: low >= high."""
    game, size = free.game, free.table.shape[1]
    bottom, top = np.full(size, game.lowest[0], dtype=object), np.full(size, game.opt, dtype=object)
    low, high = bottom, top
    for j, lines in enumerate(free.lines):
        first, last = top.copy(), bottom.copy()
        for line in lines:
            row = line.q * free.table[j + 1] + line.p * free.table[0]
            on = np.asarray(row == _best(game, row), dtype=bool)
            first[on] = np.minimum(first[on], line.low)
            last[on] = np.maximum(last[on], line.high)
        low, high = np.maximum(low, first), np.minimum(high, last)
    return low, high


def _best(game: Market, row: Exact) -> Exact:
    return repeated(np.maximum.reduceat(row, game.first), game.sizes)


def _reach(game: Market, allowed: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Span:
    """Return the least and the largest that schemes of allowed outcomes give Alice; each state has one."""
    ends = [*game.first.tolist(), len(allowed)]
    alice = game.units[0][0].tolist()
    inside = [[alice[o] for o in range(a, b) if allowed[o]] for a, b in zip(ends, ends[1:], strict=False)]
    return sum(map(min, inside)), sum(map(max, inside))


def _joined(found: list[Span]) -> list[Span]:
    """Return intervals that don't touch."""
    joined: list[Span] = []
    for a, b in sorted(found):
        if joined and a <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        else:
            joined.append((a, b))
    return joined
