r"""Deterministic rules of several rounds against a straightforward, quantal Alice, and a Bob's best one.

All Bobs hear the same announcements, so that a rule says, after each history of these, by which labels of x_B to speak.
Alice at x_A knows a cell: the x_B that fit all words. A Bob who has heard h faces the pairs of x_A and cell that fit h
and his own words; whatever part T of his features he tells next, what follows in T has no bearing on what follows in
other parts. His best rule is a dynamic program: the value of a part is the sum over Alice's next announcements, and the
best partition into parts a program over subsets. Utilities are floats (softmax); announcements are compared as integers
in lowest terms.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.errors import UsageError
from bigopt.games.conversation.exact.closure import stake
from bigopt.games.conversation.exact.replies import best_partition
from bigopt.games.conversation.exact.variances import members
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.rules import Rule

Message = tuple[int, ...]  # weight and gains of a cell in lowest terms
Heard = tuple[Message, ...]
Words = tuple[int, ...]  # a label a feature x_B
Cells = frozenset[tuple[int, frozenset[int]]]  # Alice's x_A with the x_B that fit
FEATURES = 6  # all subsets of them are valued after every history
ROUNDS = 60  # more are refused: histories are walked one within the other
NODES = 200_000  # histories of one best reply; more are refused


@dataclass(frozen=True)
class TreeRule:
    """What a Bob says after each history that is listed, and `otherwise`; or his belief, if he is `straightforward`."""

    otherwise: Words
    listed: Mapping[Heard, Words] = field(default_factory=dict)
    straightforward: bool = False

    def words(self, heard: Heard) -> Words:
        """Return the label that each feature says."""
        return self.listed.get(heard, self.otherwise)


@dataclass(eq=False)
class Tree:
    """The conversation of a game as histories; `strength` is lambda."""

    game: Conversation
    strength: float
    deadline: Deadline | None = None
    nodes: int = 0
    _said: dict[tuple[int, frozenset[int]], Message] = field(default_factory=dict)
    _worth: dict[tuple[int, frozenset[int]], Floats] = field(default_factory=dict)

    def announced(self, cells: Cells) -> dict[Message, Cells]:
        """Return the cells by what Alice announces in them."""
        groups: dict[Message, set[tuple[int, frozenset[int]]]] = {}
        for cell in cells:
            groups.setdefault(self._message(cell), set()).add(cell)
        return {message: frozenset(group) for message, group in groups.items()}

    def start(self) -> dict[Message, Cells]:
        """Return what Alice announces first, with the cells."""
        rows = self.game.possible
        return self.announced(
            frozenset((a, frozenset(np.flatnonzero(r).tolist())) for a, r in enumerate(rows) if any(r))
        )

    def utilities(self, rules: Sequence[TreeRule]) -> Floats:
        """Return everybody's expected utility [1 + k] when the Bobs play rules."""
        return np.asarray(self.amounts(rules) + self.game.informed())

    def amounts(self, rules: Sequence[TreeRule]) -> Floats:
        """Return what everybody gets beyond an informed Alice [1 + k]."""
        return np.asarray(self.parts(rules).sum(axis=0))

    def parts(self, rules: Sequence[TreeRule]) -> Floats:
        """Return the same after each of Alice's first announcements [announcements, 1 + k]."""
        return np.array([self.after((m,), cells, rules) for m, cells in sorted(self.start().items())])

    def stakes(self) -> Floats:
        """Return what each Bob decides after each of them [announcements, k]."""
        heard = [sorted(a for a, _ in cells) for _, cells in sorted(self.start().items())]
        return np.array([[stake(self.game, rows, bob, self.strength) for bob in range(self.game.k)] for rows in heard])

    def after(self, heard: Heard, cells: Cells, rules: Sequence[TreeRule]) -> Floats:
        """Return what comes of it after a history, in these cells: `amounts`, prior included."""
        told = self.split(cells, [self.words(rule, heard, cells) for rule in rules])
        if len(heard) == self.game.rounds:
            return np.asarray(np.sum([self.worth(cell) for cell in told], axis=0))
        ends = [self.after((*heard, m), group, rules) for m, group in self.announced(told).items()]
        return np.asarray(np.sum(ends, axis=0))

    def best_reply(self, rules: Sequence[TreeRule], bob: int) -> tuple[float, TreeRule]:
        """Return a Bob's largest amount by any rule beside the others', and a rule that has it."""
        others = [rule for j, rule in enumerate(rules) if j != bob]
        rule: dict[Heard, list[int]] = {}
        self.nodes = 0

        def part(heard: Heard, cells: Cells, kept: frozenset[int], go: Callable[[Heard, Cells], float]) -> float:
            inside = frozenset((a, cell & kept) for a, cell in cells if cell & kept)
            told = self.split(inside, [self.words(other, heard, inside) for other in others])
            if len(heard) == self.game.rounds:
                return sum(float(self.worth(cell)[bob + 1]) for cell in told)
            return sum(go((*heard, m), group) for m, group in self.announced(told).items())

        @functools.cache
        def solved(heard: Heard, cells: Cells) -> tuple[float, list[frozenset[int]]]:
            self._count()
            columns = sorted(frozenset().union(*(cell for _, cell in cells)))
            sets = [frozenset(columns[i] for i in members(mask)) for mask in range(1 << len(columns))]
            values = np.array([part(heard, cells, kept, value) if kept else 0.0 for kept in sets])
            parts = [sets[mask] for mask in best_partition(values)]
            return sum(float(values[sets.index(kept)]) for kept in parts), parts

        def value(heard: Heard, cells: Cells) -> float:
            return solved(heard, cells)[0]

        def follow(heard: Heard, cells: Cells) -> float:
            found, parts = solved(heard, cells)
            words = rule.setdefault(heard, [0] * self.game.sizes[1])
            for kept in parts:
                for b in kept:
                    words[b] = min(kept)
                if len(heard) < self.game.rounds:
                    part(heard, cells, kept, follow)
            return found

        total = sum(value((m,), cells) for m, cells in self.start().items())
        for m, cells in self.start().items():
            follow((m,), cells)
        old = rules[bob]  # off the path of the new rule it stays
        return total, TreeRule(old.otherwise, {**old.listed, **{heard: tuple(w) for heard, w in rule.items()}})

    def words(self, rule: TreeRule, heard: Heard, cells: Cells) -> Words:
        """Return what each feature says where these cells are left: who knows x_B knows which rows x_A fit."""
        if not rule.straightforward:
            return rule.words(heard)
        known: dict[Message, int] = {}
        words = [0] * self.game.sizes[1]
        for b in frozenset().union(*(columns for _, columns in cells)):
            rows = [a for a, columns in cells if b in columns and self.game.possible[a, b]]
            words[b] = known.setdefault(self._lowest(rows, [b]), len(known))
        return tuple(words)

    def worth(self, cell: tuple[int, frozenset[int]]) -> Floats:
        """Return everybody's amount where Alice chooses in a cell, prior included [1 + k]."""
        if cell not in self._worth:
            a, columns = cell
            inside, units = sorted(columns), self.game.units[1]
            sums = [table[:, a, inside].astype(float).sum(axis=1) for table in self.game.decided]
            mu = sums[0] / float(self.game.mass[a, inside].sum()) * float(units[0])
            power = np.exp(self.strength * (mu - mu.max()))
            chances = power / power.sum()
            self._worth[cell] = np.array(
                [chances @ own * float(unit / self.game.total) for own, unit in zip(sums, units, strict=True)]
            )
        return self._worth[cell]

    def _message(self, cell: tuple[int, frozenset[int]]) -> Message:
        if cell not in self._said:
            self._said[cell] = self._lowest([cell[0]], sorted(cell[1]))
        return self._said[cell]

    def _lowest(self, rows: list[int], columns: list[int]) -> Message:
        """Return the belief given some pairs, as integers in lowest terms."""
        weight = int(self.game.mass[np.ix_(rows, columns)].sum())
        gains = [int(table[np.ix_(rows, columns)].sum()) for table in self.game.gains[0]]
        common = math.gcd(weight, *gains) or 1
        return (weight // common, *(g // common for g in gains))

    def split(self, cells: Cells, words: Sequence[Words]) -> Cells:
        """Return Alice's cells after the Bobs' words."""
        found = []
        for a, columns in cells:
            groups: dict[tuple[int, ...], set[int]] = {}
            for b in columns:
                groups.setdefault(tuple(each[b] for each in words), set()).add(b)
            found += [(a, frozenset(group)) for group in groups.values()]
        return frozenset(found)

    def _count(self) -> None:
        self.nodes += 1
        if self.nodes > NODES:
            raise UsageError(
                f"{self.game.name}: more than {NODES:,} histories of a best reply: lower rounds or features"
            )
        if self.deadline is not None:
            self.deadline.check("looking for a Bob's best rule")


def best_of_all(
    game: Conversation, profile: Sequence[Rule], bob: int, strength: float, deadline: Deadline | None = None
) -> float | None:
    """Return a Bob's largest amount by any deterministic rule, beliefs being announced exactly.

    None where there are too many features or rounds, or another Bob's rule changes its words from round to round.
    """
    rules = [_tree_rule(rule, game.sizes[1]) for rule in profile]
    unknown = any(rule is None for j, rule in enumerate(rules) if j != bob)
    if unknown or game.sizes[1] > FEATURES or game.rounds > ROUNDS:
        return None
    rules[bob] = TreeRule((0,) * game.sizes[1])
    try:
        return Tree(game, strength, deadline).best_reply([rule for rule in rules if rule is not None], bob)[0]
    except UsageError:  # too many histories
        return None


def _tree_rule(rule: Rule, features: int) -> TreeRule | None:
    """Return a named rule as one over histories."""
    words = {"silent": (0,) * features, "revealing": tuple(range(features)), "straightforward": (0,) * features}
    known = words.get(rule.name)
    return None if known is None else TreeRule(known, straightforward=rule.name == "straightforward")


def dynamics(tree: Tree, start: Sequence[TreeRule], ties: Floats) -> tuple[list[TreeRule], int] | None:
    """Return where best replies in turn end, with the number of moves; None where they don't within 50 a Bob.

    A Bob moves for more than `ties[announcement, bob]` after an announcement.
    """
    rules, quiet, moves = list(start), 0, 0
    for turn in range(50 * len(rules)):
        bob = turn % len(rules)
        reply = tree.best_reply(rules, bob)[1]
        after = [*rules[:bob], reply, *rules[bob + 1 :]]
        if ((tree.parts(after) - tree.parts(rules))[:, bob + 1] > ties[:, bob]).any():
            rules, quiet, moves = after, 0, moves + 1
        else:
            quiet += 1
        if quiet == len(rules):
            return rules, moves
    return None
