r"""Profiles in several dimensions, judged without an estimate: receivers by proofs, replies by first-order conditions.

With expected labels player i moves the receiver by :math:`J = I(\hat x)^{-1} I_i(x_i)`. Ways in X along which its loss
falls come from projected gradients, short and long ones; as far as the receiver is affine, what is gained at the end of
each is known without an estimate.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bigopt.action_sets.base import ActionSet
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import Check
from bigopt.games.preferences.comparisons import Comparisons
from bigopt.games.preferences.exact.likelihood import Likelihood
from bigopt.games.preferences.game import Preferences
from bigopt.games.preferences.verify.receiver import DISTANCE

GAIN = 1e-5  # of a payoff range: what a search that ends at shorter steps may leave
ROUNDS = 20  # of ways, one after the other
LENGTHS = 10.0 ** np.arange(-4.0, 3.0, 0.5)  # of a way before it is brought to X, of X's width


def receivers(pairs: Comparisons, profiles: list[Floats], found: Floats, deadline: Deadline) -> Check:
    """Check that the estimates of profiles' expected labels are proved to be near the receivers that are stated."""
    likelihood = Likelihood(pairs.offsets, pairs.slopes, deadline)
    worst = 0.0
    for actions, receiver in zip(profiles, found, strict=True):
        deadline.check("verifying the receivers")
        worst = max(worst, likelihood.prove(likelihood.statistic(pairs.chances(actions)), receiver).distance)
    return Check("estimates", worst, DISTANCE, "standard errors", "generalized self-concordance", "proved")


def replies(
    game: Preferences,
    pairs: Comparisons,
    profiles: list[Floats],
    found: Floats,
    asked: Iterable[tuple[int, int]],
    deadline: Deadline,
) -> Check:
    """Check that those who are `asked` (profile, player) gain nothing along ways in X."""
    likelihood, worst = Likelihood(pairs.offsets, pairs.slopes, deadline), 0.0
    for k, i in asked:
        deadline.check("verifying replies")
        own, x = pairs.own(i), profiles[k][i]
        part = Likelihood(own.offsets, own.slopes, deadline).at(x).information
        jacobian = np.asarray(np.linalg.solve(likelihood.at(found[k]).information, part))
        gain = _gain(game.action_set, x, jacobian, found[k] - game.targets[i], 0.1 * GAIN * game.stakes[i])
        worst = max(worst, gain / game.stakes[i])
    note = "along projected gradients, by the receiver's derivative"
    return Check("first order", worst, GAIN, "payoff range", note)


def _gain(action_set: ActionSet, x: Floats, jacobian: Floats, miss: Floats, least: float) -> float:
    """Return what is gained along one best way after the other, until the next one is worth no more than `least`.

    `miss` is the receiver's distance from the target, [d].
    """
    before, (lower, upper) = float(miss @ miss), action_set.bounds
    for _ in range(ROUNDS):
        slope = jacobian.T @ miss
        if not slope.any():
            break
        lengths = float((upper - lower).max()) * LENGTHS / np.linalg.norm(slope)
        ways = action_set.project(x - np.outer(lengths, slope)) - x
        misses = miss + ways @ jacobian.T
        best = int((misses**2).sum(axis=1).argmin())
        if miss @ miss - misses[best] @ misses[best] <= least:
            break
        x, miss = x + ways[best], misses[best]
    return before - float(miss @ miss)
