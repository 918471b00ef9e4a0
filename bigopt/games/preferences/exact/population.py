r"""The receiver of infinitely many labels in several dimensions, by quadrature.

With the law of the pairs let :math:`A(x) = E \log(1 + e^{a + b^\top x})`. The population's maximum-likelihood estimate
solves :math:`\nabla A(\hat x) = \sum_i (N_i/N) \nabla A(x_i)`, and moves with the fake points by

.. math:: \frac{\partial \hat x}{\partial x_i} = \frac{N_i}{N} \, \nabla^2 A(\hat x)^{-1} \, \nabla^2 A(x_i) .

The integrals over both responses (2 d variables) are means over scrambled Sobol points, whose spread over independent
scramblings is the error; given points are summed over all pairs, where these are few.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.counting import counted
from bigopt.concepts.deadline import Deadline
from bigopt.errors import SolverFailed
from bigopt.games.preferences.comparisons import affine
from bigopt.games.preferences.exact.likelihood import Likelihood
from bigopt.games.preferences.game import Preferences
from bigopt.games.preferences.laws import Given, Law, Normal, Uniform

POINTS = 13  # 2^13 Sobol points a scrambling
SCRAMBLINGS = 8
PAIRS = 20_000  # of given points: up to so many, all are summed
PLAYERS = 50  # labellers whose slopes are computed


@dataclass(frozen=True)
class Population:
    """The receiver [d] with its error [d] (0: exact sums), and how it moves with each fake point, [n][d][d]."""

    receiver: Floats
    error: Floats
    slopes: Floats | None


def of(game: Preferences, deadline: Deadline) -> Population | None:
    """Return the receiver of infinitely many truthful labels; None for known pairs, and where none is found."""
    if game.responses is None:
        return None
    found, slopes = [], []
    try:
        for offsets, differences in _pairs(game.responses, game.seed):
            rule = Likelihood(offsets, differences, deadline)
            receiver = _receiver(rule, game)
            found.append(receiver)
            slopes.append(_slopes(rule, game, receiver))
    except SolverFailed:
        return None
    error = np.std(found, axis=0, ddof=1) / np.sqrt(len(found)) if len(found) > 1 else np.zeros(game.dimension)
    moved = None if game.players > PLAYERS else np.mean(slopes, axis=0)
    return Population(np.mean(found, axis=0), np.asarray(error), moved)


def _receiver(rule: Likelihood, game: Preferences) -> Floats:
    """Solve for the receiver under one rule; equal targets are computed once."""
    distinct, place = np.unique(game.targets, axis=0, return_inverse=True)
    weights = counted(place.ravel(), game.weights)
    mean = sum(w * rule.at(x).gradient for w, x in zip(weights.tolist(), distinct, strict=True))
    return rule.solve(np.asarray(mean), game.weights @ game.targets)


def _slopes(rule: Likelihood, game: Preferences, receiver: Floats) -> Floats:
    """Return the derivative of the receiver by each fake point at the truth, [n][d][d]; of few players only."""
    if game.players > PLAYERS:
        return np.zeros((0, game.dimension, game.dimension))
    there = rule.at(receiver).information
    return np.array(
        [w * np.linalg.solve(there, rule.at(x).information) for w, x in zip(game.weights, game.targets, strict=True)]
    )


def _pairs(law: Law, seed: int) -> Iterator[tuple[Floats, Floats]]:
    """Yield the offsets and slopes of each rule's pairs, all of one weight."""
    if isinstance(law, Given) and len(law.points) ** 2 <= PAIRS and np.ptp(law.probabilities) == 0:
        first, second = (grid.ravel() for grid in np.indices((len(law.points),) * 2))
        yield affine(law.points[first], law.points[second])
        return
    from scipy.stats import qmc  # half a second

    for k in range(SCRAMBLINGS):
        points = qmc.Sobol(2 * law.dimension, seed=np.random.default_rng([seed, 5, k])).random_base2(POINTS)
        yield affine(_quantiles(law, points[:, : law.dimension]), _quantiles(law, points[:, law.dimension :]))


def _quantiles(law: Law, shares: Floats) -> Floats:
    """Return the responses at shares of the law, [points][d]; of given points by their order, one share decides."""
    if isinstance(law, Uniform):
        return np.asarray(law.low + (law.high - law.low) * shares)
    if isinstance(law, Normal):
        return np.asarray(law.mean + law.sd * ndtri(np.clip(shares, 1e-16, 1.0 - 1e-16)))
    assert isinstance(law, Given)
    place = np.searchsorted(np.cumsum(law.probabilities), shares[:, 0] * law.probabilities.sum())
    return np.asarray(law.points[place])
