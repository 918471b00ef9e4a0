r"""Theorem 3.3 without payments, KL social welfare on all distributions: whether the truth is strongly dominated.

A misreport r' multiplies the odds of the policy by e = exp(w (r' - r) / lambda), so it beats the truth at a policy p
iff
:math:`\sum_x p_x (r_x - \bar r) e_x > 0`, linear in e.

With full support the polarised report (a little less for the least liked outcome, for the favourite more where sums are
fixed) divides the former's odds and multiplies the latter's, and gains at every p > 0: the theorem holds.

With r = (r1 > r2 > r3 = 0) of sum 1 it fails where two policies can be forced by others' reports: A, whose mean
reward is above r2, and B, whose mean is below r2. Coefficients p_x (r_x - mean) add up to 0, so gaining at both says

- A: |c2| (e1 - e2) + |c3| (e1 - e3) > 0;
- B: k (e1 - e3) + (e2 - e3) > 0, with k = p1 (r1 - mean) / (p2 (r2 - mean)) at B.

Moreover e3 >= 1 and e1 e2 e3 = 1. If e1 <= e3, A gives e1 > e2 and B then e2 > e3 >= e1: a contradiction. So e1 = e3
+ d with d > 0, e2 <= 1 / (1 + d), and B says k d > e3 - e2 >= d / (1 + d): k (1 + d) > 1. But 1 + d <= e1 <= exp(w (1
- r1) / lambda), so k exp(w (1 - r1) / lambda) <= 1 proves that no report gains at both.
"""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import Seat, is_social

DOMINATED, UNDOMINATED, UNKNOWN = "dominated", "not dominated", "not decided"


def judge(game: Mechanism, group: int) -> str:
    """Say whether truth is strongly dominated when nobody pays."""
    reward = game.rewards[group]
    if not is_social(game) or game.rule.regularizer != "kl" or game.policies.base is not None or game.m < 2:
        return UNKNOWN
    if float(np.ptp(reward)) <= 1e-12:
        return UNDOMINATED  # indifferent: nothing is strictly better
    if (reward > 0).all():
        return DOMINATED
    if game.m == 3 and game.normalization == "sum" and is_counterexample(game, group):
        return UNDOMINATED
    return UNKNOWN


def is_counterexample(game: Mechanism, group: int) -> bool:
    """Evaluate the proof's inequality for a reward with one zero among three outcomes."""
    order = np.argsort(-game.rewards[group])
    first, second, third = game.rewards[group][order]
    if not (first > second > third == 0.0):
        return False
    others = float(game.sizes.sum() - game.sizes[group])  # what the others' summed rewards add up to
    own, strength = game.sizes[group], game.strength
    most = float(np.exp(min(700.0, own * (1.0 - first) / strength)))
    forced = [forced_policy(game, group, order, others, share) for share in np.linspace(0.0, 1.0, 41)]
    above = any(
        float(p @ game.rewards[group][order]) > second for p in [forced_policy(game, group, order, others, -1.0)]
    )
    return above and any(_ratio(p, game.rewards[group][order]) * most <= 1.0 for p in forced)


def forced_policy(game: Mechanism, group: int, order: Ints, others: float, share: float) -> Floats:
    """Return the policy, in order of liking, when the others split their rewards between outcomes 2 and 3.

    A negative share puts all of them on outcome 1.
    """
    seat, products = Seat(game, group), np.zeros(game.m)
    products[order] = (others, 0.0, 0.0) if share < 0 else (0.0, share * others, (1.0 - share) * others)
    return np.asarray(seat.trainer.best((products + seat.truth)[None])[0][order])


def _ratio(policy: Floats, reward: Floats) -> float:
    """Return k at a policy, infinite where its mean reward is not below r2."""
    mean = float(policy @ reward)
    if reward[1] <= mean:
        return np.inf
    return float(policy[0] * (reward[0] - mean) / (policy[1] * (reward[1] - mean)))
