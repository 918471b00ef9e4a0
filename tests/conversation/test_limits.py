"""Sizes are refused with their number before memory is touched, and a limit ends in one line or in the best so far."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.errors import UsageError
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.generate import random_conversation


def wide(features: int = 24, rounds: int = 3) -> Conversation:
    weights = np.random.default_rng(1).integers(1, 9, (features, features, 2))
    guess = [[1, 0], [0, 1]]
    return Conversation(guess, [guess], rounds, prior_weights=weights, name="wide")


@pytest.mark.parametrize(
    ("game", "concept", "says"),
    [
        (wide(), "aligned-leader", "2^48 rectangles, at most 4,194,304"),
        (wide(2, 10**9), "aligned-leader", "splits of rectangles, at most 4,000,000,000: use fewer rounds"),
        (wide(2, 10**9), "play", "2 x 2^2000000000 histories, at most 1,000,000"),
        (wide(), "all-nash", "70,368,744,177,664 rules a Bob up to the names of letters in 1 of 3 rounds"),
        (wide(2, 40), "selection", "rules a Bob up to the names of letters"),
        (wide(2, 10**9), "quantal-nash", "1,000,000,000 rounds, at most 60"),
    ],
)
def test_what_explodes_is_refused_before_memory_is_touched(game: Conversation, concept: str, says: str) -> None:
    tracemalloc.start()
    with pytest.raises(UsageError) as caught:
        bigopt.solve(game, concept)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert says in str(caught.value) and "\n" not in str(caught.value)
    assert peak < 20_000_000


@pytest.mark.parametrize("text", ["1/0", "x", "0", "-1/4"])
def test_a_step_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(UsageError, match="expected exact, or a step such as 1/4"):
        bigopt.solve(wide(2), "agreement", options={"messages": text})


@pytest.mark.parametrize(
    ("sizes", "concept", "options"),
    [
        ((10, 10, 4), "aligned-leader", {}),
        ((3, 3, 1), "all-nash", {}),
        ((3, 5, 1), "selection", {}),
        ((60, 60, 30), "agreement", {"messages": "1/500"}),
        ((10, 10, 1), "substitutes", {}),
        ((30, 6, 4), "quantal", {}),
        ((4, 6, 3), "quantal-nash", {}),
        ((3, 6, 1), "quantal-nash", {}),
        ((10, 10, 1), "deviation", {}),
    ],
)
def test_a_limit_inside_a_solve_is_never_success(
    sizes: tuple[int, int, int], concept: str, options: dict[str, Any]
) -> None:
    a, b, rounds = sizes
    game = random_conversation(alice_features=a, bob_features=b, states=4, actions=4, rounds=rounds, seed=1)
    if concept in ("quantal", "deviation"):
        game = Conversation(
            game.alice, game.bobs, rounds, prior_weights=game.prior_weights, profile=["silent"] * game.k
        )
    extra = {"player": 0} if concept == "deviation" else {}
    found = bigopt.solve(game, concept, time_limit=0.01, options=options, **extra)
    assert found.exit_code == 4 and found.outcome.stopped == "maxTimeLimit" and not found.solved
    said = str(found.solver.options.get("message", "time limit"))
    assert "time limit" in said and "\n" not in said
