"""The conversations of `fuzz_conversation`, small and hostile."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from benchmarks.exact_alignment import epsilon
from benchmarks.exact_conversation import Exact
from bigopt.games.conversation import Conversation

EXTRAS = ("plain", "ties", "sparse", "twins", "near", "units", "far", "never", "long weights", "decimal prior", "flat")
FLOATS = 1e-9  # of a player's range of utility: answers that go through exponentials or linear programs


@lru_cache(maxsize=2)
def game(
    seed: int, sizes: tuple[int, int, int, int] = (3, 3, 3, 3), bobs: int = 3, rounds: int = 4
) -> tuple[Conversation, str]:
    """Return conversation number `seed`, within sizes [X_A, X_B, A, Y], and what is hostile about it."""
    rng = np.random.default_rng([seed, *sizes, bobs, rounds])
    extra = str(rng.choice(EXTRAS))
    a, b, actions, states = (int(rng.integers(1 + (n > 1 and rng.random() < 0.8), n + 1)) for n in sizes)
    k = int(rng.integers(1, bobs + 1))
    weights: Any = rng.integers(0, 2 if extra == "sparse" else 4, (a, b, states)).astype(object)
    weights[rng.integers(a), rng.integers(b), rng.integers(states)] += 1
    if rng.random() < 0.3:
        weights[rng.integers(a)] = weights[rng.integers(a)]
        weights[rng.integers(a), rng.integers(b), 0] += 1
    grid = 1 if extra in ("ties", "sparse") else int(rng.choice([2, 5, 100]))
    tables: Any = rng.integers(0, grid + 1, (1 + k, actions, states)).astype(float)
    if rng.random() < 0.5:
        tables = tables / grid
    if extra == "twins":
        tables[:, rng.integers(actions)] = tables[:, rng.integers(actions)]
    if extra == "flat":
        tables[rng.integers(1 + k)] = float(rng.integers(-2, 3))
    if extra == "near":
        s, c = rng.integers(actions), rng.integers(actions)
        tables[0, s] = np.nextafter(np.maximum(tables[0, c], 0.5) / 10, rng.choice([-1.0, 2.0]))
    if extra == "never":
        tables[int(rng.integers(1 + k)) if rng.random() < 0.5 else 0, rng.integers(actions)] = -(
            10.0 ** rng.integers(3, 10)
        )
    for player in range(1 + k):
        if extra == "units":
            tables[player] *= 10.0 ** rng.integers(-9, 10)
        if extra == "far":
            tables[player] += np.round(10.0 ** rng.integers(3, 10)) * rng.choice([-1, 1])
    tables = np.vectorize(lambda v: float(f"{v:.12g}"))(tables) if extra in ("units", "far") else tables
    if extra == "long weights":
        weights = np.where(weights > 0, 2**50 * weights + rng.integers(-40, 40, weights.shape), 0).astype(object)
    prior: dict[str, Any] = {"prior_weights": weights.tolist()}
    if extra == "decimal prior":
        total = rng.multinomial(1000, np.asarray(weights / weights.sum(), dtype=float).ravel()).reshape(weights.shape)
        prior = {"prior": (total / 1000).tolist()}
    made = Conversation(tables[0], list(tables[1:]), int(rng.integers(1, rounds + 1)), **prior, name=f"fuzz-{seed}")
    return made, extra


def strength(seed: int, exact: Exact) -> float:
    """Return a lambda between nearly blind and nearly sharp in Alice's own range of utility."""
    size = float(exact.range(0)) or 1.0
    value = float(np.random.default_rng([seed, 5]).choice([0.1, 1.0, 5.0, 20.0, 200.0])) / size
    return min(max(value, 1e-6), 1e6)


def apart(exact: Exact) -> Fraction:
    """Return Definition 1's distance of Alice from the Bobs."""
    tables = [[u for row in table for u in row] for table in exact.utilities]
    return epsilon(tables[0], tables[1:])
