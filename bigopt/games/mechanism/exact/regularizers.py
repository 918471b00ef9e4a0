r"""Regularizers D and what they make of a reward, on all of the simplex, for many rewards at once.

For a reward R [m] each knows, in closed form,

.. math:: \psi(R) = \arg\max_p\ R \cdot p - \lambda D(p \| q), \qquad G(R) = \max_p\ R \cdot p - \lambda D(p \| q),

and for any policy p its shortfall :math:`G(R) - (R \cdot p - \lambda D(p \| q))`, written so that nothing cancels.
G is convex and its gradient is the policy (Danskin), which is what the game's duals live on.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import ClassVar

import numpy as np
from scipy.special import kl_div, xlogy

from bigopt.arithmetic.arrays import Floats

NEAR = 1e-4  # probabilities whose ratio is nearer to 1: the series' next term is 1e-13 of it


class Regularizer(ABC):
    """D(. || q) with its strength lambda.

    Parameters
    ----------
    initial : ndarray (m,)
        q, positive.
    strength : float
        lambda, in units of a reward.
    """

    name: ClassVar[str]

    def __init__(self, initial: Floats, strength: float) -> None:
        """Keep the data."""
        self.initial, self.strength = initial, strength

    @cached_property
    def log_initial(self) -> Floats:
        """The logarithms of q (m,)."""
        return np.asarray(np.log(self.initial))

    @abstractmethod
    def divergence(self, policies: Floats) -> Floats:
        """Return D(p || q) of each row p, shape [...]."""

    @abstractmethod
    def best(self, rewards: Floats) -> Floats:
        """Return the best policy of each row R, shape [..., m]."""

    @abstractmethod
    def value(self, rewards: Floats) -> Floats:
        """Return G(R) of each row, shape [...]."""

    @abstractmethod
    def shortfall(self, policies: Floats, rewards: Floats) -> Floats:
        """Return G(R) minus what each row p gets, at least 0, shape [...]."""

    @abstractmethod
    def gradient(self, policy: Floats) -> Floats:
        """Return the gradient of D at a policy (m,)."""

    @abstractmethod
    def curvature(self, policy: Floats) -> Floats:
        """Return the diagonal of D's second derivatives at a policy (m,)."""

    @abstractmethod
    def response(self, policy: Floats, rows: Floats) -> Floats:
        """Return A H A' for rows A [k][m], H the derivative of the best policy in the reward, at that policy."""

    @abstractmethod
    def variation(self, gap: float) -> float:
        """Return how far, in total variation, a policy with that shortfall can be from the best.

        The objective minus lambda D is concave on any convex class, so a gap is at least lambda times the Bregman
        divergence of D: KL(p || p*), or |p - p*|^2.
        """


class KL(Regularizer):
    """Kullback-Leibler divergence: the best policy is q exp(R / lambda), normalized."""

    name: ClassVar[str] = "kl"

    def divergence(self, policies: Floats) -> Floats:
        """Return sum p log(p / q)."""
        return np.asarray(kl_div(policies, self.initial).sum(axis=-1) + 1.0 * (policies.sum(axis=-1) - 1.0))

    def logs(self, rewards: Floats) -> Floats:
        """Return the logarithms of the best policies, finite where the policies underflow."""
        heights = rewards / self.strength
        heights += self.log_initial
        heights -= heights.max(axis=-1, keepdims=True)
        heights -= np.log(np.exp(heights).sum(axis=-1, keepdims=True))
        return np.asarray(heights)

    def best(self, rewards: Floats) -> Floats:
        """Return the softmax; the largest exponent is 0, so nothing overflows."""
        return np.asarray(np.exp(self.logs(rewards)))

    def value(self, rewards: Floats) -> Floats:
        """Return lambda log E_q[exp(R / lambda)]."""
        top = rewards.max(axis=-1, keepdims=True)
        lifted = np.exp((rewards - top) / self.strength) @ self.initial
        return np.asarray(top[..., 0] + self.strength * np.log(lifted))

    def shortfall(self, policies: Floats, rewards: Floats) -> Floats:
        """Return lambda KL(p || best)."""
        return np.asarray(self.strength * divergence_from(policies, self.logs(rewards)))

    def gradient(self, policy: Floats) -> Floats:
        """Return log(p / q) + 1."""
        return np.asarray(np.log(policy / self.initial) + 1.0)

    def curvature(self, policy: Floats) -> Floats:
        """Return 1 / p."""
        return np.asarray(1.0 / policy)

    def response(self, policy: Floats, rows: Floats) -> Floats:
        """Return the covariances of the rows under the policy over lambda."""
        centered = rows - (rows @ policy)[:, None]
        return np.asarray((centered * policy) @ centered.T / self.strength)

    def variation(self, gap: float) -> float:
        """Return Pinsker's bound, TV <= sqrt(KL / 2)."""
        return float(np.sqrt(max(gap, 0.0) / (2.0 * self.strength)))


def divergence_from(policies: Floats, logs: Floats) -> Floats:
    """Return KL(p || exp(logs)) of each row, also where exp(logs) underflows; each term p log(p/s) - p + s is >= 0.

    Of probabilities that are nearly the same the term is a power series in x = p/s - 1, s (x^2/2 - x^3/6 + x^4/12): its
    difference would be rounding, which a large lambda makes more than what a group decides.
    """
    seen = np.exp(logs)
    terms = kl_div(policies, seen)
    away = policies - seen
    near = np.abs(away) < NEAR * seen
    if near.any():
        x = away / np.where(near, seen, 1.0)
        terms = np.where(near, seen * x**2 * (0.5 + x * (-1.0 / 6.0 + x / 12.0)), terms)
    lost = (seen < 1e-290) & (policies > 0)
    if lost.any():
        terms = np.where(lost, xlogy(policies, policies) - policies * logs - policies, terms)
    return np.asarray(terms.sum(axis=-1))


class Quadratic(Regularizer):
    """What L2 and chi-squared share: D = sum s (p - q)^2 with s > 0, so that best policies are weighted projections."""

    def __init__(self, initial: Floats, strength: float) -> None:
        """Keep the data and the slopes dp/dR = 1 / (2 lambda s) of a policy that no bound holds."""
        super().__init__(initial, strength)
        self.weights = self.scale(initial)
        self.slopes = 1.0 / (2.0 * strength * self.weights)

    @staticmethod
    @abstractmethod
    def scale(initial: Floats) -> Floats:
        """Return s (m,)."""

    def divergence(self, policies: Floats) -> Floats:
        """Return sum s (p - q)^2."""
        return np.asarray(((policies - self.initial) ** 2) @ self.weights)

    def level(self, rewards: Floats) -> tuple[Floats, Floats]:
        """Return R minus its largest entry, and the level t [..., 1] with p = max(0, q + slope (R - t)).

        The outcomes of positive probability are those whose breakpoint R + q / slope is above t: the level of the
        k highest is (sum q - 1 + sum slope R) / sum slope over them, and the right k is the last whose own
        breakpoint is above that level.
        """
        shifted = rewards - rewards.max(axis=-1, keepdims=True)
        breaks = shifted + self.initial / self.slopes
        order = np.argsort(-breaks, axis=-1)
        slopes = np.cumsum(np.take_along_axis(np.broadcast_to(self.slopes, breaks.shape), order, -1), axis=-1)
        held = self.slopes * breaks  # = q + slope R
        levels = (np.cumsum(np.take_along_axis(held, order, -1), axis=-1) - 1.0) / slopes
        count = (np.take_along_axis(breaks, order, -1) > levels).sum(axis=-1, keepdims=True)
        return shifted, np.take_along_axis(levels, np.maximum(count, 1) - 1, -1)

    def best(self, rewards: Floats) -> Floats:
        """Return max(0, q + slope (R - t)), its sum's rounding taken out."""
        shifted, level = self.level(rewards)
        policies = np.maximum(self.initial + self.slopes * (shifted - level), 0.0)
        return np.asarray(policies / policies.sum(axis=-1, keepdims=True))

    def value(self, rewards: Floats) -> Floats:
        """Return R.p - lambda D(p) at the best p."""
        policies = self.best(rewards)
        return np.asarray((policies * rewards).sum(axis=-1) - self.strength * self.divergence(policies))

    def shortfall(self, policies: Floats, rewards: Floats) -> Floats:
        """Return lambda sum s (p - best)^2 plus the best policy's slope towards p (complementary slackness)."""
        shifted, level = self.level(rewards)
        free = self.initial + self.slopes * (shifted - level)
        best = np.maximum(free, 0.0)
        pressure = np.maximum(-free, 0.0) / self.slopes  # multipliers of p >= 0
        near = self.strength * (((policies - best) ** 2) @ self.weights)
        return np.asarray(near + (pressure * policies).sum(axis=-1))

    def gradient(self, policy: Floats) -> Floats:
        """Return 2 s (p - q)."""
        return np.asarray(2.0 * self.weights * (policy - self.initial))

    def curvature(self, policy: Floats) -> Floats:
        """Return 2 s."""
        return 2.0 * self.weights

    def response(self, policy: Floats, rows: Floats) -> Floats:
        """Return the covariances of the rows under the slopes of the outcomes that are free."""
        free = self.slopes * (policy > 0)
        centered = rows - (rows @ free / free.sum())[:, None]
        return np.asarray((centered * free) @ centered.T)

    def variation(self, gap: float) -> float:
        """Return half of |p - p*|_1 <= sqrt(sum 1/s) sqrt(sum s (p - p*)^2)."""
        return float(0.5 * np.sqrt((1.0 / self.weights).sum() * max(gap, 0.0) / self.strength))


class L2(Quadratic):
    """D = sum (p - q)^2, without a half: the best policy is the projection of q + R / (2 lambda) on the simplex."""

    name: ClassVar[str] = "l2"

    @staticmethod
    def scale(initial: Floats) -> Floats:
        """Return ones."""
        return np.ones(len(initial))


class ChiSquared(Quadratic):
    """D = sum (p - q)^2 / q."""

    name: ClassVar[str] = "chi2"

    @staticmethod
    def scale(initial: Floats) -> Floats:
        """Return 1 / q."""
        return np.asarray(1.0 / initial)


REGULARIZERS: dict[str, type[Regularizer]] = {row.name: row for row in (KL, L2, ChiSquared)}


def least_interior_strength(initial: Floats, reward: Floats) -> float:
    """Return the lambda above which the L2 rule gives every outcome a positive probability (Assumption 3.2 (3)).

    With all outcomes free, p = q + (R - mean R) / (2 lambda), which is positive iff lambda > max (mean R - R) / (2 q).
    """
    return float(np.max((reward.mean() - reward) / (2.0 * initial), initial=0.0))
