"""The problem behind every best response: find k vectors whose sum is nearest to a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts.deadline import Deadline
from bigopt.games.subsets.exact.combos import totals
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.integers import Objects

EXACT_SQUARE = 2**50  # whole squared distances below this, and their square roots, are told apart by float64
ROUNDING = 16 * np.finfo(float).eps  # covers the last places lost in a sum of k + d terms, a unit of their size


@dataclass(frozen=True, eq=False)
class Task:
    """Choose `size` of the `vectors` (repeatedly, with `repeats`) with their sum nearest to `point`.

    The integers `exact` and `exact_point` are the data times `denominator`. Where their squares fit, `vectors` and
    `point` are those integers themselves, arithmetic is exact and `slack` is 0; else they are floats, and any computed
    distance is within `slack` of the true one, so that what lies within the slack is decided in integers.
    """

    exact: Objects  # [m][d]
    exact_point: Objects  # [d]
    denominator: int
    size: int
    repeats: bool

    @cached_property
    def whole(self) -> bool:
        """Whether float64 holds every squared distance exactly."""
        reach = self.size * abs(self.exact).max() + abs(self.exact_point).max()
        return bool(reach**2 * self.exact.shape[1] < EXACT_SQUARE)  # in Python integers, which cannot overflow

    @cached_property
    def unit(self) -> float:
        """What one unit of `vectors` is in the game's own units."""
        return 1.0 / self.denominator if self.whole else 1.0

    @cached_property
    def vectors(self) -> Floats:
        """The vectors that are summed, shape [m][d]."""
        return _floats(self.exact, 1 if self.whole else self.denominator)

    @cached_property
    def point(self) -> Floats:
        """Where the sum should lie, shape [d]."""
        return _floats(self.exact_point, 1 if self.whole else self.denominator)

    @cached_property
    def slack(self) -> float:
        """How far a computed distance of a choice may lie from the true one, in units of `vectors`."""
        return 0.0 if self.whole else self.rounding

    @cached_property
    def rounding(self) -> float:
        """How far a product of a sum with a unit vector may lie from the true one, in units of `vectors`."""
        d = self.vectors.shape[1]
        scale = self.size * float(np.abs(self.vectors).max()) + float(np.abs(self.point).max())
        return float(ROUNDING * (self.size + d) * np.sqrt(d) * scale)

    @cached_property
    def items(self) -> Ints:
        """All item indices."""
        return np.arange(len(self.exact))

    def squared(self, choice: Sequence[int] | Ints) -> int:
        """Return the squared distance of one choice, in units of 1/denominator^2."""
        return int(((self.exact[list(choice)].sum(axis=0) - self.exact_point) ** 2).sum())

    def loss(self, squared: int) -> float:
        """Return a squared distance in the game's own units."""
        return squared / self.denominator**2

    def distances(self, rows: Ints) -> Floats:
        """Return the computed distances of many choices, shape [rows]."""
        return np.asarray(np.linalg.norm(totals(self.vectors, rows) - self.point, axis=1))

    def best(self, rows: Ints) -> tuple[int, tuple[int, ...]]:
        """Return the exact squared distance of the nearest of `rows`, and that row sorted (ties: the first)."""
        distances = self.distances(rows)
        near = np.flatnonzero(distances <= distances.min() + 2 * self.slack)
        if self.whole:
            near = near[:1]
        return min((self.squared(rows[r]), tuple(sorted(rows[r].tolist()))) for r in near)

    def length(self, squared: int) -> float:
        """Return the distance whose square is `squared`, in units of `vectors`, rounded up."""
        value = squared if self.whole else squared / self.denominator**2
        return float(np.sqrt(float(value))) * (1 + 1e-15)


def response_task(game: Subsets, player: int, choices: Sequence[Sequence[int]]) -> Task:
    """Return the problem that `player` faces while the others play `choices` (its own entry is not read)."""
    exact = game.centred
    others = exact.background
    for j, choice in enumerate(choices):
        if j != player:
            others = others + exact.weighted[j][list(choice)].sum(axis=0)
    return Task(
        exact.weighted[player], exact.targets[player] - others, exact.denominator, int(game.sizes[player]), game.repeats
    )


@dataclass(frozen=True)
class Found:
    """The nearest choice, and what is proved about it.

    `squared` is its exact squared distance, in units of 1/denominator^2; `bound`, in the game's own loss, is no larger
    than the optimum; `proved` says that the choice is optimal, or within `gap` of it where that is positive.
    """

    choice: tuple[int, ...]
    squared: int
    bound: float
    proved: bool
    method: str
    gap: float = 0.0


@dataclass(frozen=True)
class Effort:
    """How long a search may go on: a deadline, and a number of elementary steps where there is none."""

    deadline: Deadline
    steps: int = 200_000_000

    @property
    def allowed(self) -> int:
        """How many queries may be planned: any number where a deadline will stop them."""
        return self.steps if self.deadline.remaining is None else 10**12


def _floats(values: Objects, denominator: int) -> Floats:
    """Return integers over `denominator`, each rounded once."""
    flat = [value / denominator for value in values.ravel().tolist()]
    return np.array(flat, dtype=float).reshape(values.shape)
