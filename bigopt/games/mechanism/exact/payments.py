r"""Affine maximizer payments (Section 4.1).

.. math:: p_i = ASW_{-i}(\psi_{-i}) - ASW_{-i}(\psi)

Under KL on all distributions one training is enough: :math:`\psi_{-i} \propto \psi \exp(-w_i rm_i / \lambda)`, so

.. math:: u_i = -\lambda \log E_\psi[\exp(-w_i rm_i / \lambda)], \qquad p_i = w_i E_\psi[rm_i] - u_i.

Elsewhere each p_i needs a training of its own.
"""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.games.mechanism.exact.regularizers import KL
from bigopt.games.mechanism.exact.training import trainer
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import Seat


def has_closed_form(game: Mechanism) -> bool:
    """Whether the trained policy alone gives the payments: KL on all distributions."""
    return game.rule.regularizer == "kl" and game.policies.base is None


def from_policy(game: Mechanism, logs: Floats, deadline: Deadline) -> tuple[Floats, Floats]:
    """Return payments and utilities [n] from the logarithms of a KL policy [m] alone."""
    utilities, values = np.empty(game.n), np.empty(game.n)
    policy = np.exp(logs)
    for i, group in enumerate(game.groups):
        deadline.check("computing payments")
        values[i] = group.size * float(policy @ group.reward)
        reward = group.reward * (group.size / game.strength)
        utilities[i] = exponential_utility(logs, policy, reward, values[i] / game.strength) * game.strength
    return values - utilities, utilities


def exponential_utility(logs: Floats, policy: Floats, rewards: Floats, mean: float) -> float:
    """Return -log E[exp(-r)] under a policy = exp(logs); r [m] and its mean are in units of lambda.

    Around its mean r = a + d it is a - log(1 + E[exp(-d) - 1 + d]): the small differences of small rewards survive.
    """
    if float(rewards.max() - rewards.min()) < 1.0:
        away = rewards - mean
        return mean - float(np.log1p(policy @ (np.expm1(-away) + away)))
    tilted = logs - rewards
    top = float(tilted.max())
    return -(top + float(np.log(np.exp(tilted - top).sum())))


def by_training(game: Mechanism, deadline: Deadline) -> tuple[Floats, Floats, Floats]:
    """Return the policy [m], payments and utilities [n] from n + 1 trainings."""
    rule = trainer(game)
    policy = rule.train(game.rewards, game.sizes)
    payments = np.empty(game.n)
    for i in range(game.n):
        deadline.check("computing payments")
        payments[i] = float(Seat(game, i).affine(policy[None])[0])
    return policy, payments, game.sizes * (game.rewards @ policy) - payments


def affine(game: Mechanism, deadline: Deadline) -> tuple[Floats, Floats, Floats]:
    """Return the policy [m], payments and utilities [n] by the cheaper way."""
    rule = trainer(game)
    if has_closed_form(game) and isinstance(rule.regularizer, KL):
        logs = rule.regularizer.logs(game.total)
        return np.exp(logs), *from_policy(game, logs, deadline)
    return by_training(game, deadline)
