r"""The least utility of a truthful group under affine payments: what else can be charged (Corollary 4.6, corrected).

.. math:: \inf_{rm', w'} u = \min_{rm'} G(R_{-i} + rm') - G(R_{-i})

The smallest size is 1, since u grows with it. Rewards of sum 1: G is convex, its gradient the policy, so the least is
where every outcome that gets reward has the least probability: the lowest heights are filled up, log psi_-i + r /
lambda under KL, q + (R_-i + r) / 2 lambda under L2. Rewards whose largest entry is 1: the least is a single outcome's.
"""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.errors import UsageError
from bigopt.games.mechanism.exact.regularizers import KL
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import Seat

SMALLEST = 1.0  # size


def least_utility(game: Mechanism, group: int) -> tuple[float, Floats]:
    """Return the least utility and the reward (of size 1) that it is the utility of.

    Raises
    ------
    UsageError
        The policies are a mixture class, where there is no such form.
    """
    seat = Seat(game, group)
    if seat.trainer.base is not None:
        raise UsageError("least utility over mixtures: has no closed form: use --solver ipopt")
    heights, slope = heights_of(seat)
    reward = np.zeros(game.m)
    if game.normalization == "max":
        reward[int(heights.argmin())] = 1.0  # under both, the lower an outcome is the less a reward there raises G
    else:
        reward = np.maximum(fill(heights, slope) - heights, 0.0) / slope
        reward /= reward.sum()
    return utility(seat, SMALLEST * reward), reward


def heights_of(seat: Seat) -> tuple[Floats, float]:
    """Return every outcome's height without the group, and by how much a reward of the smallest size raises one."""
    game, rule = seat.game, seat.trainer.regularizer
    if isinstance(rule, KL):
        return rule.logs(seat.others), SMALLEST / game.strength
    return game.initial + seat.others / (2.0 * game.strength), SMALLEST / (2.0 * game.strength)


def fill(heights: Floats, volume: float) -> float:
    """Return the level c with sum max(0, c - height) = volume."""
    rising = np.sort(heights)
    levels = (volume + np.cumsum(rising)) / np.arange(1, len(rising) + 1)
    above = levels > rising
    return float(levels[np.flatnonzero(above)[-1]])


def utility(seat: Seat, products: Floats) -> float:
    """Return the utility of a truthful group with z = w rm, G(R_-i + z) - G(R_-i), as lambda log E or by the policy."""
    rule = seat.trainer.regularizer
    if seat.trainer.base is None and isinstance(rule, KL):
        logs = rule.logs(seat.others)
        tilted = logs + products / rule.strength
        top = float(tilted.max())
        if float(products.max()) > rule.strength:
            return rule.strength * (top + float(np.log(np.exp(tilted - top).sum())))
        return rule.strength * float(np.log1p(np.exp(logs) @ np.expm1(products / rule.strength)))
    policy = seat.policies(products[None])
    return float((policy @ products)[0] - seat.affine(policy)[0])
