r"""The receiver's coordinate H in one dimension, by quadrature.

With s = y - y' and m = y + y' the difference of rewards is s (2 x - m), so that the expected score of a label that is
drawn as from x is (both orders of a pair are equally likely)

.. math:: H(x) = E[2 s\, \sigma(s (2 x - m))] = E[s \tanh(s (2 x - m) / 2)],

increasing in x. The population's maximum-likelihood estimate solves :math:`H(\hat x) = \sum_i (N_i/N) H(x_i)`: it is
the quasi-arithmetic mean of the fake points.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.counting import counted
from bigopt.games.preferences.comparisons import Comparisons
from bigopt.games.preferences.game import Preferences
from bigopt.games.preferences.laws import Given, Law, Normal, Uniform

NODES = 120  # on each side of the middle of an interval
FAR = 4.0  # of the double exponential substitution: what lies beyond is less than rounding
TAIL = 9.0  # standard deviations of a normal law
CHUNK = 1 << 18  # entries of an array of points and nodes
STEPS = 200


class Score(ABC):
    """What labels as from x are worth to the receiver, in the coordinate in which it takes sums.

    `value(x)` is H(x); player i labelling as from x contributes `share(i, x)`; the shares at one x add up to H(x).
    """

    @abstractmethod
    def value(self, points: Floats) -> Floats:
        """Return H at each point."""

    @abstractmethod
    def slope(self, points: Floats) -> Floats:
        """Return H' at each point."""

    @abstractmethod
    def shares(self, actions: Floats) -> Floats:
        """Return each player's contribution, labelling as from its entry of `actions`, shape (n,)."""

    @abstractmethod
    def part(self, players: Ints) -> Score:
        """Return the score of some players alone: its value is the sum of their shares."""

    def invert(self, value: float, low: float, high: float) -> float:
        """Return the x in [low, high] with H(x) = value, the nearer end where there is none."""
        return float(self.inverses(np.array([value]), low, high)[0])

    def inverses(self, values: Floats, low: float, high: float) -> Floats:
        """Return the same for many values at once, by safe Newton steps."""
        bottom, top = self.value(np.array([low, high])).tolist()
        found = np.where(values >= top, high, low) if high > low else np.full(len(values), low)
        left = np.flatnonzero((values > bottom) & (values < top)) if high > low else np.zeros(0, dtype=np.int64)
        below, above = np.full(len(left), low), np.full(len(left), high)
        x = low + (high - low) * (values[left] - bottom) / (top - bottom)
        for _ in range(STEPS):
            if not len(left):
                break
            miss, slope = self.value(x) - values[left], self.slope(x)
            below, above = np.where(miss > 0, below, x), np.where(miss > 0, x, above)
            step = x - miss / np.where(slope > 0, slope, np.nan)
            following = np.where((below < step) & (step < above), step, 0.5 * (below + above))
            exact = (miss == 0) | (following <= below) | (following >= above)  # or between neighbouring numbers
            moved = np.where(exact, 0.0, np.abs(following - x))
            found[left] = x = np.where(exact, x, following)
            more = moved > 2e-16 * np.maximum(np.abs(x), above - below)
            left, x, below, above = left[more], x[more], below[more], above[more]
        return found


@dataclass(frozen=True, eq=False)
class LawScore(Score):
    """The score under a law of responses, the players having the shares `weights` [n] of the comparisons."""

    law: Law
    weights: Floats
    nodes: int = NODES

    def value(self, points: Floats) -> Floats:
        """Return H times the players' share of the comparisons, 1 for all."""
        return np.asarray(self._h(points, 0) * self.weights.sum())

    def slope(self, points: Floats) -> Floats:
        """Return H'."""
        return np.asarray(self._h(points, 1) * self.weights.sum())

    def shares(self, actions: Floats) -> Floats:
        """Return w_i H(x_i); equal actions are computed once."""
        distinct, where = np.unique(actions, return_inverse=True)
        return np.asarray(self.weights * self._h(distinct, 0)[where])

    def part(self, players: Ints) -> LawScore:
        """Return the score with some of the weights."""
        return LawScore(self.law, self.weights[players], self.nodes)

    def _h(self, points: Floats, order: int) -> Floats:
        step = max(1, CHUNK // (8 * self.nodes))
        rule = _VALUES[type(self.law)]
        parts = [rule(self.law, points[at : at + step], self.nodes, order) for at in range(0, len(points), step)]
        return np.concatenate(parts) if parts else np.zeros(0)


@dataclass(frozen=True, eq=False)
class PairScore(Score):
    """The score of pairs that are known, in expectation over labels alone, divided by N, the number of all pairs."""

    pairs: Comparisons
    total: int

    def value(self, points: Floats) -> Floats:
        """Return the mean of b sigma(a + b x)."""
        b = self.pairs.slopes[:, 0]
        return np.array([float(b @ _sigma(self.pairs.offsets + b * x)) for x in points]) / self.total

    def slope(self, points: Floats) -> Floats:
        """Return the mean of b^2 sigma'."""
        b = self.pairs.slopes[:, 0]
        sigmas = (_sigma(self.pairs.offsets + b * x) for x in points)
        return np.array([float(b**2 @ (s * (1.0 - s))) for s in sigmas]) / self.total

    def shares(self, actions: Floats) -> Floats:
        """Return each player's part of the mean."""
        terms = self.pairs.slopes[:, 0] * self.pairs.chances(actions[:, None])
        return np.asarray(counted(self.pairs.player, terms, self.pairs.players) / self.total)

    def part(self, players: Ints) -> PairScore:
        """Return the score of some players' pairs."""
        return PairScore(self.pairs.some(players), self.total)


def of(game: Preferences, nodes: int = NODES) -> Score:
    """Return the score of a game in one dimension: of the law, or of known pairs."""
    if game.responses is None:
        return PairScore(game.drawn, game.drawn.count)
    return LawScore(game.responses, game.weights, nodes)


def _sigma(margins: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * margins)))


@lru_cache(maxsize=8)
def _rule(nodes: int) -> tuple[Floats, Floats, Floats]:
    """Return the double exponential rule on [0, 1]: distances to both ends, and weights.

    Features of any width at the ends are resolved, which is where the labels change from certain to random.
    """
    t = np.linspace(-FAR, FAR, 2 * nodes + 1)
    arm = 0.5 * np.pi * np.sinh(t)
    near = 1.0 / (1.0 + np.exp(-2.0 * arm))
    far = 1.0 / (1.0 + np.exp(2.0 * arm))
    weights = (t[1] - t[0]) * np.pi * np.cosh(t) * near * far
    return near, far, weights


def _uniform(law: Uniform, points: Floats, nodes: int, order: int) -> Floats:
    """Return H or H' of a uniform law: the integral over m is known, log cosh, and one over s >= 0 is left."""
    low, high = float(law.low[0]), float(law.high[0])
    width = high - low
    parts = [_one_side(c, width, nodes, order) for c in (points - low, high - points)]
    return np.asarray((parts[0] - parts[1] if order == 0 else parts[0] + parts[1]) * 2.0 / width**2)


def _one_side(c: Floats, width: float, nodes: int, order: int) -> Floats:
    """Return the integral over s in [0, width] of log cosh(s (2c - s)/2), or of its derivative by c, at each c."""
    near, far, weights = _rule(nodes)
    kink = np.clip(2.0 * c, 0.0, width)[:, None]
    beyond = 2.0 * c[:, None] - kink  # 0 where the kink is inside
    total = np.zeros(len(c))
    for start, span, gap in ((0.0, kink, beyond + kink * far), (kink, width - kink, beyond - (width - kink) * near)):
        s = start + span * near
        terms = s * np.tanh(0.5 * s * gap) if order else _log_cosh(0.5 * s * gap)
        total += span[:, 0] * (terms @ weights)
    return total


def _log_cosh(v: Floats) -> Floats:
    """Return log cosh v, to full precision also near 0."""
    size = np.abs(v)
    large = size + np.log1p(np.exp(-2.0 * size)) - np.log(2.0)
    return np.where(size > 1.0, large, np.log1p(2.0 * np.sinh(0.5 * np.minimum(size, 1.0)) ** 2))


def _normal(law: Normal, points: Floats, nodes: int, order: int) -> Floats:
    """Return H or H' of a normal law: s and m are independent, and the integral over m is split at 2x."""
    mean, sd = 2.0 * float(law.mean[0]), np.sqrt(2.0) * float(law.sd[0])
    near, far, weights = _rule(nodes)
    s = TAIL * sd * near  # s >= 0, by symmetry twice
    of_s = 2.0 * TAIL * sd * weights * np.exp(-0.5 * (s / sd) ** 2) / (sd * np.sqrt(2.0 * np.pi))
    result = np.zeros(len(points))
    for i, x in enumerate(points.tolist()):
        ends = (mean - TAIL * sd, min(max(2.0 * x, mean - TAIL * sd), mean + TAIL * sd), mean + TAIL * sd)
        for side, (start, end) in enumerate(zip(ends[:2], ends[1:], strict=True)):
            if end <= start:
                continue
            m = start + (end - start) * near
            away = (end - start) * (far if side == 0 else near)  # of m from 2x, where 2x is inside
            gap = np.abs(2.0 * x - ends[1]) + away
            density = np.exp(-0.5 * ((m - mean) / sd) ** 2) / (sd * np.sqrt(2.0 * np.pi)) * weights * (end - start)
            tanh = np.tanh(0.5 * np.outer(gap, s))
            inner = tanh @ (of_s * s) if order == 0 else ((1.0 - tanh) * (1.0 + tanh)) @ (of_s * s * s)
            sign = 1.0 if side == 0 or order else -1.0
            result[i] += sign * float(density @ inner)
    return result


def _given(law: Given, points: Floats, nodes: int, order: int) -> Floats:
    """Return H or H' of given points: the sum over all pairs, which is exact."""
    y, p = law.points[:, 0], law.probabilities
    result = np.zeros(len(points))
    for k in range(len(y)):
        s, m = y[k] - y[:k], y[k] + y[:k]
        tanh = np.tanh(0.5 * s * (2.0 * points[:, None] - m))
        terms = s * tanh if order == 0 else s * s * (1.0 - tanh) * (1.0 + tanh)
        result += 2.0 * p[k] * (terms @ p[:k])
    return result


_VALUES: dict[type[Law], Callable[..., Floats]] = {Uniform: _uniform, Normal: _normal, Given: _given}
