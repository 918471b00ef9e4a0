r"""The receiver's maximum-likelihood estimate, eq. (27), by Newton's method, and what proves it.

The log-likelihood of labels z (1: y preferred) is a logistic regression with an offset,

.. math:: \ell(x) = \sum_j z_j v_j - \log(1 + e^{v_j}), \qquad v_j = a_j + b_j^\top x,

concave, and it depends on the labels through :math:`T = \sum_j z_j b_j` alone: the maximizer solves G(x) = T with
:math:`G(x) = \sum_j b_j \sigma(v_j)`, the gradient of the convex :math:`A(x) = \sum_j \log(1 + e^{v_j})`.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.special import expit

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.counting import counted
from bigopt.concepts.deadline import Deadline
from bigopt.errors import SolverFailed

Chances = npt.NDArray[Any]  # labels, or their probabilities
Slopes = Any  # an array, or a sparse one of SciPy: comparisons of items have two entries in as many columns as items
CHUNK = 1 << 12  # comparisons at a time: they stay in the cache, and rounding errors of a sum stay small
ROUGH = 20_000  # comparisons of the first, rough fit where there are many more
QUADRATIC = 1e-4  # a Newton decrement (in standard errors) from which on two more steps end in rounding errors
STEPS = 200
EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Expansion:
    """A(x) with its gradient G(x) [d] and Hessian, the Fisher information [d][d]."""

    value: float
    gradient: Floats
    information: Floats


@dataclass(frozen=True)
class Proof:
    """What the data prove about the maximizer near a point.

    Attributes
    ----------
    decrement : float
        The size of the gradient in the norm of the inverse information, rounding errors included: standard errors.
    steepness : float
        R, the largest size of a b_j in that norm.
    distance : float
        How far, in standard errors, the one maximizer can be; infinite where nothing is proved.
    standard_errors : ndarray, shape (d,)
        Of each coordinate, from the information.
    """

    decrement: float
    steepness: float
    distance: float
    standard_errors: Floats


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The likelihood of comparisons: their offsets a [N] and slopes b [N][d], dense or sparse."""

    offsets: Floats
    slopes: Slopes
    deadline: Deadline = field(default_factory=Deadline)

    @property
    def dimension(self) -> int:
        """D."""
        return int(self.slopes.shape[1])

    def statistic(self, chances: Chances) -> Floats:
        """Return T = sum_j z_j b_j of labels, or of their probabilities, shape (d,)."""
        return np.asarray(np.asarray(chances, dtype=float) @ self.slopes)

    def log_likelihood(self, point: Floats, chances: Chances) -> float:
        """Return l(x) of labels or of their probabilities, each term on its own: large ones do not cancel."""
        total = 0.0
        for part in self._parts():
            margins = self.offsets[part] + self.slopes[part] @ point
            z = np.asarray(chances[part], dtype=float)
            total -= float(z @ np.logaddexp(0.0, -margins) + (1.0 - z) @ np.logaddexp(0.0, margins))
        return total

    def at(self, point: Floats) -> Expansion:
        """Return A and its derivatives at a point."""
        value, gradient = 0.0, np.zeros(self.dimension)
        information = np.zeros((self.dimension, self.dimension))
        for part in self._parts():
            slopes = self.slopes[part]
            margins = self.offsets[part] + slopes @ point
            small = np.exp(-np.abs(margins))
            value += float(np.maximum(margins, 0.0).sum() + np.log1p(small).sum())
            chances = 1.0 / (1.0 + small)
            weights = small * chances * chances
            gradient += np.where(margins >= 0.0, chances, small * chances) @ slopes
            information += _gram(slopes, weights)
        return Expansion(value, gradient, information)

    def gradient(self, point: Floats) -> Floats:
        """Return G(x) alone, shape (d,)."""
        parts = self._parts()
        return sum(
            (expit(self.offsets[p] + self.slopes[p] @ point) @ self.slopes[p] for p in parts), np.zeros(self.dimension)
        )

    def solve(self, statistic: Floats, start: Floats, far: float = np.inf) -> Floats:
        """Return the maximizer for T = `statistic`, by damped Newton steps from `start`, no farther than `far` from it.

        Raises
        ------
        SolverFailed
            The steps run away: the likelihood may have no maximizer (`separation` says whether).
        LimitReached
            The deadline has passed.
        """
        point, here = start.astype(float), self.at(start)
        last = 2  # steps to go when convergence has become quadratic
        for _ in range(STEPS):
            slope = here.gradient - statistic
            try:
                step = -np.asarray(cho_solve(cho_factor(here.information), slope))
            except (np.linalg.LinAlgError, ValueError):
                break
            decrement = float(np.sqrt(max(-slope @ step, 0.0)))
            if not np.isfinite(step).all():
                break
            if decrement <= QUADRATIC:
                last -= 1
            if last < 0 or decrement == 0.0:
                return point
            point, here = self._step(point, here, step, statistic, decrement)
            if float(np.abs(point - start).max()) > far:
                break
        raise SolverFailed("the likelihood has no maximizer that Newton's method finds: add comparisons", "unbounded")

    def _step(
        self, point: Floats, here: Expansion, step: Floats, statistic: Floats, decrement: float
    ) -> tuple[Floats, Expansion]:
        """Halve the step until A(x) - T.x falls by a fair share; near the maximizer rounding decides nothing."""
        size = 1.0
        while True:
            there = self.at(point + size * step)
            rise = there.value - here.value - size * float(statistic @ step)
            if rise <= -1e-4 * size * decrement**2 or decrement <= 1e-2 or size < 1e-8:
                return point + size * step, there
            size *= 0.5

    def fit(self, chances: Chances, start: Floats) -> Floats:
        """Return the maximizer for labels (or their probabilities); with many comparisons from a rough fit to few."""
        stride = len(self.offsets) // ROUGH
        if stride >= 4:
            few = Likelihood(self.offsets[::stride], self.slopes[::stride], self.deadline)
            with contextlib.suppress(SolverFailed):  # the few may have no maximizer
                start = few.solve(few.statistic(chances[::stride]), start)
        return self.solve(self.statistic(chances), start)

    def prove(self, statistic: Floats, point: Floats) -> Proof:
        r"""Prove how near the maximizer is to a point.

        Along a line the second derivative of A is :math:`\sum_j \sigma'(v_j) (b_j^\top\delta)^2`, and
        :math:`|\sigma''| \le \sigma'`, so it shrinks at most by :math:`e^{-s R}` over s standard errors, R the largest
        size of a b_j in the norm of the inverse information (Bach 2010, generalized self-concordance). Integrated:
        the slope of A - T.x at a distance r in any direction is at least :math:`(1 - e^{-R r})/R` minus the decrement.
        Where that is positive the one maximizer lies within

        .. math:: r = -\log(1 - R\, \mathrm{decrement}) / R.
        """
        here = self.at(point)
        wrong = self._rounding(point)
        try:
            lower = np.linalg.cholesky(here.information)
        except np.linalg.LinAlgError:
            return Proof(np.inf, np.inf, np.inf, np.full(self.dimension, np.inf))
        inverse = solve_triangular(lower, np.eye(self.dimension), lower=True)
        slope = np.abs(inverse @ (here.gradient - statistic)) + np.abs(inverse) @ wrong
        decrement = float(np.linalg.norm(slope))
        steepness = 0.0
        for part in self._parts():
            whitened = self.slopes[part] @ inverse.T
            steepness = max(steepness, float(np.sqrt(np.einsum("nd,nd->n", whitened, whitened).max())))
        share = steepness * decrement
        distance = -np.log1p(-share) / steepness if 0.0 <= share < 1.0 and steepness > 0 else np.inf
        errors = np.sqrt(np.einsum("kd,kd->d", inverse, inverse))
        return Proof(decrement, steepness, float(distance), errors)

    def _rounding(self, point: Floats) -> Floats:
        """Return a bound on the rounding errors of the gradient minus T, shape (d,).

        Of each term: of the margin, passed on by sigma' <= 1/4, and of exp and the products; of the sums: of the dot
        products over a chunk, whatever their order, and over the chunks.
        """
        total, terms = np.zeros(self.dimension), np.zeros(self.dimension)
        for part in self._parts():
            sizes = np.abs(self.slopes[part])
            margins = self.offsets[part] + self.slopes[part] @ point
            uncertain = np.exp(-np.abs(margins)) * (np.abs(self.offsets[part]) + sizes @ np.abs(point))
            total += sizes.sum(axis=0)
            terms += uncertain @ sizes
        sums = 2.0 * (CHUNK + len(self.offsets) / CHUNK + 16)
        return np.asarray(EPSILON * (sums * total + (self.dimension + 4) * terms))

    def sandwich(self, chances: Chances, point: Floats, player: Ints, information: Floats) -> Floats:
        r"""Return the estimate's covariance where the model is wrong: :math:`I^{-1} K I^{-1}`, shape (d, d).

        K is the covariance of the score, taken within each player: how many pairs each labels is not random.
        """
        count = int(player[-1]) + 1
        scores = self.slopes * (np.asarray(chances, dtype=float) - self._sigma(point))[:, None]
        sums = np.stack([counted(player, column, count) for column in scores.T], axis=1)
        means = sums / counted(player, least=count)[:, None]
        outer = scores.T @ scores - (means * counted(player, least=count)[:, None]).T @ means
        inverse = np.linalg.inv(information)
        return np.asarray(inverse @ outer @ inverse)

    def _sigma(self, point: Floats) -> Floats:
        margins = self.offsets + self.slopes @ point
        return np.asarray(0.5 * (1.0 + np.tanh(0.5 * margins)))

    def _parts(self) -> list[slice]:
        """Return the chunks; the clock is looked at first."""
        self.deadline.check("fitting the labels")
        return [slice(at, at + CHUNK) for at in range(0, len(self.offsets), CHUNK)]


def _gram(slopes: Slopes, weights: Floats) -> Floats:
    """Return the sum of w_j b_j b_j', shape (d, d)."""
    if sparse.issparse(slopes):
        return np.asarray((slopes.T @ slopes.multiply(weights[:, None])).toarray())
    return np.asarray(slopes.T @ (slopes * weights[:, None]))
