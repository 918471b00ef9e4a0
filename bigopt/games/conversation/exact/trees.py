"""Deterministic conversation rules over few letters, up to the names of letters, and a best-responding Alice.

A Bob's own words are determined by x_B and what Alice has said, so a rule is a tree: for each letter of hers a
partition of the x_B that are still possible, and a tree below each part. A leaf is the empty tuple.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from math import comb
from typing import Any

from bigopt.games.conversation.game import Conversation

Part = tuple[int, ...]
Tree = tuple[Any, ...]  # [letters of Alice] of tuples of (part, subtree)
Acts = tuple[tuple[int, ...], ...]  # [X_A][X_B] actions


def partitions(items: Part, most: int) -> Iterator[tuple[Part, ...]]:
    """Yield the partitions of a set into at most so many parts, coarse ones first."""
    if not items:
        yield ()
    elif most:
        for rest in partitions(items[1:], most):
            for i, part in enumerate(rest):
                yield (*rest[:i], (items[0], *part), *rest[i + 1 :])
            if len(rest) < most:
                yield ((items[0],), *rest)


def count(features: int, letters: int, rounds: int) -> int:
    """Return how many trees there are; nothing is listed."""

    @lru_cache(None)
    def number(size: int, left: int) -> int:
        if left == 0:
            return 1
        return int(by_parts(size, letters, left) ** letters)

    @lru_cache(None)
    def by_parts(size: int, most: int, left: int) -> int:
        """Sum over partitions of the products of what lies below their parts, the first element's part first."""
        if size == 0:
            return 1
        if most == 0:
            return 0
        return sum(
            comb(size - 1, own - 1) * number(own, left - 1) * by_parts(size - own, most - 1, left)
            for own in range(1, size + 1)
        )

    return number(features, rounds)


def trees(features: int, letters: int, rounds: int) -> list[Tree]:
    """List all rules, silence first."""

    @lru_cache(None)
    def below(items: Part, left: int) -> tuple[Tree, ...]:
        if left == 0:
            return ((),)
        answers = [
            tuple(zip(parts, chosen, strict=True))
            for parts in sorted(partitions(items, letters), key=len)
            for chosen in product(*(below(part, left - 1) for part in parts))
        ]
        return tuple(product(answers, repeat=letters))

    return list(below(tuple(range(features)), rounds))


class Responder:
    """Alice's best response by backward induction, ties to the first (message vector, action) (Definitions 4, 6)."""

    def __init__(self, game: Conversation) -> None:
        """Keep the game's gains as Python integers and what was computed at leaves."""
        self.game = game
        self.gains = [[column.tolist() for column in gain.transpose(1, 2, 0)] for gain in game.gains]
        self.leaf = lru_cache(None)(self._leaf)

    def acts(self, rules: Sequence[Tree]) -> Acts:
        """Return the action that every pair of features leads to; the first among best ones for impossible cells."""
        everybody = tuple(range(self.game.sizes[1]))
        rows = []
        for x in range(self.game.sizes[0]):
            _, plan = self._talk(x, everybody, tuple(rules))
            row = [0] * len(everybody)
            for part, action in plan:
                for b in part:
                    row[b] = action
            rows.append(tuple(row))
        return tuple(rows)

    def totals(self, acts: Acts) -> tuple[int, ...]:
        """Return everybody's utility, Alice first, in units of their gains."""
        return tuple(
            sum(gain[x][b][action] for x, row in enumerate(acts) for b, action in enumerate(row)) for gain in self.gains
        )

    def _leaf(self, x: int, part: Part) -> tuple[int, int]:
        sums = [sum(values) for values in zip(*(self.gains[0][x][b] for b in part), strict=True)]
        best = max(sums)
        return best, sums.index(best)

    def _talk(self, x: int, part: Part, rules: tuple[Tree, ...]) -> tuple[int, tuple[tuple[Part, int], ...]]:
        """Return the value and the actions (part, action) that follow."""
        if not rules[0]:
            value, action = self.leaf(x, part)
            return value, ((part, action),)
        best: tuple[int, tuple[tuple[Part, int], ...]] | None = None
        for words in product(range(len(rules[0])), repeat=len(rules)):
            value, plan = 0, list[tuple[Part, int]]()
            for inside, below in _heard(part, [rule[word] for rule, word in zip(rules, words, strict=True)]):
                more, acts = self._talk(x, inside, below)
                value += more
                plan += acts
            if best is None or value > best[0]:
                best = (value, tuple(plan))
        assert best is not None
        return best


def _heard(part: Part, answers: Sequence[Sequence[tuple[Part, Tree]]]) -> list[tuple[Part, tuple[Tree, ...]]]:
    """Return the parts that the Bobs' answers tell apart, with the trees below."""
    open_: list[tuple[Part, tuple[Tree, ...]]] = [(part, ())]
    for answer in answers:
        following = []
        for inside, below in open_:
            for piece, tree in answer:
                both = tuple(b for b in inside if b in piece)
                if both:
                    following.append((both, (*below, tree)))
        open_ = following
    return open_
