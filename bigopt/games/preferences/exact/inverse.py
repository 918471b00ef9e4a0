"""The estimate as a function of T near a point, d = 1, for many questions at once: a polynomial through few values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import Chebyshev

from bigopt.arithmetic.arrays import Floats
from bigopt.games.preferences.exact.likelihood import Likelihood

DEGREE = 16
ACCURACY = 1e-11  # of the values' range, at points between the nodes


@dataclass(frozen=True)
class Inverse:
    """G on [low, high] as a polynomial, and its inverse."""

    low: float
    high: float
    values: Chebyshev

    def gradients(self, points: Floats) -> Floats:
        """Return G at each point."""
        return np.asarray(self.values(points))

    def estimates(self, statistics: Floats) -> Floats:
        """Return for each T the x in [low, high] with G(x) = T, the nearer end beyond, by bisections."""
        low, high = np.full(len(statistics), self.low), np.full(len(statistics), self.high)
        for _ in range(20):
            middle = 0.5 * (low + high)
            under = self.values(middle) < statistics
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        slope = (self.values(high) - self.values(low)) / (high - low)
        return np.asarray(np.clip(low + (statistics - self.values(low)) / slope, self.low, self.high))


def near(likelihood: Likelihood, low: float, high: float) -> Inverse | None:
    """Return the inverse on [low, high], None where a polynomial is not accurate there."""
    if not high > low:
        return None
    values = Chebyshev.interpolate(lambda xs: _gradients(likelihood, xs), DEGREE, domain=[low, high])
    between = np.linspace(low, high, 5)[1:4] + 0.01 * (high - low)
    gap = float(np.abs(values(between) - _gradients(likelihood, between)).max())
    return Inverse(low, high, values) if gap <= ACCURACY * float(values(high) - values(low)) else None


def _gradients(likelihood: Likelihood, points: Floats) -> Floats:
    return np.array([float(likelihood.gradient(np.array([x]))[0]) for x in points])
