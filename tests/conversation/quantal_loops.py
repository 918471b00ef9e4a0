"""One round with a quantal Alice by plain loops."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from benchmarks.exact_conversation import Exact
from benchmarks.exact_histories import between, stake
from bigopt.games.conversation import Conversation
from tests.conversation.loops import Table, cut, partitions

Fields = dict[str, Any]
EPS = float(np.finfo(float).eps)
Sets = list[list[int]]


class Quantal(Table):
    """What Bobs' words, and an Alice who chooses by a softmax of her beliefs, come to."""

    def __init__(self, game: Conversation, strength: float, step: float | None = None) -> None:
        """Keep lambda, and to what announced beliefs are rounded."""
        super().__init__(game)
        self.k, self.strength, self.step = game.k, strength, None if step is None else Fraction(repr(step))
        self.all, self.exact = list(range(self.b)), Exact(game)

    def belief(self, rows: Any, columns: Any) -> list[Fraction]:
        """Return Alice's expected utility of each action given some pairs of features."""
        return [self.worth(0, a, rows, columns) / self.weight(rows, columns) for a in range(self.a)]

    def told(self, rows: Any, columns: Any) -> Any:
        """Return what is announced of them."""
        mu = self.belief(rows, columns)
        return tuple(mu) if self.step is None else tuple(math.floor(v / self.step + Fraction(1, 2)) for v in mu)

    @cached_property
    def groups(self) -> list[list[int]]:
        """The rows x_A that can be, by what Alice announces first."""
        found: dict[Any, list[int]] = {}
        for x in range(self.x):
            if self.weight([x], self.all):
                found.setdefault(self.told([x], self.all), []).append(x)
        return list(found.values())

    def parts(self, rule: Any, group: list[int]) -> Sets:
        """Return how a Bob's rule tells x_B apart after an announcement."""
        if isinstance(rule, list):
            words: list[Any] = rule
        elif rule == "straightforward":
            words = [self.told(group, [b]) if self.weight(group, [b]) else None for b in self.all]
        else:
            words = self.all if rule == "revealing" else [0] * self.b
        return [[b for b in self.all if words[b] == word] for word in dict.fromkeys(words)]

    def chances(self, x: int, own: list[int]) -> list[float]:
        """Return the probability of each action where Alice sees x and knows this of x_B."""
        mu = self.belief([x], own)
        powers = [math.exp(self.strength * float(v - max(mu))) for v in mu]
        return [power / sum(powers) for power in powers]

    def amounts(self, x: int, sets: Sets) -> list[float]:
        """Return everybody's utility, times the probability, at x where x_B is told apart like this."""
        found = [0.0] * (1 + self.k)
        for own in sets:
            if self.weight([x], own):
                chances = self.chances(x, own)
                for player in range(1 + self.k):
                    found[player] += sum(p * float(self.worth(player, a, [x], own)) for a, p in enumerate(chances))
        return found

    def sets(self, profile: list[Any], group: list[int]) -> Sets:
        """Return what all words together tell apart."""
        sets = [self.all]
        for rule in profile:
            sets = cut(sets, self.parts(rule, group))
        return sets

    def play(self, profile: list[Any]) -> Fields:
        """Return utilities [1 + k], the law of (action, state), errors [x][b] and the largest loss of a softmax."""
        values, law = [0.0] * (1 + self.k), np.zeros((self.a, self.y))
        errors, gap = np.zeros((self.x, self.b)), 0.0
        for group in self.groups:
            sets = self.sets(profile, group)
            for x in group:
                values = [v + more for v, more in zip(values, self.amounts(x, sets), strict=True)]
                for own in sets:
                    if not self.weight([x], own):
                        continue
                    mu, chances = self.belief([x], own), self.chances(x, own)
                    gap = max(gap, float(max(mu)) - sum(p * float(v) for p, v in zip(chances, mu, strict=True)))
                    for b in own:
                        law += np.outer(chances, [float(p) for p in self.share[x][b]])
                        if self.weight([x], [b]):
                            true = self.belief([x], [b])
                            errors[x, b] = max(abs(float(u - v)) for u, v in zip(mu, true, strict=True))
        return {"values": values, "law": law, "errors": errors, "gap": gap}

    def best(self, profile: list[Any], bob: int) -> float:
        """Return the most that a Bob can have: the best partition after each announcement."""
        total = 0.0
        for group in self.groups:
            others = self.sets([rule for j, rule in enumerate(profile) if j != bob], group)
            every = (cut(others, parts) for parts in partitions(self.all))
            total += max(sum(self.amounts(x, sets)[bob + 1] for x in group) for sets in every)
        return total

    def most(self, bob: int, rows: Any = None) -> float:
        """Return what he had if he chose among the lotteries that Alice may choose in every cell."""
        return float(between(self.exact, range(self.x) if rows is None else rows, bob + 1, self.strength)[1])

    def stake(self, player: int, rows: list[int]) -> float:
        """Return what a player has between the best and the worst that Alice may do at some x_A."""
        return float(stake(self.exact, rows, player, self.strength))


def drawn(
    seed: int, a: int = 3, b: int = 4, y: int = 2, actions: int = 3, bobs: int = 2, rounds: int = 1, **more: Any
) -> Conversation:
    """Draw whole weights, some zero, and utilities in other units and from other origins."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 4, (a, b, y))
    weights[0, 0, 0] += 1
    utilities = rng.integers(0, 101, (1 + bobs, actions, y)) / 100
    own = [unit * table + low for unit, low, table in zip((3, 5, 2), (-5, 100, 1), utilities[1:], strict=False)]
    return Conversation(
        (4 * utilities[0] + 7).round(2), [t.round(2) for t in own], rounds, prior_weights=weights, name="drawn", **more
    )


def split(game: Conversation, rows: list[int], bob: int, strength: float, likelihoods: Any) -> float:
    """Return what a Bob gets of a signal with these likelihoods over some rows."""
    found = 0.0
    for x in rows:
        share = np.asarray(likelihoods, dtype=float) @ game.prior[x]
        if share.sum() > 0:
            power = np.exp(strength * (game.alice @ share / share.sum() - game.alice.max()))
            found += float(power / power.sum() @ (game.bobs[bob] @ share))
    return found
