r"""What the receiver is like: how affine, and how far each labeller can move it.

The affine fit is a regression of the estimate on the fake points over a design of profiles,
:math:`\hat x = c + \sum_i \alpha_i x_i`, drawn labels with their noise held fixed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bigopt.action_sets.base import ActionSet
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.errors import SolverFailed
from bigopt.games.preferences.exact.likelihood import Likelihood
from bigopt.games.preferences.game import Preferences

FITTED = 20_000  # comparisons of the affine fit: a regression's error is far below the estimate's own
PLAYERS = 50  # labellers whose coefficients and reach are computed


@dataclass(frozen=True)
class AffineFit:
    """x̂ = intercept [d] + sum_i coefficients[i] x_i over `profiles` profiles, with R² over all coordinates."""

    coefficients: Floats
    intercept: Floats
    r_squared: float
    profiles: int
    comparisons: int


def affine_fit(game: Preferences, profiles: int, deadline: Deadline) -> AffineFit | None:
    """Fit the receiver by an affine function of the fake points; None for many players, or where labels separate."""
    n, d = game.players, game.dimension
    if n > PLAYERS or profiles * d < n + d + 1 or game.action_set.is_point:
        return None
    pairs = game.drawn.thinned(FITTED)
    likelihood = Likelihood(pairs.offsets, pairs.slopes, deadline)
    rng = np.random.default_rng([game.seed, profiles])
    design = [spread_points(game.action_set, rng, n) for _ in range(profiles)]
    try:
        found = np.array([likelihood.solve(likelihood.statistic(pairs.labels(x)), game.weights @ x) for x in design])
    except SolverFailed:
        return None
    columns = np.zeros((profiles, d, n + d))
    columns[:, :, :n] = np.swapaxes(np.array(design), 1, 2)
    columns[:, :, n:] = np.eye(d)
    parameters = np.linalg.lstsq(columns.reshape(-1, n + d), found.ravel(), rcond=None)[0]
    residuals = found - columns @ parameters
    total = float(((found - found.mean(axis=0)) ** 2).sum())
    share = 1.0 - float((residuals**2).sum()) / total if total > 0 else 1.0
    return AffineFit(parameters[:n], parameters[n:], share, profiles, pairs.count)


def spread_points(action_set: ActionSet, rng: np.random.Generator, count: int) -> Floats:
    """Return random points of X: of the box around it, brought to the nearest points."""
    lower, upper = action_set.bounds
    return action_set.project(lower + (upper - lower) * rng.random((count, action_set.dimension)))


def reach(game: Preferences, likelihood: Likelihood, statistic: Floats, receiver: Floats) -> Floats | None:
    """Return how low and how high each labeller can bring each coordinate of the receiver, shape (n, d, 2).

    The others' labels stay as they are; the labeller's own are replaced by the probabilities of labels from the point
    of X that is farthest along the coordinate (in one dimension, the exact range of expected labels; else a part of
    it). None for many players; infinite where the labels would separate.
    """
    if game.players > PLAYERS:
        return None
    found = np.empty((game.players, game.dimension, 2))
    for i in range(game.players):
        own = game.drawn.own(i)
        rest = statistic - own.slopes.T @ own.labels(game.targets[i : i + 1])
        for k in range(game.dimension):
            for side, sign in enumerate((-1.0, 1.0)):
                direction = sign * np.eye(game.dimension)[k : k + 1]
                point = game.action_set.argmax(direction)
                found[i, k, side] = _moved(likelihood, rest + own.slopes.T @ own.chances(point), receiver, k, sign)
    return found


def any_labels(game: Preferences, likelihood: Likelihood, statistic: Floats, receiver: Floats) -> Floats | None:
    """Return the same where the labeller may label as it likes: always for the response that is farther along."""
    if game.players > PLAYERS:
        return None
    found = np.empty((game.players, game.dimension, 2))
    for i in range(game.players):
        own = game.drawn.own(i)
        rest = statistic - own.slopes.T @ own.labels(game.targets[i : i + 1])
        for k in range(game.dimension):
            for side, sign in enumerate((-1.0, 1.0)):
                labels = (sign * own.slopes[:, k] > 0).astype(float)
                found[i, k, side] = _moved(likelihood, rest + own.slopes.T @ labels, receiver, k, sign)
    return found


def _moved(likelihood: Likelihood, statistic: Floats, start: Floats, k: int, sign: float) -> float:
    """Return coordinate k of the estimate, infinite where there is none."""
    try:
        return float(likelihood.solve(statistic, start)[k])
    except SolverFailed:
        return sign * np.inf
