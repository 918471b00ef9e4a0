"""All deterministic rules of several rounds against a straightforward, quantal Alice, and the games that they make.

What Alice announces first, before any word, parts the conversation into games whose utilities add up. In each a rule
says, after each history of announcements, how it tells the features x_B apart. Rules are listed up to the names of
words and up to histories that the rule itself excludes: after a history only the features that can have led to it
count, and only what the rule's earlier words have not told. The others' words together may tell any features apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.errors import UsageError
from bigopt.games.conversation.exact.reply_tree import Cells, Heard, Message, Tree, TreeRule, Words
from bigopt.games.conversation.exact.trees import Part, partitions

Parts = tuple[Part, ...]  # of the features that a rule tells apart
States = frozenset[Cells]  # what may be left after a history, the others being free
STEPS = 20_000  # answers of Alice while rules are counted; more are refused


@dataclass(eq=False)
class Listing:
    """The rules of a Bob; `alone` where nobody else speaks."""

    tree: Tree
    alone: bool
    steps: int = 0

    def __post_init__(self) -> None:
        """Know what the others may tell apart in a round."""
        features = self.tree.game.sizes[1]
        self.others = [_words(parts, features) for parts in partitions(tuple(range(features)), features)]
        if self.alone:
            self.others = [(0,) * features]

    def number(self, first: Cells) -> int:
        """Return how many rules there are after an announcement of Alice's; none is listed."""
        return self._number(1, frozenset([first]), (_columns([first]),))

    def rules(self, first: Message, cells: Cells) -> list[TreeRule]:
        """List them, silence first."""
        silent = (0,) * self.tree.game.sizes[1]
        made = self._rules((first,), frozenset([cells]), (_columns([cells]),))
        return [TreeRule(silent, listed) for listed in made]

    def _number(self, turn: int, states: States, told: Parts) -> int:
        finer = _refinements(told, _columns(states))
        if turn == self.tree.game.rounds:
            return sum(1 for _ in finer)
        return sum(prod(self._number(turn + 1, after, parts) for after in self._next(states, parts)) for parts in finer)

    def _rules(self, heard: Heard, states: States, told: Parts) -> Iterator[dict[Heard, Words]]:
        for parts in _refinements(told, _columns(states)):
            own = {heard: _words(parts, self.tree.game.sizes[1])}
            if len(heard) == self.tree.game.rounds:
                yield own
                continue
            following = self._answers(states, parts).items()
            for chosen in product(*(list(self._rules((*heard, m), after, parts)) for m, after in following)):
                yield {h: words for each in (own, *chosen) for h, words in each.items()}

    def _next(self, states: States, parts: Parts) -> list[States]:
        return list(self._answers(states, parts).values())

    def _answers(self, states: States, parts: Parts) -> dict[Message, States]:
        """Return what Alice may announce after some words, with what may be left then."""
        own, found = _words(parts, self.tree.game.sizes[1]), dict[Message, set[Cells]]()
        for cells in states:
            for words in self.others:
                self._count()
                for message, group in self.tree.announced(self.tree.split(cells, [own, words])).items():
                    found.setdefault(message, set()).add(group)
        return {message: frozenset(groups) for message, groups in sorted(found.items())}

    def _count(self) -> None:
        self.steps += 1
        if self.steps > STEPS:
            raise UsageError(f"{self.tree.game.name}: more than {STEPS:,} answers of Alice while rules are counted")
        if self.tree.deadline is not None:
            self.tree.deadline.check("listing rules over histories")


def amounts(tree: Tree, first: Message, cells: Cells, rules: list[TreeRule]) -> Floats:
    """Return everybody's amount in each profile of the rules, after Alice's first announcement [1 + k, n, ..., n]."""
    k = tree.game.k
    found = np.zeros((1 + k, *[len(rules)] * k))
    for place, profile in zip(np.ndindex(found.shape[1:]), product(rules, repeat=k), strict=True):
        if tree.deadline is not None:
            tree.deadline.check("listing profiles of rules over histories")
        found[(slice(None), *place)] = tree.after((first,), cells, profile)
    return found


def _columns(states: frozenset[Cells] | list[Cells]) -> Part:
    """Return the features x_B that some cell holds."""
    return tuple(sorted({b for cells in states for _, columns in cells for b in columns}))


def _refinements(told: Parts, columns: Part) -> Iterator[Parts]:
    """Yield every way to tell these features apart that is finer than what has been told, the same first."""
    left = [tuple(b for b in part if b in columns) for part in told]
    ways = [sorted(partitions(part, len(part)), key=len) for part in left if part]
    for chosen in product(*ways):
        yield tuple(part for parts in chosen for part in parts)


def _words(parts: Parts, features: int) -> Words:
    """Return the label of each feature; one that cannot be says 0."""
    words = [0] * features
    for label, part in enumerate(parts):
        for b in part:
            words[b] = label
    return tuple(words)
