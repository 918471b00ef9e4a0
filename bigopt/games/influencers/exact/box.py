r"""Equilibria on a box, exactly: coordinates separate, and each is a median.

With :math:`a_i, b_i` the smallest and largest of :math:`w_i x_i` over the interval, and the players sorted by target,

.. math:: \hat x = \operatorname{median}\{t_1, \dots, t_n, g_0, \dots, g_n\}, \qquad
          g_k = c_0 + \sum_{j \le k} a_{(j)} + \sum_{j > k} b_{(j)}.

Proof: in an equilibrium a player whose target is above the receiver supplies its b, below it its a, and at it
anything between (the first-order conditions of eq. (9)). So the receiver is the point where the decreasing step
function c0 + sum_{t_i > z} b_i + sum_{t_i < z} a_i, its jumps filled, meets the increasing z: the median of the n
jumps and the n + 1 levels. Players whose target is the receiver share what is missing; the equilibrium set is the
product over coordinates of {sum_{tied} w_i x_i = supply, x in the box}.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.action_sets import Box
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.decimals import fraction
from bigopt.games.influencers.game import Influencers

EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Coordinate:
    """What every equilibrium has in common in one coordinate.

    Attributes
    ----------
    receiver : float
    signs : ndarray of int8, shape (n,)
        Of t_i - receiver, decided exactly: 1, 0 or -1 (of no meaning for players who cannot move the receiver).
    tied : ndarray of int, shape (|E|,)
        The players with w_i != 0, lower < upper and t_i = receiver.
    supply : float
        What the tied players' w_i x_i sum to.
    shared : bool
        Whether the supply is strictly between the least and the most that the tied can give, decided exactly.
    top : bool
        Where it is not shared: whether it is the most.
    """

    receiver: float
    signs: npt.NDArray[np.int8]
    tied: Ints
    supply: float
    shared: bool
    top: bool


def coordinates(game: Influencers, guess: Floats | None = None) -> list[Coordinate]:
    """Solve every coordinate of a game on a box.

    A good `guess` of the receiver, shape (d,), saves the sorting; a wrong one does no harm.
    """
    return [coordinate(game, k, None if guess is None else float(guess[k])) for k in range(game.dimension)]


def coordinate(game: Influencers, k: int, guess: float | None = None) -> Coordinate:
    """Find coordinate k of the receiver, and who is tied there, by the median formula in O(n log n)."""
    interval = _Interval.of(game, k)
    if guess is not None:
        found, error = interval.decide(guess)
        if abs(found.receiver - guess) < error:  # then nobody was on the wrong side of the guess
            return found
    return interval.decide(interval.median())[0]


def receiver(found: Sequence[Coordinate]) -> Floats:
    """Return the receiver, shape (d,)."""
    return np.array([c.receiver for c in found])


def dimension(game: Influencers, found: Sequence[Coordinate]) -> int:
    """Return the affine dimension of the equilibrium set in R^(n d).

    Players of weight 0 are free in every coordinate that is not fixed; |E| tied players who share a supply have
    |E| - 1 degrees of freedom.
    """
    lower, upper = game.action_set.bounds
    free = int((game.weights == 0).sum()) * int((lower < upper).sum())
    return free + sum(max(len(c.tied) - 1, 0) for c in found if c.shared)


def least_norm(game: Influencers, found: Sequence[Coordinate]) -> Floats:
    """Return the equilibrium of least Euclidean norm, shape (n, d)."""
    lower, upper = game.action_set.bounds
    actions = np.empty((game.players, game.dimension))
    idle = np.flatnonzero(game.weights == 0)
    for k, c in enumerate(found):
        column = np.where((c.signs > 0) == (game.weights > 0), upper[k] + 0.0, lower[k] + 0.0)
        if len(idle):
            column[idle] = min(max(0.0, lower[k]), upper[k])
        if len(c.tied):
            column[c.tied] = _share(game.weights[c.tied], lower[k], upper[k], c)
        actions[:, k] = column
    return actions


def _share(weights: Floats, lower: float, upper: float, found: Coordinate) -> Floats:
    """Return the tied players' actions of least norm: clip(m w_i) with the multiplier m that gives the supply."""
    if not found.shared:
        return np.where((weights > 0) == found.top, upper, lower)
    if len(weights) == 1:
        return np.clip(found.supply / weights, lower, upper)
    ends = np.stack([lower / weights, upper / weights])
    enter, leave = np.sort(ends, axis=0)  # player i is inside its bounds for m in (enter_i, leave_i)
    breaks = np.concatenate([enter, leave])
    slopes = np.concatenate([weights**2, -(weights**2)])
    order = np.argsort(breaks)
    breaks, slopes = breaks[order], np.cumsum(slopes[order])
    start = float(np.minimum(weights * lower, weights * upper).sum())
    levels = start + np.concatenate([[0.0], np.cumsum(slopes[:-1] * np.diff(breaks))])
    at = int(np.clip(np.searchsorted(levels, found.supply) - 1, 0, len(levels) - 2))
    slope = slopes[at]
    multiplier = breaks[at] + ((found.supply - levels[at]) / slope if slope > 0 else 0.0)
    shares: Floats = np.clip(multiplier * weights, lower, upper)
    return shares


@dataclass(frozen=True)
class _Interval:
    """One coordinate's data: targets, weights and what each player can supply."""

    targets: Floats
    weights: Floats
    lower: float
    upper: float
    background: tuple[float, float]

    @classmethod
    def of(cls, game: Influencers, k: int) -> _Interval:
        box = game.action_set
        assert isinstance(box, Box)
        background = (game.background_weight, float(game.background_point[k]))
        targets = np.ascontiguousarray(game.targets[:, k])
        return cls(targets, game.weights, float(box.lower[k]), float(box.upper[k]), background)

    def _supplies(self, players: Ints) -> tuple[Floats, Floats]:
        """Return a_i and b_i of some players, the least and the most that each can supply."""
        ends = self.weights[players] * self.lower, self.weights[players] * self.upper
        return np.minimum(*ends), np.maximum(*ends)

    def _sum(self, players: npt.NDArray[np.bool_] | slice, most: bool) -> float:
        """Return the sum of b_i (or of a_i) over some players."""
        chosen = self.weights[players]
        total = float(chosen.sum())
        size = total if self.positive else float(np.abs(chosen).sum())
        above, below = 0.5 * (size + total), 0.5 * (size - total)  # of the positive and of the negative weights
        return above * self.upper - below * self.lower if most else above * self.lower - below * self.upper

    @cached_property
    def positive(self) -> bool:
        """Whether no weight is negative."""
        return bool((self.weights >= 0).all())

    @cached_property
    def size(self) -> float:
        """The sum of all terms' sizes, which rounding errors are relative to."""
        largest = max(abs(self.lower), abs(self.upper))
        return abs(self.background[0] * self.background[1]) + largest * float(np.abs(self.weights).sum())

    def median(self) -> float:
        """Return the median of targets and levels, in floating point."""
        order = np.argsort(self.targets)
        targets, weights = self.targets[order], self.weights[order]
        spread = np.abs(weights)
        spread *= self.upper - self.lower
        np.cumsum(spread, out=spread)
        top = self.background[0] * self.background[1] + self._sum(slice(None), True)
        below = targets >= top - spread  # true from the first player whose target is not under its level on
        if not below[-1]:
            return float(top - spread[-1])
        first = int(below.argmax())
        level = top - (spread[first - 1] if first else 0.0)
        return float(min(targets[first], level))

    def decide(self, guess: float) -> tuple[Coordinate, float]:
        """Solve the coordinate, given the receiver up to rounding errors; return it and the error allowed for.

        Only players whose targets are as near as that have to be told apart: in floats where rounding cannot matter,
        else exactly.
        """
        window = 4 * EPSILON * (len(self.targets) + 4) * (self.size + abs(guess))
        near = np.flatnonzero(np.abs(self.targets - guess) <= window)
        signs = 2 * (self.targets >= guess).view(np.int8) - np.int8(1)
        near = near[(self.weights[near] != 0) & (self.lower < self.upper)]
        groups = _grouped(self.targets[near])
        far = signs.copy()
        far[near] = 0
        least, most = self._supplies(near)
        rest = self.background[0] * self.background[1] + self._sum(far > 0, True) + self._sum(far < 0, False)
        error = 4 * EPSILON * (np.log2(len(signs)) + 8) * (self.size + abs(rest))
        low = [float(least[g].sum()) for _, g in groups]
        high = [float(most[g].sum()) for _, g in groups]
        found = _small_median([t for t, _ in groups], low, high, rest)
        if found.margin <= error and groups:
            exact = [self._exact_sums(near[g]) for _, g in groups]
            rest_exact = self._exact_rest(far)
            at = [fraction(t) for t, _ in groups]
            found = _small_median(at, [a for a, _ in exact], [b for _, b in exact], rest_exact)
        return self._coordinate(found, near, groups, signs), window

    def _coordinate(
        self, found: _Meeting, near: Ints, groups: Sequence[tuple[float, Ints]], signs: npt.NDArray[np.int8]
    ) -> Coordinate:
        for g, (_, members) in enumerate(groups):
            signs[near[members]] = 0 if g == found.tied else -1 if g < found.above else 1
        tied = near[groups[found.tied][1]] if found.tied is not None else np.zeros(0, dtype=np.int64)
        value = float(found.value)
        shared = bool(found.low < found.supply < found.high)
        return Coordinate(value, signs, tied, float(found.supply), shared, bool(found.supply >= found.high))

    def _exact_sums(self, players: Ints) -> tuple[Fraction, Fraction]:
        """Return the sums of a_i and b_i over `players`, exactly; equal weights are taken together."""
        low, high = fraction(self.lower), fraction(self.upper)
        least = most = Fraction(0)
        values, counts = np.unique(self.weights[players], return_counts=True)
        for value, count in zip(values.tolist(), counts.tolist(), strict=True):
            weight = fraction(value) * count
            least += weight * (low if value > 0 else high)
            most += weight * (high if value > 0 else low)
        return least, most

    def _exact_rest(self, far: npt.NDArray[np.int8]) -> Fraction:
        """Return background plus the supplies of all players far from the receiver, exactly."""
        above = self._exact_sums(np.flatnonzero(far > 0))[1]
        below = self._exact_sums(np.flatnonzero(far < 0))[0]
        return fraction(self.background[0]) * fraction(self.background[1]) + above + below


@dataclass(frozen=True)
class _Meeting:
    """Where the step function meets the diagonal: numbers are floats or fractions."""

    value: Any
    tied: int | None
    above: int
    supply: Any
    low: Any
    high: Any
    margin: float


def _small_median(targets: Sequence[Any], low: Sequence[Any], high: Sequence[Any], rest: Any) -> _Meeting:
    """Solve the median problem of a few groups (targets ascending), the others' supply being `rest`.

    `margin` is the smallest difference that a comparison rested on.
    """
    level = rest + sum(high)
    margins = []
    result: _Meeting | None = None
    for g, target in enumerate(targets):
        after = level - (high[g] - low[g])
        margins += [abs(target - level), abs(target - after)]
        if result is None and target >= after:
            if target > level:
                result = _Meeting(level, None, g, 0, 0, 0, 0.0)
            else:
                result = _Meeting(target, g, g, target - (after - low[g]), low[g], high[g], 0.0)
        level = after
    if result is None:
        result = _Meeting(level, None, len(targets), 0, 0, 0, 0.0)
    return _Meeting(**{**result.__dict__, "margin": min(map(float, margins), default=np.inf)})


def _grouped(values: Floats) -> list[tuple[float, Ints]]:
    """Return the distinct values, ascending, each with the positions where it stands."""
    if len(values) == 0:
        return []
    order = np.argsort(values, kind="stable")
    cuts = np.flatnonzero(np.diff(values[order])) + 1
    return [(float(values[part[0]]), part) for part in np.split(order, cuts)]
