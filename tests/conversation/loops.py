"""Conversations of one round by plain loops in fractions: nothing here is read from bigopt but the game's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import linprog

from bigopt.concepts.solution import Certificate
from bigopt.games import kinds
from bigopt.games.conversation import Conversation

Said = list[tuple[Any, ...]]


def judged(
    game: Conversation, concept: str, point: Any, options: dict[str, Any] | None = None, **arguments: Any
) -> tuple[dict[str, Any], Certificate]:
    """Return what a verifier says of a point."""
    row = kinds.concept_of(game, concept)
    return row.verify(game, point, row.request(options=options or {}, arguments=arguments))


def said(certificate: Certificate) -> Said:
    """Return all that a check says but its note."""
    return [(c.name, c.value, c.limit, c.unit, c.grade, c.claimed) for c in certificate.checks]


def partitions(items: list[int]) -> Iterator[list[list[int]]]:
    """Yield the partitions of a list."""
    if not items:
        yield []
        return
    for rest in partitions(items[1:]):
        yield [[items[0]], *rest]
        for i in range(len(rest)):
            yield [*rest[:i], [items[0], *rest[i]], *rest[i + 1 :]]


def decimal(value: Any) -> Fraction:
    """Return a float as the decimal that it is written as."""
    return Fraction(repr(float(value)))


class Table:
    """A game's data as fractions: `share[x][b][y]`, `utility[player][a][y]`, Alice first."""

    def __init__(self, game: Conversation) -> None:
        """Read them."""
        weights = game.prior_weights.tolist()
        total = sum(w for rows in weights for row in rows for w in row)
        self.share = [[[Fraction(int(w), int(total)) for w in row] for row in rows] for rows in weights]
        self.sums: dict[tuple[Any, ...], Fraction] = {}
        self.utility = [[[decimal(v) for v in row] for row in own] for own in (game.alice, *game.bobs)]
        self.x, self.b, self.a, self.y = game.sizes

    def worth(self, player: int, action: int, rows: Any, columns: Any) -> Fraction:
        """Return a player's utility of an action where these pairs of features are, times their probability."""
        if (player, action, *rows, None, *columns) not in self.sums:
            own = self.utility[player][action]
            cells = (zip(self.share[x][b], own, strict=True) for x in rows for b in columns)
            self.sums[player, action, *rows, None, *columns] = sum((p * v for c in cells for p, v in c), Fraction(0))
        return self.sums[player, action, *rows, None, *columns]

    def weight(self, rows: Any, columns: Any) -> Fraction:
        """Return the probability of these pairs of features."""
        return sum((p for x in rows for b in columns for p in self.share[x][b]), Fraction(0))

    @property
    def opt(self) -> float:
        """What Alice had if she knew both features."""
        return float(
            sum(max(self.worth(0, a, [x], [b]) for a in range(self.a)) for x in range(self.x) for b in range(self.b))
        )

    def span(self, player: int) -> float:
        """Return the range of a player's utility."""
        every = [v for row in self.utility[player] for v in row]
        return float(max(every) - min(every))


def cut(sets: list[list[int]], parts: Any) -> list[list[int]]:
    """Return the non-empty intersections of sets with the parts of a partition."""
    return [both for own in sets for part in parts if (both := [b for b in own if b in part])]


def epsilon(game: Conversation) -> float:
    """Return Definition 1's distance by a linear program: min e, |u_A - sum_j w_j u_j - c| <= e, w >= 0, sum w = 1."""
    alice, bobs = game.alice.ravel(), game.bobs.reshape(game.k, -1)
    ones = np.ones((alice.size, 1))
    rows = np.vstack([np.hstack([-bobs.T, -ones, -ones]), np.hstack([bobs.T, ones, -ones])])
    free = [(0, None)] * game.k + [(None, None), (0, None)]
    total = [[1.0] * game.k + [0.0, 0.0]]
    found = linprog([0.0] * (game.k + 1) + [1.0], rows, np.concatenate([-alice, alice]), total, [1.0], free)
    return float(found.fun)


class Letters(Table):
    """Rules of one round with a best-responding Alice: after each of her letters, a partition of x_B."""

    def __init__(self, game: Conversation, letters: int) -> None:
        """List the rules."""
        super().__init__(game)
        self.letters, self.known = letters, dict[Any, tuple[Fraction, int]]()
        few = [p for p in partitions(list(range(self.b))) if len(p) <= letters]
        self.rules = [rule for rule in product(few, repeat=letters)]

    def best(self, x: int, own: tuple[int, ...]) -> tuple[Fraction, int]:
        """Return what Alice's best action is worth where she knows these features, and which it is."""
        if (x, own) not in self.known:
            values = [self.worth(0, a, [x], own) for a in range(self.a)]
            self.known[x, own] = max(values), values.index(max(values))
        return self.known[x, own]

    def play(self, profile: Any) -> list[list[int]]:
        """Return her action at each pair of features: the first best words, and the first best action in each set."""
        plan = []
        for x in range(self.x):
            best: Any = None
            for words in product(range(self.letters), repeat=len(profile)):
                sets = [list(range(self.b))]
                for rule, word in zip(profile, words, strict=True):
                    sets = cut(sets, rule[word])
                row, value = [0] * self.b, Fraction(0)
                for own in sets:
                    more, action = self.best(x, tuple(own))
                    value += more
                    for b in own:
                        row[b] = action
                if best is None or value > best[0]:
                    best = value, row
            plan.append(best[1])
        return plan

    def values(self, plan: Any) -> tuple[Fraction, ...]:
        """Return everybody's utility, Alice first."""
        cells = list(product(range(self.x), range(self.b)))
        return tuple(
            sum((self.worth(player, plan[x][b], [x], [b]) for x, b in cells), Fraction(0))
            for player in range(len(self.utility))
        )

    def law(self, plan: Any) -> tuple[Fraction, ...]:
        """Return the distribution of (action, state)."""
        law = [[Fraction(0)] * self.y for _ in range(self.a)]
        for x, b, y in product(range(self.x), range(self.b), range(self.y)):
            law[plan[x][b]][y] += self.share[x][b][y]
        return tuple(p for row in law for p in row)


def tree(rule: Any) -> list[Any]:
    """Write a rule of one round as an answer shows it: after each letter of hers the parts, and nothing below them."""
    return [[[part, []] for part in parts] for parts in rule]


def key(shown: Any) -> tuple[frozenset[tuple[int, ...]], ...]:
    """Return a rule as it is shown without the order of its parts."""
    return tuple(frozenset(tuple(part) for part, _ in answer) for answer in shown)


def with_ties(seed: int, a: int = 2, b: int = 3, bobs: int = 2) -> Conversation:
    """Draw whole weights, some zero, and utilities with ties, in other units and from other origins."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 3, (a, b, 3))
    weights[0, 0, 0] += 1
    utilities = rng.integers(0, 6, (1 + bobs, 3, 3))
    own = [unit * table + low for unit, low, table in zip((3, 0.25, 2), (-5, 100, 1), utilities[1:], strict=False)]
    return Conversation(0.5 * utilities[0] + 7, own, 1, prior_weights=weights, name="drawn")
