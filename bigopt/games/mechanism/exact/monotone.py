"""Rules that no payment makes truthful: a pair of types that violates monotonicity, the shortest negative cycle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import Seat
from bigopt.games.mechanism.types import lengths, policies_of, products_of

TRIED = 16  # types of a group that are tried where the game has no type set
MOST = 200  # types of a type set that are tried
ROUNDING = 1e-9  # of the size: a sum that is no less than zero


@dataclass(frozen=True)
class Violation:
    """Types s and t of a group with (z_s - z_t).(psi_s - psi_t) = total < 0."""

    group: str
    first: Floats
    second: Floats
    total: float

    def __str__(self) -> str:
        """Name the pair and its sum."""
        first, second = (np.array2string(z, precision=4, separator=",", threshold=8) for z in (self.first, self.second))
        return f"group {self.group}: w rm = {first} and {second} have the cycle sum {self.total:.4g} < 0"


@lru_cache(maxsize=8)
def violation(game: Mechanism) -> Violation | None:
    """Return the worst pair among the type set's, or among polarised and random types; None if no pair violates."""
    worst: Violation | None = None
    for i in range(min(game.n, 4)):
        products, policies = _tried(game, i)
        table = lengths(products, policies)
        sums = table + table.T
        s, t = np.unravel_index(int(sums.argmin()), sums.shape)
        total = float(sums[s, t])
        if total < -ROUNDING * float(products.max()) and (worst is None or total < worst.total):
            worst = Violation(game.names[i], products[s], products[t], total)
    return worst


def _tried(game: Mechanism, group: int) -> tuple[Floats, Floats]:
    """Return types z = w rm and their policies."""
    if game.types is not None and len(game.types) <= MOST:
        return products_of(game.types), policies_of(game, group)
    size, rng = game.groups[group].size, np.random.default_rng(0)
    shares = rng.dirichlet(np.full(game.m, 0.5), TRIED)
    rewards = np.vstack([game.rewards[group], shares])
    if game.normalization == "max":
        rewards = rewards / rewards.max(axis=1, keepdims=True)
    seat = Seat(game, group)
    return size * rewards, np.array([seat.train(reward, size) for reward in rewards])


def refusal(game: Mechanism) -> str | None:
    """Say why a rule has no affine payments: only social welfare has them; the witness shows it where one is found."""
    if game.rule.objective == "social-welfare":
        return None
    found = violation(game)
    witness = f"no payments make it truthful ({found})" if found else "affine payments belong to social welfare"
    return f"{game.rule.objective}: {witness}: use --concept cycles on a type set for approximate payments"
