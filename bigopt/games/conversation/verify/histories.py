"""Several rounds with a quantal Alice once more: rules played, and a Bob's best one by all partitions after a history.

A cell is an x_A with the features x_B that fit what she has heard, a sum of 2^b. Announcements are beliefs.
A Bob knows which part of his features he has told, so that what follows in one part is no matter in another: after each
history the best partition is looked for among all of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.games.conversation.exact.closure import stake
from bigopt.games.conversation.exact.reply_tree import TreeRule
from bigopt.games.conversation.game import Conversation

Belief = tuple[Fraction, ...]  # of each action, in units of the game's gains
Heard = tuple[Belief, ...]
Cell = tuple[int, int]
Cells = tuple[Cell, ...]  # ascending


@dataclass(frozen=True)
class Rule:
    """The label that each feature says after each history that is listed, and after any other."""

    otherwise: tuple[int, ...]
    listed: dict[Heard, tuple[int, ...]]

    @classmethod
    def of(cls, rule: TreeRule) -> Rule:
        """Read what was heard, weights and gains in lowest terms, as beliefs; other numbers are never announced."""
        listed = {
            tuple(tuple(Fraction(g, weight) for g in gains) for weight, *gains in heard): words
            for heard, words in rule.listed.items()
            if all(message[:1] > (0,) and math.gcd(*message) == 1 for message in heard)
        }
        return cls(rule.otherwise, listed)

    def said(self, heard: Heard, b: int) -> int:
        """Return what feature b says."""
        return self.listed.get(heard, self.otherwise)[b]


@dataclass(eq=False)
class Talk:
    """The conversation of a game with a quantal Alice; `strength` is lambda."""

    game: Conversation
    strength: float
    deadline: Deadline
    _worth: dict[Cell, Floats] = field(default_factory=dict)

    def stakes(self) -> Floats:
        """Return what each Bob decides after each of Alice's first announcements [k, announcements]."""
        heard = [[a for a, _ in cells] for _, cells in self._announced((), self._first())]
        return np.array([[stake(self.game, rows, bob, self.strength) for rows in heard] for bob in range(self.game.k)])

    def played(self, rules: Sequence[Rule]) -> Floats:
        """Return everybody's amount beyond an informed Alice after each first announcement [announcements, 1 + k]."""
        return np.array([self._after(heard, cells, rules) for heard, cells in self._announced((), self._first())])

    def best(self, rules: Sequence[Rule], bob: int) -> Floats:
        """Return the most that a Bob can have there by any deterministic rule beside the others' [announcements]."""
        others = [rule for j, rule in enumerate(rules) if j != bob]

        @lru_cache(None)
        def told(heard: Heard, cells: Cells) -> float:
            """Return what is left where he has told that x_B is in these cells."""
            self.deadline.check("looking for a Bob's best rule a second time")
            after = self._split(heard, cells, others)
            if len(heard) == self.game.rounds:
                return sum(float(self.worth(cell)[bob + 1]) for cell in after)
            return sum(most(*group) for group in self._announced(heard, after))

        @lru_cache(None)
        def most(heard: Heard, cells: Cells) -> float:
            every = 0
            for _, inside in cells:
                every |= inside
            return max(sum(told(heard, _inside(cells, part)) for part in parts) for parts in _partitions(every))

        return np.array([most(heard, cells) for heard, cells in self._announced((), self._first())])

    def worth(self, cell: Cell) -> Floats:
        """Return everybody's amount where Alice chooses by her belief in a cell, as shares of the prior [1 + k]."""
        if cell not in self._worth:
            a, columns = cell[0], _members(cell[1])
            weight = int(self.game.mass[a, columns].sum())
            sums = [[int(v) for v in table[:, a, columns].sum(axis=1)] for table in self.game.decided]
            units = self.game.units[1]
            mu = [float(Fraction(g - max(sums[0]), weight) * units[0]) for g in sums[0]]
            chances = np.exp(self.strength * np.array(mu))
            amounts = [[float(g * unit / self.game.total) for g in row] for row, unit in zip(sums, units, strict=True)]
            self._worth[cell] = np.array(amounts) @ chances / chances.sum()
        return self._worth[cell]

    def _first(self) -> Cells:
        rows = [(a, sum(1 << b for b in np.flatnonzero(row).tolist())) for a, row in enumerate(self.game.possible)]
        return tuple(cell for cell in rows if cell[1])

    def _after(self, heard: Heard, cells: Cells, rules: Sequence[Rule]) -> Floats:
        told = self._split(heard, cells, rules)
        if len(heard) == self.game.rounds:
            return np.asarray(sum(self.worth(cell) for cell in told))
        return np.asarray(sum(self._after(*group, rules) for group in self._announced(heard, told)))

    def _split(self, heard: Heard, cells: Cells, rules: Sequence[Rule]) -> Cells:
        """Return Alice's cells after the words of some Bobs."""
        found: dict[tuple[int, ...], int] = {}
        for a, inside in cells:
            for b in _members(inside):
                place = (a, inside, *(rule.said(heard, b) for rule in rules))
                found[place] = found.get(place, 0) | 1 << b
        return tuple(sorted((place[0], part) for place, part in found.items()))

    def _announced(self, heard: Heard, cells: Cells) -> list[tuple[Heard, Cells]]:
        """Return the histories that Alice's next announcement leads to, each with its cells."""
        found: dict[Belief, list[Cell]] = {}
        for a, inside in cells:
            columns = _members(inside)
            weight = int(self.game.mass[a, columns].sum())
            gains = self.game.gains[0][:, a, columns].sum(axis=1).tolist()
            found.setdefault(tuple(Fraction(int(g), weight) for g in gains), []).append((a, inside))
        return [((*heard, belief), tuple(group)) for belief, group in found.items()]


def _members(columns: int) -> list[int]:
    return [b for b in range(columns.bit_length()) if columns >> b & 1]


def _inside(cells: Cells, part: int) -> Cells:
    return tuple((a, columns & part) for a, columns in cells)  # an empty cell is dropped where words split it


def _partitions(columns: int) -> Iterator[list[int]]:
    """Yield the partitions of a set: an element joins a part, or is a new one."""
    if not columns:
        yield []
        return
    first = columns & -columns
    for rest in _partitions(columns ^ first):
        yield [*rest, first]
        yield from ([*rest[:i], part | first, *rest[i + 1 :]] for i, part in enumerate(rest))
