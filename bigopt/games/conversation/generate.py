"""Seeded families of conversations."""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.errors import UsageError
from bigopt.games.conversation.game import LARGEST, Conversation


def random_conversation(
    *,
    alice_features: int = 3,
    bob_features: int = 3,
    states: int = 2,
    actions: int = 2,
    bobs: int = 2,
    rounds: int = 4,
    grid: int = 10,
    bias: float = 0.3,
    seed: int = 0,
) -> Conversation:
    """Return a game with whole weights from 0 to `grid` and Bobs who share a part of Alice's utility.

    Parameters
    ----------
    alice_features, bob_features, states, actions, bobs, rounds : int
    grid : int
        Small grids make zeros and ties.
    bias : float
        The share of each Bob's own random table in his utility; the rest is Alice's.
    seed : int
    """
    sizes = (alice_features, bob_features, states, actions, bobs, rounds, grid)
    if min(sizes) < 1:
        raise UsageError(f"random-conversation: {min(sizes)}, expected sizes of at least 1")
    if not 0 <= bias <= 1:
        raise UsageError(f"random-conversation: bias {bias:g}, expected a share from 0 to 1")
    _refuse("random-conversation", alice_features * bob_features * states * actions * (bobs + 1))
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, grid + 1, (alice_features, bob_features, states))
    weights[0, 0, 0] += not weights.any()
    alice, own = rng.random((actions, states)), rng.random((bobs, actions, states))
    theirs = (1 - bias) * alice + bias * own
    name = f"random-conversation-{alice_features}x{bob_features}x{states}-{seed}"
    return Conversation(_hundredths(alice), list(_hundredths(theirs)), rounds, prior_weights=weights, name=name)


def noisy_signals(
    *, alice_features: int = 2, bob_features: int = 2, accuracy: float = 0.75, bobs: int = 1, rounds: int = 8
) -> Conversation:
    """Return a fair bit that both sides see through conditionally independent noise; actions guess it.

    The accuracy is of the sharpest feature; features in between say less, evenly.
    """
    if not 0.5 <= accuracy < 1:
        raise UsageError(f"noisy-signals: accuracy {accuracy:g}, expected a probability from 0.5, below 1")
    if min(alice_features, bob_features, bobs, rounds) < 1:
        raise UsageError("noisy-signals: expected sizes of at least 1")
    _refuse("noisy-signals", alice_features * bob_features * 4 * (bobs + 1))

    def likelihoods(count: int) -> Floats:
        """Return whole weights of each feature in both states [count, 2]."""
        high = np.rint(np.linspace(1 - accuracy, accuracy, count) * 1000)
        return np.column_stack([1000 - high, high])

    weights = likelihoods(alice_features)[:, None, :] * likelihoods(bob_features)[None, :, :]
    guess = np.eye(2)
    name = f"noisy-signals-{alice_features}x{bob_features}-{accuracy:g}"
    return Conversation(guess, [guess] * bobs, rounds, prior_weights=weights, name=name)


def _hundredths(table: Floats) -> Floats:
    return np.round(np.rint(table * 100) / 100, 12)


def _refuse(family: str, entries: int) -> None:
    if entries > LARGEST:
        raise UsageError(f"{family}: {entries:,} numbers, expected at most {LARGEST:,}")
