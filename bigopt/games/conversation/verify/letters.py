"""Rules over letters once more: what x_B is told apart after each sequence of Alice's words, as sets of bits.

A rule is a chain of partitions: none says anything before her first word, and each word of hers may refine what her
words before it had told. Where she has gone another way since, what is told there has been told to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.concepts.deadline import Deadline
from bigopt.games.conversation.game import Conversation

Said = tuple[int, ...]  # Alice's words so far to one Bob
Parts = frozenset[int]  # a partition of the features x_B: each part a sum of 2^b
Rule = dict[Said, Parts]
Exact = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Listed:
    """Every profile of k of the n rules, and what it leads to.

    Attributes
    ----------
    places : mapping from a rule's partitions, as `key` returns them, to its place; silence is the first
    totals : array [1 + k, n, ..., n]
        Everybody's utility in units of their gains.
    law : array [n, ..., n]
        A number for each induced distribution over actions and states (Definition 5).
    """

    places: dict[Any, int]
    totals: Exact
    law: npt.NDArray[np.int64]

    def stable(self) -> npt.NDArray[np.bool_]:
        """Return which profiles no Bob can leave for a better one [n, ..., n]."""
        own = self.totals[1:]
        better = [table < table.max(axis=bob, keepdims=True) for bob, table in enumerate(own)]
        return np.asarray(~np.logical_or.reduce(better))

    def beside_silence(self) -> Exact:
        """Return Alice's utility for each rule of the first Bob, the others silent [n]."""
        return np.asarray(self.totals[0].reshape(len(self.places), -1)[:, 0])

    def leaders(self) -> list[int]:
        """Return the rules that are best for Alice beside silent Bobs."""
        return np.flatnonzero(self.beside_silence() == self.beside_silence().max()).tolist()

    def refuted(self, leader: int) -> bool:
        """Whether the Bobs' deviations to a rule differ in some profile (Definition 9)."""
        ends = [np.take(self.law, [leader], axis=bob) for bob in range(self.law.ndim)]
        return any(bool((end != ends[0]).any()) for end in ends)


def key(rule: Rule) -> Any:
    """Return a rule without the order in which it was written."""
    return frozenset(rule.items())


def rules(features: int, letters: int, rounds: int) -> list[Rule]:
    """List the rules up to the names of the Bob's letters, silence first."""
    found: list[Rule] = [{(): frozenset({(1 << features) - 1})}]
    for turn in range(rounds):
        for said in product(range(letters), repeat=turn + 1):
            found = [rule | {said: finer} for rule in found for finer in _finer(rule[said[:-1]], letters)]
    return found


def listed(game: Conversation, letters: int, bobs: int, deadline: Deadline) -> Listed:
    """Let Alice respond to every profile of the rules of so many Bobs."""
    every, alice = rules(game.sizes[1], letters, game.rounds), _Alice(game, letters)
    found: dict[Any, int] = {}
    ends = []
    for count, profile in enumerate(product(every, repeat=bobs)):
        if count % 64 == 0:
            deadline.check("listing all profiles of rules a second time")
        ends.append(found.setdefault(alice.actions(profile), len(found)))
    shape = (len(every),) * bobs
    end = np.array(ends).reshape(shape)
    totals = np.array([[_total(gains, plan) for plan in found] for gains in game.gains], dtype=object)
    laws: dict[Any, int] = {}
    law = np.array([laws.setdefault(_law(game, plan), len(laws)) for plan in found])
    return Listed({key(rule): place for place, rule in enumerate(every)}, totals[:, end], law[end])


@lru_cache(None)
def _finer(parts: Parts, letters: int) -> tuple[Parts, ...]:
    """Return the partitions that split each part into at most so many, the one that splits none first."""
    each = [sorted(_split(part, letters), key=len) for part in sorted(parts)]
    return tuple(frozenset().union(*chosen) for chosen in product(*each))


def _split(part: int, most: int) -> list[Parts]:
    """Return the partitions of a set into at most so many parts."""
    if not part:
        return [frozenset()]
    if not most:
        return []
    lowest, found = part & -part, []
    others = rest = part ^ lowest
    while True:  # the part of the lowest element, with each set of the others
        found += [more | {lowest | others} for more in _split(rest ^ others, most - 1)]
        if not others:
            return found
        others = (others - 1) & rest


class _Alice:
    """Alice's best responses, ties to the first words in lexicographic order and to the first action."""

    def __init__(self, game: Conversation, letters: int) -> None:
        """Value every set of features at every x_A."""
        self.game, self.letters = game, letters
        sets = np.arange(1 << game.sizes[1])[:, None] >> np.arange(game.sizes[1]) & 1
        worth = game.gains[0].transpose(1, 0, 2) @ sets.T  # [X_A, A, 2^X_B]
        self.worth, self.action = worth.max(axis=1).tolist(), worth.argmax(axis=1).tolist()

    def actions(self, profile: tuple[Rule, ...]) -> tuple[tuple[int, ...], ...]:
        """Return her action for each pair of features [X_A][X_B]."""
        features = self.game.sizes[1]
        table = []
        for x in range(self.game.sizes[0]):
            plan = self._talk(x, -1, profile, ((),) * len(profile), 0)[1]  # -1: every feature
            row = {b: action for inside, action in plan for b in range(features) if inside >> b & 1}
            table.append(tuple(row[b] for b in range(features)))
        return tuple(table)

    def _talk(
        self, x: int, inside: int, profile: tuple[Rule, ...], said: tuple[Said, ...], turn: int
    ) -> tuple[int, list[tuple[int, int]]]:
        """Return what the rest of the talk is worth where x_B is `inside`, and the sets with actions that follow."""
        if turn == self.game.rounds:
            return self.worth[x][inside], [(inside, self.action[x][inside])]
        best = None
        for words in product(range(self.letters), repeat=len(profile)):
            after = tuple((*before, word) for before, word in zip(said, words, strict=True))
            sets = [inside]
            for rule, now in zip(profile, after, strict=True):
                sets = [part & each for each in sets for part in rule[now] if part & each]
            ends = [self._talk(x, each, profile, after, turn + 1) for each in sets]
            value = sum(end[0] for end in ends)
            if best is None or value > best[0]:
                best = value, [step for end in ends for step in end[1]]
        assert best is not None  # there are words
        return best


def _total(gains: Any, plan: tuple[tuple[int, ...], ...]) -> int:
    return sum(int(gains[action, x, b]) for x, row in enumerate(plan) for b, action in enumerate(row))


def _law(game: Conversation, plan: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    """Return the weight of each action in each state, one after the other."""
    chosen = np.array(plan)[None] == np.arange(game.sizes[2])[:, None, None]  # [A, X_A, X_B]
    weights = np.tensordot(chosen, game.prior_weights)
    return tuple(weights.ravel().tolist())
