r"""Least squares with non-negative weights by active sets on a Gram matrix, started from a smaller set's solution.

.. math:: \min_w \tfrac12 w^\top G w - c^\top w, \qquad w \ge 0 \ (\text{and } \textstyle\sum_j w_j = 1).

Lawson and Hanson's method: of the Bobs at 0 the one whose gradient promises most enters; the equations of the positive
weights are solved; on the way there weights that would turn negative leave. With the sum constraint the promise counts
from the multiplier on. A new Bob whose gradient promises nothing leaves the solution as it is, so that the many fits
along a nested chain cost little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from bigopt.arithmetic.arrays import Floats, Ints

LEVEL = 1e6  # of her typical spread squared, Alice's mean square: beyond, a Gram matrix has too few digits
PROMISE = 1e-12  # of the product of two norms: a gradient this small is rounding
ROUNDS = 30  # times the number of Bobs: far more steps than a fit takes


@dataclass(frozen=True)
class Corner:
    """The triangle of a QR factorization of Bobs of unit length and Alice, and the Bobs' lengths [K]."""

    triangle: Floats
    norms: Floats

    @classmethod
    def of(cls, bobs: Floats, alice: Floats) -> Corner:
        """Factorize a table."""
        norms = np.linalg.norm(bobs, axis=0)
        norms[norms == 0] = 1.0
        return cls(np.linalg.qr(np.column_stack([bobs / norms, alice]))[1], norms)

    def fit(self, inside: npt.NDArray[np.bool_]) -> Floats | None:
        """Return the non-negative weights [K] of the Bobs `inside`; None after too many rounds."""
        weights = np.zeros(len(self.norms))
        try:
            weights[inside] = nnls(self.triangle[:, :-1][:, inside], self.triangle[:, -1])[0] / self.norms[inside]
        except RuntimeError:
            return None
        return weights


@dataclass(frozen=True)
class Gram:
    """One least-squares problem: `matrix` [K][K], `linear` [K], `noise` [K] the gradients that are rounding.

    `corner` [K + 1][K + 1] has all digits of the table, where a Gram matrix has too few of them for w >= 0.
    """

    matrix: Floats
    linear: Floats
    noise: Floats
    convex: bool
    corner: Corner | None = None

    @classmethod
    def non_negative(cls, bobs: Floats, alice: Floats) -> Gram:
        """Return the problem of w >= 0."""
        matrix = bobs.T @ bobs
        noise = PROMISE * np.sqrt(matrix.diagonal()) * float(np.linalg.norm(alice))
        leveled = float(np.mean(alice**2)) > LEVEL * typical_spread(alice) ** 2
        return cls(matrix, bobs.T @ alice, noise, False, Corner.of(bobs, alice) if leveled else None)

    @classmethod
    def simplex(cls, bobs: Floats, alice: Floats) -> Gram:
        """Return the problem of w >= 0 with sum 1, about Alice: its value is the squared error itself."""
        away = bobs - alice[:, None]
        matrix = away.T @ away
        norms = np.sqrt(matrix.diagonal())
        return cls(matrix, np.zeros(len(matrix)), PROMISE * norms * float(norms.max()), True)


@dataclass(frozen=True)
class Fitted:
    """The weights [K] of one fit, and its gradient [K] with the level from which promises count."""

    weights: Floats
    gradient: Floats
    level: float


def typical_spread(alice: Floats) -> float:
    """Return the distance of her quartiles, which neither a common level nor a row far from all others changes."""
    low, high = np.quantile(alice, [0.25, 0.75])
    return float(high - low)


def empty(problem: Gram) -> Fitted:
    """Return the fit of no Bobs."""
    return Fitted(np.zeros(len(problem.linear)), problem.linear, 0.0)


def extended(problem: Gram, inside: npt.NDArray[np.bool_], start: Fitted, added: int) -> Fitted:
    """Return the fit of the Bobs `inside`, from that of all of them but `added`."""
    weights = start.weights
    if problem.convex and not weights.any():
        weights = np.zeros(len(weights))
        weights[added] = 1.0
        return _evaluated(problem, weights, np.array([added]))
    if problem.corner is not None and (better := problem.corner.fit(inside)) is not None:
        return _evaluated(problem, better, np.flatnonzero(better))
    if start.gradient[added] - start.level <= problem.noise[added]:
        return start
    return _solved(problem, inside, weights)


def _solved(problem: Gram, inside: npt.NDArray[np.bool_], start: Floats) -> Fitted:
    """Exchange Bobs until none promises anything."""
    found = _evaluated(problem, start, np.flatnonzero(start))
    open_ = inside.copy()
    for _ in range(ROUNDS * len(start)):
        promise = np.where(open_ & (found.weights == 0), found.gradient - found.level - problem.noise, -np.inf)
        j = int(promise.argmax())
        if promise[j] <= 0:
            break
        weights = _entered(problem, found.weights, j)
        if weights is None:  # it depends on the others, as far as floats can tell: what it promises is rounding
            open_[j] = False
            continue
        found = _evaluated(problem, weights, np.flatnonzero(weights))
    return found


def _entered(problem: Gram, weights: Floats, j: int) -> Floats | None:
    """Return the weights after j entered and those that turned negative left; None where j cannot enter."""
    positive = np.append(np.flatnonzero(weights), j)
    current = weights[positive]
    while True:
        aim = _equations(problem, positive)
        if aim is None or aim[-1] <= 0 and positive[-1] == j:
            return None
        if (aim > 0).all():
            break
        falling = aim <= 0
        steps = np.where(falling, current / np.where(falling, current - aim, 1.0), np.inf)
        step = float(steps.min())
        current = current + step * (aim - current)
        stay = (steps > step) & (current > 0)
        stay[-1] |= positive[-1] == j and step > 0
        positive, current = positive[stay], current[stay]
        if not len(positive):
            return None
    result = np.zeros(len(weights))
    result[positive] = aim
    return result


def _equations(problem: Gram, positive: Ints) -> Floats | None:
    """Solve the equations of the positive weights; None where they are singular."""
    matrix, linear = problem.matrix[np.ix_(positive, positive)], problem.linear[positive]
    size = len(positive)
    if problem.convex:
        unit = float(matrix.trace()) / size or 1.0
        bordered = np.empty((size + 1, size + 1))
        bordered[:size, :size] = matrix
        bordered[size, :size] = bordered[:size, size] = unit
        bordered[size, size] = 0.0
        matrix, linear = bordered, np.append(linear, unit)
    try:
        found = np.linalg.solve(matrix, linear)
    except np.linalg.LinAlgError:
        return None
    if not np.isfinite(found).all():
        return None
    weights = found[:size]
    return np.asarray(weights / weights.sum() if problem.convex and weights.sum() > 0 else weights)


def _evaluated(problem: Gram, weights: Floats, positive: Ints) -> Fitted:
    """Return a fit with its gradient, and the level: the multiplier of the sum, 0 without it."""
    gradient = problem.linear - weights[positive] @ problem.matrix[positive]
    return Fitted(weights, gradient, float(weights[positive] @ gradient[positive]) if problem.convex else 0.0)
