"""Bad input is one line that names the place; a game survives the way to a file and back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bigopt import catalog
from bigopt.engine.solve import solve
from bigopt.errors import InstanceError
from bigopt.files.instance import load, parse, save
from bigopt.games.conversation import Conversation

Make = Callable[..., Conversation]


def data(**changes: Any) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(catalog.instance("conversation/xor").read_text())
    return raw | changes


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rounds": 0}, "rounds: 0"),
        ({"prior_weights": [[[0, 0], [0, 0]], [[0, 0], [0, 0]]]}, "prior_weights: all zero"),
        ({"prior_weights": [[[1, 0], [0, 1]]]}, "prior_weights: 1 rows, expected 2"),
        ({"prior": [[[0.5, 0], [0, 0]], [[0, 0], [0, 0.4]]]}, "prior: both"),
        ({"prior_weights": [[[1, -1], [0, 1]], [[0, 1], [1, 0]]]}, "prior_weights[0][0][1]: -1"),
        ({"alice": [[1, 0, 0], [0, 1, 0]]}, "alice[0]: 3 numbers, expected 2"),
        ({"profile": ["loud"]}, 'profile[0]: "loud", expected straightforward, silent or revealing, or an object'),
        ({"profile": ["silent", "silent"]}, "profile: 2 rules, expected 1"),
        ({"profile": [{"histories": {"0,1": [0, 0]}}]}, "expected letters"),
        ({"profile": [{"histories": {"0": [[0.5, 0.4], 0]}}]}, "sums to 0.9"),
        ({"profile": [{"rounds": [[0, 0]] * 9}]}, "expected at most 6"),
        ({"alice_features": ["same", "same"]}, "stands twice"),
    ],
)
def test_bad_input_is_one_line(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(InstanceError) as caught:
        parse(data(**changes), Path("game.json"))
    assert says in str(caught.value) and "\n" not in str(caught.value)


def test_a_prior_that_does_not_sum_to_one() -> None:
    raw = data(prior=[[[0.5, 0], [0, 0.2]], [[0, 0], [0, 0.4]]])
    del raw["prior_weights"]
    with pytest.raises(InstanceError, match="sums to 1.1"):
        parse(raw, Path("game.json"))


def test_a_feature_of_probability_zero_matters_only_where_it_is_conditioned_on() -> None:
    game = Conversation([[1, 0], [0, 1]], [[[1, 0], [0, 1]]], 2, prior_weights=[[[1, 2]], [[0, 0]]], name="never")
    for concept in ("first-best", "agreement", "substitutes"):
        assert solve(game, concept).solved
    assert game.belief("x_A 0") == game.belief()
    with pytest.raises(InstanceError, match="'x_A 1': has probability 0"):
        game.belief("x_A 1")
    with pytest.raises(InstanceError, match="not one of alice_features"):
        game.belief("elsewhere")


def test_to_a_file_and_back(make: Make, tmp_path: Path) -> None:
    game = make(4, bobs=2)
    again = load(save(game, tmp_path / "game.json"))
    assert np.array_equal(again.prior_weights, game.prior_weights) and np.array_equal(again.bobs, game.bobs)
    assert again.alice_features == game.alice_features and again.rounds == game.rounds


def test_decimals_and_weights_are_the_same_game() -> None:
    weights = Conversation([[1, 0], [0, 1]], [[[1, 0], [0, 1]]], 2, prior_weights=[[[1, 2], [3, 4]]], name="w")
    decimals = Conversation([[1, 0], [0, 1]], [[[1, 0], [0, 1]]], 2, prior=[[[0.1, 0.2], [0.3, 0.4]]], name="d")
    assert np.array_equal(weights.prior_weights, decimals.prior_weights)


def test_posteriors_are_a_martingale(make: Make) -> None:
    for seed in range(6):
        game = make(seed)
        prior = game.belief()
        for action in range(2):
            mean = sum(
                game.belief(name)[action] * int(game.mass[i].sum())
                for i, name in enumerate(game.alice_features)
                if game.mass[i].any()
            )
            assert mean / game.total == prior[action]
