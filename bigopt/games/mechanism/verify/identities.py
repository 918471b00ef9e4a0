r"""The identities that prove affine maximizer payments truthful and individually rational (Theorem 4.2).

.. math:: u_i(truth) - u_i(report) = F(\psi) - F(\psi') \ge 0, \qquad u_i(truth) = G(R) - G(R_{-i}) \ge 0,

F the affine social welfare with the true reward and G its maximum; under KL the first is lambda KL(psi' || psi), the
second lambda log E_{psi_-i}[exp(w rm / lambda)]; under L2 the first is at least lambda |psi' - psi|^2.
"""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.solution import Check
from bigopt.games.mechanism.exact.least_utility import utility
from bigopt.games.mechanism.exact.regularizers import KL
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import Seat
from bigopt.games.mechanism.verify.grades import DIGITS, proved, recomputed

PAYMENT = 1e-6  # of a group's stakes
IDENTITY = 1e-9  # of the stakes: two ways to compute one number
OWN = 100.0  # times what a group decides: its payment is then right to a few 1e-4 of itself
FLOAT = 1e-8  # of size and reward: times PAYMENT a few units in the last place of a float
REPORTS = 8  # misreports on which the first identity is evaluated
MOST = 2_000_000  # numbers in the misreports of one group
GROUPS = 8  # whose misreports are evaluated


def units(game: Mechanism, policy: Floats) -> Floats:
    """Return what the error of payments [n] is measured in: a group's stakes, or OWN times what it decides if less.

    A large lambda, or a reward that is large only where hardly any policy goes, leaves a group next to nothing to
    decide, about d^2 / lambda with d its mean deviation under the initial and the trained policy: beside the stakes
    any payment would pass.
    """
    mixed = 0.5 * (game.initial + policy)
    away = game.sizes * (np.abs(game.rewards - (game.rewards @ mixed)[:, None]) @ mixed)
    digits = FLOAT * game.sizes * game.rewards.max(axis=1)
    decided = OWN * away * np.minimum(1.0, away / game.strength)
    return np.asarray(np.minimum(game.stakes, np.maximum(decided, digits)))


def payments(game: Mechanism, policy: Floats, exact: Floats, claimed: Floats) -> Check:
    """Compare payments [n] with ASW_-i(psi_-i) - ASW_-i(psi), a training a group, psi as trained here."""
    off = float((np.abs(claimed - exact) / units(game, policy)).max())
    return recomputed("payments", off, PAYMENT, "stakes of a group", "a training without each group")


def rationality(game: Mechanism, utilities: Floats) -> Check:
    """Bound the least utility from below: a group that tells the truth is never worse off than absent."""
    short = float((-utilities / game.stakes).max())
    return proved(
        "individual rationality", max(0.0, short), IDENTITY, "stakes of a group", "Theorem 4.2: u = G(R) - G(R_-i)"
    )


def participation(game: Mechanism, utilities: Floats) -> Check:
    """Compare utilities with lambda log E_{psi_-i}[exp(w rm / lambda)] under KL, G(R) - G(R_-i) otherwise."""
    own = np.empty(game.n)
    for i in range(game.n):
        seat = Seat(game, i)
        both = seat.trainer.worth(np.stack([seat.others + seat.truth, seat.others]))
        own[i] = both[0] - both[1]
        rule = seat.trainer.regularizer
        if seat.trainer.base is None and isinstance(rule, KL):
            own[i] = utility(seat, seat.truth)
    off = float((np.abs(own - utilities) / game.stakes).max())
    return recomputed("utility identity", off, PAYMENT, "stakes of a group", "what the group adds to the best ASW")


def truthfulness(game: Mechanism) -> Check:
    """Evaluate u(truth) - u(report) against the welfare that the report loses, on random misreports and sizes.

    Both are lambda times a divergence, so that a large lambda brings its own rounding.
    """
    rng, worst = np.random.default_rng(0), 0.0
    count = 1 if game.policies.base is not None else max(1, min(REPORTS, MOST // game.m))  # there each is a training
    rounding = DIGITS * game.strength
    for i in range(min(game.n, GROUPS)):
        seat = Seat(game, i)
        rewards = rng.dirichlet(np.ones(game.m), count)
        if game.normalization == "max":
            rewards = rewards / rewards.max(axis=1, keepdims=True)
        sizes = rng.integers(1, game.max_size + 1, (count, 1))
        policies = seat.policies(np.vstack([seat.truth[None], sizes * rewards]))
        utilities = seat.values(policies) - seat.affine(policies)
        gains = utilities[0] - utilities[1:]
        if seat.trainer.base is None:
            lost = seat.trainer.regularizer.shortfall(policies[1:], seat.others + seat.truth)
            worst = max(worst, float(np.abs(gains - lost).max() - rounding) / game.stakes[i])
        worst = max(worst, float(-gains.min() - rounding) / game.stakes[i])
    note = "Theorem 4.2: u(truth) - u(report) is the affine welfare that the report loses"
    return proved("truthfulness", worst, IDENTITY, "stakes of a group", note)
