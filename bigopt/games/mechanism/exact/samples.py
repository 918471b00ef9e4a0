r"""Payments from outcomes drawn from the trained policy, under KL: how far they can be from the exact ones.

With y = exp(-w rm / lambda) the payment is :math:`w E[rm] + \lambda \log E[y]`. The mean of N draws in an interval of
width b with sample variance s^2 is within

.. math:: \sqrt{2 s^2 \log(4/\delta) / N} + 7 b \log(4/\delta) / (3 (N - 1))

of the truth with probability 1 - delta (Maurer and Pontil 2009, Theorem 4). The logarithm of a mean of draws
is too small by about :math:`s^2 / (2 N \bar y^2)`, which is added back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.counting import counted
from bigopt.games.mechanism.game import Mechanism

COUNT = 10_000  # draws, unless more or fewer are asked for


@dataclass(frozen=True)
class Estimate:
    """Payments [n] from draws, their radii [n], and the DSIC error that they imply for any reports."""

    payments: Floats
    utilities: Floats
    radius: Floats
    epsilon: float


def draw(policy: Floats, count: int, seed: int) -> Ints:
    """Draw outcomes from the trained policy."""
    rng = np.random.default_rng(seed)
    return np.searchsorted(np.cumsum(policy)[:-1], rng.random(count), side="right")


def estimate(game: Mechanism, draws: Ints, confidence: float) -> Estimate:
    """Estimate the payments; all n intervals hold together with probability `confidence`."""
    counts = counted(draws, least=game.m).astype(float)
    n, lam = len(draws), game.strength
    failing = (1.0 - confidence) / (2 * game.n)  # of each mean
    payments, utilities, radius = np.empty(game.n), np.empty(game.n), np.empty(game.n)
    for i, group in enumerate(game.groups):
        reward = group.size * group.reward / lam
        shifted = np.exp(-(reward - reward.min()))  # in [exp(-spread), 1], which may underflow
        seen = float(reward[counts > 0].min())
        scaled = np.exp(-np.maximum(reward - seen, 0.0))  # the same on the draws, its largest there being 1
        spread = float(np.ptp(reward))
        value, above = _mean(reward, counts, spread, failing)
        level, around = _mean(shifted, counts, -float(np.expm1(-spread)), failing)
        mean = float(counts @ scaled) / n
        corrected = float(reward.min()) - seen + float(np.log(mean)) + _variance(scaled, counts) / (2 * n * mean**2)
        payments[i] = lam * max(0.0, value - float(reward.min()) + corrected)
        utilities[i] = lam * value - payments[i]
        low = max(level - around, float(np.exp(-spread)))
        logs = np.inf
        if low > 0.0:
            logs = max(float(np.log(min(1.0, level + around))) - corrected, corrected - float(np.log(low)))
        radius[i] = lam * min(spread, above + max(0.0, logs))
    return Estimate(payments, utilities, radius, epsilon(game, n, confidence))


def epsilon(game: Mechanism, count: int, confidence: float) -> float:
    """Return the gain from misreporting that estimates from `count` draws may leave, whatever is reported.

    A report of size w has w rm in an interval of width at most w, so Hoeffding's inequality bounds both means by
    half-widths h and h b, h = sqrt(log(2/delta) / 2N); the payment of the truth and that of the misreport may both
    be wrong by that radius. No radius is above w, since both terms lie in an interval of that width.
    """
    widest = game.max_size / game.strength
    failing = (1.0 - confidence) / 4.0
    half = float(np.sqrt(np.log(2.0 / failing) / (2.0 * count)))
    least = float(np.exp(-widest))  # of the mean of y
    logs = float(np.log1p(half * (1.0 - least) / least)) if least > 0 else np.inf
    return 2.0 * game.strength * min(widest, half * widest + logs)


def _mean(values: Floats, counts: Floats, width: float, failing: float) -> tuple[float, float]:
    """Return the mean over the draws and its empirical Bernstein radius."""
    n = float(counts.sum())
    mean = float(counts @ values) / n
    if n < 2:
        return mean, width
    term = np.log(4.0 / failing)
    radius = np.sqrt(2.0 * _variance(values, counts) * term / n) + 7.0 * width * term / (3.0 * (n - 1.0))
    return mean, float(min(width, radius))


def _variance(values: Floats, counts: Floats) -> float:
    n = float(counts.sum())
    mean = float(counts @ values) / n
    return float(counts @ (values - mean) ** 2) / max(1.0, n - 1.0)
