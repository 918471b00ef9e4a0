"""Conversations in fractions, written anew for comparison: transcripts, rectangles, and plain enumeration.

Nothing of bigopt's own algorithms is used: whoever speaks conditions on whole transcripts by going through all pairs of
features.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import chain, combinations
from typing import Any

from benchmarks.fuzzing import decimals

Pair = tuple[int, int]
Vector = tuple[Fraction, ...]
Speaker = Callable[[int, int], int] | None  # the letter of x_B in a round; None talks straightforwardly


class Exact:
    """A game's weights [X_A][X_B][Y] and utilities [1 + k][A][Y], Alice first, as fractions."""

    def __init__(self, game: Any) -> None:
        self.weights = [[[int(w) for w in cell] for cell in row] for row in game.prior_weights.tolist()]
        self.total = sum(w for row in self.weights for cell in row for w in cell)
        self.utilities = [decimals(table) for table in (game.alice, *game.bobs)]
        self.a, self.b, self.actions = len(self.weights), len(self.weights[0]), len(self.utilities[0])
        self.players = len(self.utilities)
        self.pairs = [(x, b) for x in range(self.a) for b in range(self.b) if any(self.weights[x][b])]
        self.mass = {(x, b): sum(self.weights[x][b]) for x in range(self.a) for b in range(self.b)}
        self.gains = [
            {
                pair: tuple(sum((w * u for w, u in zip(self.weights[pair[0]][pair[1]], row, strict=True)), Fraction(0))
                            for row in table)
                for pair in self.mass
            }
            for table in self.utilities
        ]  # fmt: skip

    def expected(self, player: int, pairs: Sequence[Pair]) -> Vector:
        """Return a player's expected utility of each action, given some pairs of features."""
        mass = sum(self.mass[p] for p in pairs)
        return tuple(
            sum(column, Fraction(0)) / mass for column in zip(*(self.gains[player][p] for p in pairs), strict=True)
        )

    def range(self, player: int) -> Fraction:
        """Return how far apart a player's utilities are."""
        values = [u for row in self.utilities[player] for u in row]
        return Fraction(max(values) - min(values))

    def first_best(self) -> Fraction:
        """Return Alice's expected utility if she knew both features."""
        return sum((max(self.gains[0][p]) for p in self.pairs), Fraction(0)) / self.total

    def alone(self) -> Fraction:
        """Return what she has from her own feature."""
        rows = [[self.gains[0][x, b] for b in range(self.b)] for x in range(self.a)]
        return sum((max(map(_total, zip(*row, strict=True))) for row in rows), Fraction(0)) / self.total

    def worth(self, player: int, chances: Mapping[Pair, Sequence[Fraction]]) -> Fraction:
        """Return a player's expected utility of lotteries over actions, one a pair of features."""
        return (
            sum(
                (c * g for p, row in chances.items() for c, g in zip(row, self.gains[player][p], strict=True)),
                Fraction(0),
            )
            / self.total
        )

    def law(self, chances: Mapping[Pair, Sequence[Fraction]]) -> list[list[Fraction]]:
        """Return the distribution over actions and states."""
        table = [[Fraction(0)] * len(self.weights[0][0]) for _ in range(self.actions)]
        for (x, b), row in chances.items():
            for a, chance in enumerate(row):
                for y, w in enumerate(self.weights[x][b]):
                    table[a][y] += chance * w / self.total
        return table


class Talk:
    """Alice announces her beliefs, the Bobs what their rules say; all of it is kept, pair by pair."""

    def __init__(
        self, exact: Exact, speakers: Sequence[Speaker], step: Fraction | None, simultaneous: bool = False
    ) -> None:
        self.exact, self.speakers, self.step, self.simultaneous = exact, speakers, step, simultaneous
        self.announced: dict[Pair, tuple[Any, ...]] = {pair: () for pair in exact.pairs}
        self.told: dict[Pair, tuple[Any, ...]] = {pair: () for pair in exact.pairs}

    def alike(self, pair: Pair, who: int) -> list[Pair]:
        """Return the pairs that Alice (0) or a Bob (1) cannot tell from this one."""
        known = self.announced if who else self.told
        return [q for q in self.exact.pairs if q[who] == pair[who] and known[q] == known[pair]]

    def belief(self, pair: Pair, who: int) -> Vector:
        """Return what Alice's actions are worth to her, as she (0), a Bob (1) or who knows both features (2) has it."""
        return self.exact.expected(0, [pair] if who == 2 else self.alike(pair, who))

    def words(self, who: int) -> dict[Pair, Vector]:
        """Return what straightforward talk says: beliefs, or the nearest multiples of the step, halves up."""
        said = {pair: self.belief(pair, who) for pair in self.exact.pairs}
        if self.step is None:
            return said
        return {p: tuple(Fraction(math.floor(v / self.step + Fraction(1, 2))) for v in row) for p, row in said.items()}

    def round(self, turn: int) -> None:
        """Let everybody speak once, Alice first, or all at once."""
        hers = self.words(0)
        before = self.words(1) if self.simultaneous else {}
        self.announced = {p: (*self.announced[p], hers[p]) for p in self.exact.pairs}
        straight = before or self.words(1)
        self.told = {
            p: (*self.told[p], *(straight[p] if rule is None else rule(p[1], turn) for rule in self.speakers))
            for p in self.exact.pairs
        }

    def groups(self) -> set[tuple[int, tuple[Pair, ...]]]:
        """Return what Alice and the Bobs can tell apart."""
        return {(who, tuple(self.alike(p, who))) for p in self.exact.pairs for who in (0, 1)}

    def agreement(self, rounds: int) -> dict[str, Any]:
        """Play to the first round that changes nothing, or R, and measure."""
        first: dict[Pair, int] = {}
        agreed: set[Pair] = set()
        lost: set[Pair] = set()
        for turn in range(rounds + 1):
            before = self.groups()
            for p in self.exact.pairs:
                if max(abs(x - y) for x, y in zip(self.belief(p, 0), self.belief(p, 1), strict=True)) <= (
                    self.step or 0
                ):
                    first.setdefault(p, turn)
                    agreed.add(p)
                elif p in agreed:
                    agreed.remove(p)
                    lost.add(p)
            if turn == rounds:
                break
            self.round(turn)
            if self.groups() == before:
                break
        share = {p: Fraction(self.exact.mass[p], self.exact.total) for p in self.exact.pairs}
        errors = self.errors()
        known: dict[str, Any] = {"lost_later": sum((share[p] for p in lost), Fraction(0))}
        known["mean_error"] = sum((share[p] * errors[p] for p in errors), Fraction(0))
        known["max_error"] = max(errors.values())
        known["utility"] = sum((share[p] * max(self.belief(p, 0)) for p in errors), Fraction(0))
        known["never"] = sum((share[p] for p in errors if p not in first), Fraction(0))
        known["max_round"] = max(first.values()) if len(first) == len(errors) else None
        known["rounds"] = {r: sum(share[p] for p in first if first[p] == r) for r in set(first.values())}
        return known

    def errors(self) -> dict[Pair, Fraction]:
        """Return how far Alice's belief is from that of both features, in its largest component."""
        return {
            p: max(abs(x - y) for x, y in zip(self.belief(p, 0), self.belief(p, 2), strict=True))
            for p in self.exact.pairs
        }

    def quantal(self, strength: float) -> dict[Pair, list[Fraction]]:
        """Return her lotteries over actions; only the exponentials are floats."""
        return {p: softmax(self.belief(p, 0), strength) for p in self.exact.pairs}


def softmax(values: Sequence[Fraction], strength: float) -> list[Fraction]:
    """Return the chances of quantal response."""
    best = max(values)
    powers = [Fraction(math.exp(max(-700.0, -strength * float(best - v)))) for v in values]
    return [p / sum(powers) for p in powers]


def parted(items: Sequence[int], most: int) -> Iterator[list[tuple[int, ...]]]:
    """Yield all partitions of a set into at most so many parts."""
    if not items:
        yield []
        return
    for rest in parted(items[1:], most):
        for i in range(len(rest)):
            yield [*rest[:i], (items[0], *rest[i]), *rest[i + 1 :]]
        if len(rest) < most:
            yield [*rest, (items[0],)]


def _total(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


def leader(exact: Exact, letters: int, rounds: int) -> Fraction:
    """Return the value of the best deterministic talk of Alice with one who wants what she wants (Definition 8)."""

    @lru_cache(None)
    def value(A: tuple[int, ...], B: tuple[int, ...], turns: int) -> Fraction:
        if turns == 0:
            return _total(max(map(_total, zip(*(exact.gains[0][x, b] for b in B), strict=True))) for x in A)
        if turns % 2:
            return max(
                _total(value(A, tuple(sorted(part)), turns - 1) for part in parts) for parts in parted(B, letters)
            )
        return max(_total(value(tuple(sorted(part)), B, turns - 1) for part in parts) for parts in parted(A, letters))

    return value(tuple(range(exact.a)), tuple(range(exact.b)), 2 * rounds) / exact.total


def sides(exact: Exact, action: int, A: Sequence[int], B: Sequence[int]) -> tuple[Fraction, Fraction]:
    """Return Var mu(x_A, x_B) and Var mu(x_A) + Var mu(x_B) on a rectangle of positive weight."""
    cells = [(x, b) for x in A for b in B if exact.mass[x, b]]

    def variance(key: Callable[[Pair], Any]) -> Fraction:
        groups: dict[Any, list[Pair]] = {}
        for cell in cells:
            groups.setdefault(key(cell), []).append(cell)
        mass = {k: sum(exact.mass[c] for c in group) for k, group in groups.items()}
        mean = {
            k: sum((exact.gains[0][c][action] for c in group), Fraction(0)) / mass[k] for k, group in groups.items()
        }
        weight = sum(mass.values())
        middle = sum((mass[k] * mean[k] for k in mass), Fraction(0)) / weight
        return sum((mass[k] * (mean[k] - middle) ** 2 for k in mass), Fraction(0)) / weight

    return variance(lambda c: c), variance(lambda c: c[0]) + variance(lambda c: c[1])


def substitutes(exact: Exact) -> bool:
    """Whether no rectangle and no action violates the corrected Definition 14."""
    for A in _subsets(exact.a):
        for B in _subsets(exact.b):
            if any(exact.mass[x, b] for x in A for b in B):
                for action in range(exact.actions):
                    left, right = sides(exact, action, A, B)
                    if left > right:
                        return False
    return True


def _subsets(n: int) -> list[tuple[int, ...]]:
    return list(chain.from_iterable(combinations(range(n), r) for r in range(1, n + 1)))
