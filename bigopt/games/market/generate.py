"""Seeded families of markets."""

from __future__ import annotations

import math

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.errors import UsageError
from bigopt.games.market.game import Market

LARGEST = 10_000_000  # numbers in one table


def random_market(
    *,
    states: int = 5,
    policies: int = 4,
    bobs: int = 3,
    grid: int = 1000,
    alice: float = 0.2,
    common: float = 0.5,
    seed: int = 0,
) -> Market:
    """Return a market of Bobs who share a bias: utilities are a mix of Alice's, a common and an own random table.

    Parameters
    ----------
    states, policies, bobs : int
    grid : int
        Utilities are multiples of 1 / grid in [0, 1]; a small grid makes ties.
    alice, common : float
        The shares of Alice's and of the common table in each Bob's utility; the rest is his own noise.
    seed : int
    """
    _sizes(states=states, policies=policies, bobs=bobs, grid=grid)
    if min(alice, common) < 0 or alice + common > 1:
        raise UsageError(f"random-market: alice {alice:g} and common {common:g}, expected shares that sum to at most 1")
    if states * policies * (bobs + 1) > LARGEST:
        raise UsageError(f"random-market: {states * policies * (bobs + 1):,} numbers, expected at most {LARGEST:,}")
    rng = np.random.default_rng(seed)
    hers, shared = rng.random((states, policies)), rng.random((states, policies))
    own = rng.random((bobs, states, policies))
    theirs = alice * hers + common * shared + (1 - alice - common) * own
    return _market(hers, theirs, grid, f"random-market-{states}x{policies}x{bobs}-{seed}")


def noisy_market(
    *, states: int = 3, policies: int = 3, bobs: int = 20, noise: float = 0.3, grid: int = 1000, seed: int = 0
) -> Market:
    """Return a market of the random utility model (Appendix A): each Bob is Alice plus independent noise of mean 0.

    The noise is uniform on [-d, d], where d is `noise` cut down to the distance of Alice's utility from 0 and 1, so
    that utilities stay in [0, 1] and each Bob's mean is Alice's utility exactly.
    """
    _sizes(states=states, policies=policies, bobs=bobs, grid=grid)
    if not 0 <= noise <= 1:
        raise UsageError(f"noisy-market: noise {noise:g}, expected a number from 0 to 1")
    if states * policies * (bobs + 1) > LARGEST:
        raise UsageError(f"noisy-market: {states * policies * (bobs + 1):,} numbers, expected at most {LARGEST:,}")
    rng = np.random.default_rng(seed)
    alice = np.rint(rng.random((states, policies)) * grid)
    width = np.floor(np.minimum(noise * grid, np.minimum(alice, grid - alice)))
    own = rng.integers(-width, width + 1, (bobs, states, policies))
    return _market(alice / grid, (alice + own) / grid, grid, f"noisy-market-{states}x{policies}x{bobs}-{seed}")


def enough_bobs(outcomes: int, epsilon: float, delta: float) -> int:
    """Return Proposition 3's number of Bobs for epsilon-alignment with probability at least 1 - delta.

    The smallest k with ``k > (ln(2 |A| |Y|) - ln delta) / (2 epsilon**2)``.
    """
    if not (outcomes >= 1 and epsilon > 0 and 0 < delta <= 1):
        raise UsageError(f"outcomes {outcomes}, epsilon {epsilon:g}, delta {delta:g}: expected >= 1, > 0 and in (0, 1]")
    return math.floor((math.log(2 * outcomes) - math.log(delta)) / (2 * epsilon**2)) + 1


def _sizes(**sizes: int) -> None:
    for name, size in sizes.items():
        if size < 1:
            raise UsageError(f"{name}: {size}, expected at least 1")


def _market(alice: Floats, bobs: Floats, grid: int, name: str) -> Market:
    def rounded(table: Floats) -> list[Floats]:
        return [np.round(np.rint(row * grid) / grid, 12) for row in table]

    return Market(tuple(rounded(alice)), tuple(tuple(rounded(bob)) for bob in bobs), name=name)
