r"""Profiles in several dimensions, judged without a search: receivers by proofs, replies by first-order conditions.

With expected labels player i moves the receiver by :math:`J = I(\hat x)^{-1} I_i(x_i)`. The direction in X along which
its loss falls most at first comes from a support function; along it the loss is a parabola, as far as the receiver is
affine, so that what could be gained on the way is known without an estimate.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import Check
from bigopt.games.preferences.comparisons import Comparisons
from bigopt.games.preferences.exact.likelihood import Likelihood
from bigopt.games.preferences.game import Preferences
from bigopt.games.preferences.verify.receiver import DISTANCE

GAIN = 1e-5  # of a payoff range: what a search that ends at shorter steps may leave


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
    """Check that those who are `asked` (profile, player) gain nothing along their best directions in X."""
    likelihood, worst = Likelihood(pairs.offsets, pairs.slopes, deadline), 0.0
    for k, i in asked:
        deadline.check("verifying replies")
        own, x = pairs.own(i), profiles[k][i]
        part = Likelihood(own.offsets, own.slopes, deadline).at(x).information
        jacobian = np.linalg.solve(likelihood.at(found[k]).information, part)
        slope = 2.0 * jacobian.T @ (found[k] - game.targets[i])
        way = game.action_set.argmax(-slope[None])[0] - x
        fall, bend = max(0.0, -float(slope @ way)), 2.0 * float(((jacobian @ way) ** 2).sum())
        gain = fall**2 / (2.0 * bend) if fall < bend else fall - 0.5 * bend
        worst = max(worst, gain / game.stakes[i])
    note = "along the best direction, by a support function and the receiver's derivative"
    return Check("first order", worst, GAIN, "payoff range", note)
