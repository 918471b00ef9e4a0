r"""Obedience: when a receiver who is told what to do wants to do it.

A recommendation a is obeyed if no other action b is better on average over the states in which a is recommended
(the revelation principle of Bayesian persuasion). Every function takes joint probabilities x[s, a] of state and
recommendation, so that nothing is divided by the probability of a recommendation.

What is at stake in the row of a against b is :math:`\sum_s x(s, a) |u(s, a) - u(s, b)|`: its own terms, not the
receiver's largest utility anywhere. Measured by it a violation has no unit and no origin.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.decimals import Decimals
from bigopt.arithmetic.flint_or_fractions import fmpq, fmpq_mat

Flags = npt.NDArray[np.bool_]

LARGEST = 1e12  # coefficient of a row that a solver gets; HiGHS refuses 1e15


def gains(joint: Floats, alice: Decimals, margin: float = 0.0) -> tuple[Floats, Floats]:
    r"""Return what the receiver gains by another action than the recommended one, and what is at stake.

    .. math:: g(a, b) = \sum_s x(s, a) (u(s, b) - u(s, a) + \delta), \quad
        \sum_s x(s, a) |u(s, b) - u(s, a) + \delta|

    Parameters
    ----------
    joint : ndarray [S][A]
        Probability of the state and the recommendation.
    alice : Decimals [S][A]
        The receiver's utility.
    margin : float
        By how much a recommendation must beat any other action, in the receiver's utility.

    Returns
    -------
    two ndarrays [A][A]
        Obedient where the gain is <= 0; in utility times probability. Both 0 on the diagonal.
    """
    actions = joint.shape[1]
    gain, stake = np.zeros((actions, actions)), np.zeros((actions, actions))
    for a in range(actions):
        used = np.flatnonzero(joint[:, a])
        lead = margin - (
            alice.nearest[used][:, [a]] - alice.nearest[used] + (alice.rest[used][:, [a]] - alice.rest[used])
        )
        lead[:, a] = 0.0
        gain[a], stake[a] = joint[used, a] @ lead, joint[used, a] @ np.abs(lead)
    return gain, stake


def disobeyed(joint: Floats, alice: Decimals, margin: float = 0.0) -> float:
    """Return how much of the probability is disobeyed: a recommendation's mass times its worst row's violated share."""
    gain, stake = gains(joint, alice, margin)
    share = np.divide(np.maximum(gain, 0.0), stake, out=np.zeros_like(gain), where=stake > 0)
    return float(joint.sum(axis=0) @ share.max(axis=1))


def row_sizes(prior: Floats, alice: Decimals, margin: float = 0.0) -> Floats:
    """Return the largest term that the row of a against b can have, shape [A][A]."""
    actions = alice.nearest.shape[1]
    sizes = np.zeros((actions, actions))
    for a in range(actions):
        sizes[a] = (prior[:, None] * np.abs(alice.lead(a, slice(None)) - margin)).max(axis=0)
    return sizes


def rows(prior: Floats, alice: Decimals, told: Ints, instead: Ints, margin: float = 0.0) -> tuple[Any, Floats]:
    """Return the rows ``sum_s prior[s] pi(a|s) (u(s, a) - u(s, b) - margin) >= 0`` for pairs a = told, b = instead.

    Returns
    -------
    csr_array [pairs, S A]
        Over pi(a|s) in the order of states; every row is divided by the geometric mean of its coefficients, or by more
        where its largest would still be enormous: what is smaller by 1e24 counts as 0 to the solver then.
    ndarray [pairs]
        These divisors (1 for a row of zeros).
    """
    states, actions = alice.nearest.shape
    block = (prior[:, None] * (alice.lead(told, instead) - margin)).T
    known = block != 0
    logs = np.log(np.abs(np.where(known, block, 1.0)))
    scale = np.exp(logs.sum(axis=1) / np.maximum(known.sum(axis=1), 1))
    scale = np.maximum(scale, np.abs(block).max(axis=1) / LARGEST)
    block = block / scale[:, None]
    index = np.arange(states) * actions + told[:, None]
    starts = np.arange(0, block.size + 1, states)
    matrix = sparse.csr_array((block.ravel(), index.ravel(), starts), shape=(len(told), states * actions))
    return matrix, scale


def bound(prior: list[fmpq], alice: fmpq_mat, sender: fmpq_mat, allowed: Flags, prices: Floats, margin: fmpq) -> fmpq:
    r"""Return an upper bound on the sender's value over all obedient schemes, by weak duality, in fractions.

    For any prices :math:`\lambda(a, b) \ge 0` of the obedience rows,

    .. math:: \sum_s p(s) \max_a \Big(U(s, a) + \sum_b \lambda(a, b) (u(s, a) - u(s, b) - \delta)\Big).

    Parameters
    ----------
    prior : list of fmpq [S]
    alice, sender : fmpq_mat [S][A]
        The receiver's and the sender's utility.
    allowed : flags [A]
        The actions that the receiver ever takes; at least one.
    prices : ndarray [A][A]
        Negative entries and the diagonal count as 0.
    """
    kept = np.maximum(prices, 0.0)
    np.fill_diagonal(kept, 0.0)
    actions = kept.shape[0]
    exact = [[fmpq(*value.as_integer_ratio()) for value in row] for row in kept.tolist()]
    totals = [sum(row, fmpq(0)) for row in exact]
    weights = fmpq_mat(
        actions,
        actions,
        [(totals[a] if a == b else fmpq(0)) - exact[a][b] for b in range(actions) for a in range(actions)],
    )
    earned, worth = (alice * weights).tolist(), sender.tolist()
    open_to = np.flatnonzero(allowed).tolist()
    best = (max(u[a] + e[a] - margin * totals[a] for a in open_to) for u, e in zip(worth, earned, strict=True))
    return sum((p * top for p, top in zip(prior, best, strict=True)), fmpq(0))


def credit(alice: Floats, prices: Floats, margin: float = 0.0) -> Floats:
    r"""Return what each recommendation earns by being obeyed in floats, shape [S][A].

    .. math:: \sum_b \lambda(a, b) (u(s, a) - u(s, b) - \delta), \quad \lambda \text{ as in `bound`.}
    """
    kept = np.maximum(prices, 0.0)
    np.fill_diagonal(kept, 0.0)
    earned: Floats = (alice - margin) * kept.sum(axis=1) - alice @ kept.T
    return earned
