r"""The concave closure of what a signal about x_B is worth to a Bob of a quantal Alice: attained, and bounded.

A signal s has likelihoods :math:`\ell_b = P(s \mid x_B = b)`; Alice at x has the belief
:math:`\mu(\ell) = G_x \ell / (m_x \ell)` and the Bob's amount is :math:`f(\ell) = \sum_a p_a(\mu)\, H_{a} \ell`, which
is homogeneous of degree one. His best randomized rule is the concave closure of f at :math:`(1, \dots, 1)`: at most
\|X_B\| signals. For any prices y,

.. math:: \mathrm{cav} f(1) \le \sum_b y_b + n \max_{\ell \in \Delta} \{f(\ell) - y \ell\}.

Alice chooses at x with :math:`p_a`, so that :math:`\partial f / \partial \ell_b` is the mean of :math:`H_{ab}` under p
and a covariance, :math:`\lambda\, \mathrm{cov}_p(m_b (\nu_{ab} - \mu_a), h_a)`, with :math:`\nu_{ab}` Alice's and
:math:`h_a` the Bob's expected utility of a. A mean lies between the extremes, and a covariance is at most a quarter of
the product of the ranges: so f is bounded on small simplices, in one dimension (two features) and in two (three).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.games.conversation.game import Conversation

START = {2: 257, 3: 33}  # points a side of the first grid, by features
STEEP = 200.0  # beyond this lambda in ranges of Alice's utility slopes bound nothing
PIECES = 40_000  # simplices that are looked at once
TURNS = 8  # of bounding and adding points
TOLERANCE = {2: 1e-5, 3: 5e-3}  # of the gap, in ranges of the Bob's utility


@dataclass(frozen=True, eq=False)
class Worth:
    """f on some rows x_A: weights [X, B], Alice's and the Bob's expected amounts [A, X, B] as shares of the prior."""

    mass: Floats
    alice: Floats
    bob: Floats
    strength: float
    ranges: tuple[float, float]

    @classmethod
    def of(cls, game: Conversation, rows: list[int], bob: int, strength: float) -> Worth:
        """Return the function of a Bob on rows of Alice that have heard the same, utilities counted from the least."""
        share = game.prior[rows]
        hers, his = game.above[0], game.above[bob + 1]
        alice, theirs = (np.einsum("ay,xby->axb", table, share) for table in (hers, his))
        return cls(share.sum(axis=2), alice, theirs, strength, (float(hers.max()), float(his.max())))

    def __call__(self, points: Floats) -> Floats:
        """Return f at likelihoods [n, B]."""
        weight = points @ self.mass.T
        mu = np.einsum("axb,nb->nax", self.alice, points) / np.maximum(weight, 1e-300)[:, None]
        power = np.exp(self.strength * (mu - mu.max(axis=1, keepdims=True)))
        chances = power / power.sum(axis=1, keepdims=True)
        return np.asarray((chances * np.einsum("axb,nb->nax", self.bob, points)).sum(axis=(1, 2)))

    @property
    def slopes(self) -> tuple[Floats, Floats]:
        """Return bounds of f's partial derivatives, below and above [B]."""
        mass = np.maximum(self.mass, 1e-300)
        hers, his = self.alice / mass, self.bob / mass
        moved = np.ptp(hers[:, :, :, None] - hers[:, :, None, :], axis=0).max(axis=2) * (self.mass > 0)
        swing = np.where(self.mass > 0, np.ptp(his, axis=0), 0.0).max(axis=1, keepdims=True)
        bend = (self.strength / 4 * self.mass * moved * swing).sum(axis=0)
        return self.bob.min(axis=0).sum(axis=0) - bend, self.bob.max(axis=0).sum(axis=0) + bend


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
    span = float(worth.mass.sum()) * worth.ranges[1]
    nothing = np.ones((1, features))
    value = float(worth(nothing)[0])
    top = float(worth.bob.max(axis=0).sum())  # every x_B for itself, any action
    best = Closure(nothing, value, value if features == 1 or span == 0 else top)
    if features not in START or span == 0 or worth.strength * worth.ranges[0] > STEEP:
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
