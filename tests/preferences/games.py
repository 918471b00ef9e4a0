"""Small labelling games for tests."""

from typing import Any

import numpy as np

from bigopt import Box, Preferences

UNIFORM = {"distribution": "uniform", "low": -10.0, "high": 10.0}


def paper(seed: int = 0, samples: int = 10_000) -> Preferences:
    """Section 6.2."""
    return Preferences([[-0.1], [0.3]], Box([-1.0], [1.0]), [samples, samples], UNIFORM, seed=seed)


def random_line(seed: int, players: int = 5, samples: int = 40, **law: Any) -> Preferences:
    """A game in one dimension."""
    rng = np.random.default_rng(seed)
    responses = law or {"distribution": "uniform", "low": -4.0, "high": 3.0}
    counts = rng.integers(samples // 2, 2 * samples, size=players)
    return Preferences(rng.uniform(-1, 1.5, (players, 1)), Box([-1.0], [1.5]), counts, responses, seed=seed)


def random_space(seed: int, players: int = 3, dimension: int = 2, samples: int = 150) -> Preferences:
    """A game in several dimensions."""
    rng = np.random.default_rng(seed)
    box = Box(-np.ones(dimension), np.ones(dimension))
    law = {"distribution": "normal", "mean": 0.0, "sd": 1.5}
    return Preferences(rng.uniform(-1, 1, (players, dimension)), box, [samples] * players, law, seed=seed)
