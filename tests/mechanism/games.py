"""Random games for the tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from bigopt.games.mechanism import Group, Mechanism


def game(
    m: int = 5,
    n: int = 3,
    seed: int = 0,
    objective: str = "social-welfare",
    regularizer: str = "kl",
    strength: float = 0.5,
    normalization: str = "sum",
    **more: Any,
) -> Mechanism:
    rng = np.random.default_rng(seed)
    rewards = rng.dirichlet(np.ones(m), n)
    if normalization == "max":
        rewards = rewards / rewards.max(axis=1, keepdims=True)
    return Mechanism(
        initial=rng.dirichlet(np.full(m, 3.0)),
        groups=[Group(f"g{i}", int(rng.integers(1, 5)), reward) for i, reward in enumerate(rewards)],
        normalization=normalization,
        rule={"objective": objective, "regularizer": regularizer, "strength": strength},
        outcomes=[f"x{x}" for x in range(m)],
        **{"max_size": 5} | more,
    )
