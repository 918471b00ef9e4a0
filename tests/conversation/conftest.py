"""Small seeded conversations for the tests."""

from collections.abc import Callable

import numpy as np
import pytest

from bigopt.games.conversation import Conversation

Make = Callable[..., Conversation]


@pytest.fixture
def make() -> Make:
    """Return a function that draws a game with whole weights, many of them zero, and utilities in hundredths."""

    def draw(
        seed: int, a: int = 3, b: int = 3, y: int = 2, actions: int = 2, bobs: int = 1, rounds: int = 6
    ) -> Conversation:
        rng = np.random.default_rng(seed)
        weights = rng.integers(0, 3, (a, b, y))
        weights[0, 0, 0] += 1
        utilities = rng.integers(0, 101, (1 + bobs, actions, y)) / 100
        return Conversation(utilities[0], list(utilities[1:]), rounds, prior_weights=weights, name=f"drawn-{seed}")

    return draw
