"""Obedience: when a receiver who is told what to do wants to do it.

A recommendation a is obeyed if no other action b is better on average over the states in which a is recommended
(the revelation principle of Bayesian persuasion). Every function takes joint probabilities x[s, a] of state and
recommendation, so that nothing is divided by the probability of a recommendation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from bigopt.arithmetic.arrays import Floats, Ints


def gains(joint: Floats, alice: Floats, margin: float = 0.0) -> Floats:
    r"""Return what the receiver gains by another action than the recommended one.

    .. math:: g(a, b) = \sum_s x(s, a) (u(s, b) - u(s, a) + \delta), \quad g(a, a) = 0

    Parameters
    ----------
    joint : ndarray [S][A]
        Probability of the state and the recommendation.
    alice : ndarray [S][A]
        The receiver's utility.
    margin : float
        By how much a recommendation must beat any other action, in the receiver's utility.

    Returns
    -------
    ndarray [A][A]
        Obedient where <= 0; in utility times probability.
    """
    table = joint.T @ alice
    table += (margin * joint.sum(axis=0) - np.diag(table))[:, None]
    np.fill_diagonal(table, 0.0)
    return table


def loss(joint: Floats, alice: Floats, margin: float = 0.0) -> float:
    """Return the receiver's expected loss by obeying all recommendations, rather than what is best after each."""
    return float(np.maximum(gains(joint, alice, margin), 0.0).max(axis=1).sum())


def rows(prior: Floats, alice: Floats, told: Ints, instead: Ints, margin: float = 0.0) -> tuple[Any, Floats]:
    """Return the rows ``sum_s prior[s] pi(a|s) (u(s, a) - u(s, b) - margin) >= 0`` for pairs a = told, b = instead.

    Returns
    -------
    csr_array [pairs, S A]
        Over pi(a|s) in the order of states; every row is divided by its largest coefficient.
    ndarray [pairs]
        These divisors (1 for a row of zeros).
    """
    states, actions = alice.shape
    block = (prior[:, None] * (alice[:, told] - alice[:, instead] - margin)).T
    scale = np.abs(block).max(axis=1)
    scale[scale == 0] = 1.0
    block /= scale[:, None]
    index = np.arange(states) * actions + told[:, None]
    starts = np.arange(0, block.size + 1, states)
    matrix = sparse.csr_array((block.ravel(), index.ravel(), starts), shape=(len(told), states * actions))
    return matrix, scale


def bound(prior: Floats, alice: Floats, sender: Floats, prices: Floats, margin: float = 0.0) -> float:
    r"""Return an upper bound on the sender's value over all obedient schemes, by weak duality.

    For any prices :math:`\lambda(a, b) \ge 0` of the obedience rows,

    .. math:: \sum_s p(s) \max_a \Big(U(s, a) + \sum_b \lambda(a, b) (u(s, a) - u(s, b) - \delta)\Big).

    Parameters
    ----------
    sender : ndarray [S][A]
        The sender's utility; -inf bars an action.
    prices : ndarray [A][A]
        Negative entries and the diagonal count as 0.
    """
    return float(prior @ (sender + credit(alice, prices, margin)).max(axis=1))


def credit(alice: Floats, prices: Floats, margin: float = 0.0) -> Floats:
    r"""Return what each recommendation earns by being obeyed, shape [S][A].

    .. math:: \sum_b \lambda(a, b) (u(s, a) - u(s, b) - \delta), \quad \lambda \text{ as in `bound`.}
    """
    kept = np.maximum(prices, 0.0)
    np.fill_diagonal(kept, 0.0)
    earned: Floats = (alice - margin) * kept.sum(axis=1) - alice @ kept.T
    return earned
