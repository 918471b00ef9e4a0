r"""The concave closure of what a signal about x_B is worth to a Bob of a quantal Alice: attained, and bounded.

A signal s has likelihoods :math:`\ell_b = P(s \mid x_B = b)`; Alice at x has the belief
:math:`\mu(\ell) = G_x \ell / (m_x \ell)` and the Bob's amount is :math:`f(\ell) = \sum_a p_a(\mu)\, H_{a} \ell`, which
is homogeneous of degree one. His best randomized rule is the concave closure of f at :math:`(1, \dots, 1)`: at most
\|X_B\| signals. For any prices y,

.. math:: \mathrm{cav} f(1) \le \sum_b y_b + n \max_{\ell \in \Delta} \{f(\ell) - y \ell\}.

Alice chooses at x with :math:`p_a`, so that :math:`\partial f / \partial \ell_b` is the mean of :math:`H_{ab}` under p
and a covariance, :math:`\lambda\, \mathrm{cov}_p(m_b (\nu_{ab} - \mu_a), h_a)`, with :math:`\nu_{ab}` Alice's and
:math:`h_a` the Bob's expected utility of a. A mean lies between the extremes, and a covariance is at most the
product of the standard deviations, each at most half a range: so f is bounded on small simplices, in one dimension (two
features) and in two (three).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.games.conversation.game import Conversation

START = {2: 257, 3: 33}  # points a side of the first grid, by features
STEEP = 200.0  # beyond this lambda in ranges of Alice's beliefs slopes bound nothing
SMALL = -300.0  # exponents of probabilities below this would be lost in products
PIECES = 40_000  # simplices that are looked at once
TURNS = 8  # of bounding and adding points
TOLERANCE = {2: 1e-5, 3: 5e-3}  # of the gap, in what the Bob decides


@dataclass(frozen=True, eq=False)
class Worth:
    """f on some rows x_A: weights [X, B], Alice's and the Bob's `decided` amounts [A, X, B] as shares of the prior.

    `range` is that of Alice's beliefs where she knows both features, `caps` [A, X] the most that the probability of an
    action can be.
    """

    mass: Floats
    alice: Floats
    bob: Floats
    strength: float
    range: float
    caps: Floats

    @classmethod
    def of(cls, game: Conversation, rows: list[int], bob: int, strength: float) -> Worth:
        """Return the function of a Bob (-1 is Alice herself) on rows of Alice that have heard the same."""
        mass = game.prior[rows].sum(axis=2)
        alice, theirs = (
            game.decided[player][:, rows].astype(float) * float(game.units[1][player] / game.total)
            for player in (0, bob + 1)
        )
        known = np.where(mass > 0, alice / np.maximum(mass, 1e-300), 0.0)
        logs = [(np.where(mass > 0, own - known, -np.inf)).max(axis=2).min(axis=0) for own in known]
        caps = np.exp(np.maximum(strength * np.minimum(logs, 0.0), SMALL))
        return cls(mass, alice, theirs, strength, float(np.ptp(known, axis=0).max()), caps)

    def __call__(self, points: Floats) -> Floats:
        """Return f at likelihoods [n, B]."""
        weight = points @ self.mass.T
        mu = np.einsum("axb,nb->nax", self.alice, points) / np.maximum(weight, 1e-300)[:, None]
        power = np.exp(self.strength * (mu - mu.max(axis=1, keepdims=True)))
        chances = power / power.sum(axis=1, keepdims=True)
        return np.asarray((chances * np.einsum("axb,nb->nax", self.bob, points)).sum(axis=(1, 2)))

    def most(self, values: Floats) -> Floats:
        """Return the largest mean [X, ...] of values [A, X, ...] by probabilities that add up to 1 within the caps."""
        order = np.argsort(-values, axis=0)
        caps = np.take_along_axis(
            self.caps.reshape(*self.caps.shape, *[1] * (values.ndim - 2)) + np.zeros_like(values), order, axis=0
        )
        taken = np.clip(1 - (np.cumsum(caps, axis=0) - caps), 0.0, caps)
        return np.asarray((taken * np.take_along_axis(values, order, axis=0)).sum(axis=0))

    def spread(self, values: Floats) -> Floats:
        """Return a bound on twice the standard deviation [X, ...] of values [A, X, ...] by such probabilities."""
        middle = (self.most(values) - self.most(-values)) / 2
        return np.asarray(np.minimum(np.ptp(values, axis=0), 2 * np.sqrt(self.most((values - middle) ** 2))))

    @cached_property
    def stake(self) -> float:
        """What the Bob decides: his amounts between the best and the worst that Alice may do, added up over pairs."""
        return float((self.most(self.bob) + self.most(-self.bob)).sum())

    @property
    def slopes(self) -> tuple[Floats, Floats]:
        """Return bounds of f's partial derivatives, below and above [B]."""
        mass = np.maximum(self.mass, 1e-300)
        hers, his = self.alice / mass, self.bob / mass
        apart = hers[:, :, :, None] - hers[:, :, None, :]
        both = (self.mass > 0)[:, :, None] & (self.mass > 0)[:, None, :]
        moved = np.where(both, self.spread(apart), 0.0).max(axis=2)
        swing = np.where(self.mass > 0, self.spread(his), 0.0).max(axis=1, keepdims=True)
        bend = (self.strength / 4 * self.mass * moved * swing).sum(axis=0)
        return -self.most(-self.bob).sum(axis=0) - bend, self.most(self.bob).sum(axis=0) + bend


def stake(game: Conversation, rows: list[int], bob: int, strength: float) -> float:
    """Return what a Bob (-1 is Alice) decides at some x_A: no probability that Alice never gives makes it larger."""
    return Worth.of(game, rows, bob, strength).stake


@dataclass(frozen=True, eq=False)
class Closure:
    """Signals [n, B] of likelihoods whose columns add up to one, what they are worth, and a proved bound on any."""

    signals: Floats
    value: float
    bound: float


def closure(worth: Worth, deadline: Deadline | None = None, coarse: float = 1.0) -> Closure:
    """Find the best signals among points that are added where the bound is largest, until the gap is small.

    `coarse` times the usual tolerance is enough.
    """
    features = worth.mass.shape[1]
    tolerance = coarse * TOLERANCE.get(features, 0.0)
    span = worth.stake
    nothing = np.ones((1, features))
    value = float(worth(nothing)[0])
    top = float(worth.most(worth.bob).sum())  # every x_B for itself, any action that Alice may take
    best = Closure(nothing, value, value if features == 1 or span == 0 else top)
    if features not in START or span == 0 or worth.strength * worth.range > STEEP:
        return best
    points = _grid(features, START[features])
    for _ in range(TURNS):
        if deadline is not None:
            deadline.check("bounding a Bob's best signals")
        values = worth(points)
        solved = linprog(-values / span, A_eq=points.T, b_eq=np.ones(features), bounds=(0, None), method="highs")
        if solved.x is None:
            break
        prices = -solved.eqlin.marginals * span
        excess, places = _maximum(worth, prices, tolerance * span / 4 / features)
        chosen = solved.x > 1e-12
        signals = points[chosen] * solved.x[chosen, None]
        signals = signals / signals.sum(axis=0)
        value, bound = float(worth(signals).sum()), float(prices.sum()) + features * max(excess, 0.0)
        if value > best.value or bound < best.bound:
            better = signals if value > best.value else best.signals
            best = Closure(better, max(value, best.value), min(bound, best.bound))
        if best.bound - best.value <= tolerance * span:
            break
        points = np.unique(np.vstack([points, places]), axis=0)
    return best


def _maximum(worth: Worth, prices: Floats, tolerance: float) -> tuple[float, Floats]:
    """Return an upper bound on max f - y l over the simplex, and the places that are worth adding."""
    low, high = (slope - prices for slope in worth.slopes)
    middle = (high.max() + low.min()) / 2  # likelihoods add up to 1: a common slope moves nothing
    slopes = np.maximum(abs(high - middle), abs(low - middle))
    pieces = np.eye(worth.mass.shape[1])[None]
    best, done, places = -np.inf, -np.inf, np.empty((0, pieces.shape[2]))
    while len(pieces) and len(pieces) <= PIECES:
        centers = pieces.mean(axis=1)
        values = worth(centers) - centers @ prices
        reach = abs(pieces - centers[:, None]).max(axis=1) @ slopes
        if values.max() > best:
            best = float(values.max())
        order = np.argsort(values)[-4:]
        places = np.vstack([places, centers[order]])
        small = reach <= tolerance
        done = max(done, float((values + reach)[small].max(initial=-np.inf)))
        open_ = ~small & (values + reach > max(best, done) + tolerance)
        done = max(done, float((values + reach)[~small & ~open_].max(initial=-np.inf)))
        pieces = _halves(pieces[open_])
    if len(pieces):
        centers = pieces.mean(axis=1)
        reach = abs(pieces - centers[:, None]).max(axis=1) @ slopes
        done = max(done, float((worth(centers) - centers @ prices + reach).max()))
    return done, places


def _halves(pieces: Floats) -> Floats:
    """Cut every simplex [n, corners, B] in two at the middle of its longest edge."""
    if pieces.shape[1] == 2:
        edges: npt.NDArray[Any] = np.zeros(len(pieces), dtype=int)
    else:
        lengths = [abs(pieces[:, i] - pieces[:, (i + 1) % 3]).sum(axis=1) for i in range(3)]
        edges = np.argmax(lengths, axis=0)
    at = np.arange(len(pieces))
    other = (edges + 1) % pieces.shape[1]
    middle = (pieces[at, edges] + pieces[at, other]) / 2
    left, right = pieces.copy(), pieces.copy()
    left[at, edges], right[at, other] = middle, middle
    return np.concatenate([left, right])


def _grid(features: int, side: int) -> Floats:
    """Return the points of the simplex whose coordinates are multiples of 1 / (side - 1)."""
    steps = np.arange(side) / (side - 1)
    if features == 2:
        return np.column_stack([steps, 1 - steps])
    first, second = (part.ravel() for part in np.meshgrid(steps, steps))
    inside = first + second <= 1 + 1e-12
    return np.column_stack([first, second, np.maximum(1 - first - second, 0.0)])[inside]
