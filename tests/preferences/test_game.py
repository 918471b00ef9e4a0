"""Bad input is one line that names the place; instances come back as they were saved."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.files import instance
from tests.preferences.games import random_line, random_space

GOOD: dict[str, Any] = {
    "format": "bigopt/1",
    "kind": "preferences",
    "targets": [[-0.1], [0.3]],
    "action_set": {"type": "box", "lower": [-1.0], "upper": [1.0]},
    "samples": [20, 30],
    "responses": {"distribution": "uniform", "low": -10.0, "high": 10.0},
}
KNOWN: dict[str, Any] = {"player": [0, 1, 1], "y": [[1], [2], [0]], "y_prime": [[0], [1], [3]], "label": [1, 0, 1]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"samples": None}, "samples"),
        ({"samples": [20]}, r"samples: 1 numbers, expected 2"),
        ({"samples": [20, 0]}, r"samples\[1\]: 0, expected a whole number of at least 1"),
        ({"samples": [10**9, 10]}, r"1000000010 comparisons .* GiB"),
        ({"targets": [[-0.1], [1.3]]}, r"targets\[1\]: \[1.3\], expected a point of the action set"),
        ({"responses": {"distribution": "uniform", "low": 3, "high": 3}}, r"responses.low: 3, expected less than high"),
        ({"responses": {"distribution": "normal", "mean": 3, "sd": 0}}, r"responses.sd: 0"),
        ({"responses": {"distribution": "given", "points": [[1], [1]]}}, "no variance"),
        ({"responses": {"distribution": "uniform", "low": 3}}, r"responses.high: missing"),
        ({"responses": {"distribution": "beta"}}, "beta"),
        ({"responses": {"distribution": "uniform", "low": -1e9, "high": 1e9}}, "change the unit"),
        ({"comparisons": KNOWN}, "samples: given beside comparisons"),
        ({"seed": -1}, "seed"),
        ({"samples": GOOD, "responses": None}, "samples"),
    ],
)
def test_bad_input_is_refused_by_name(change: dict[str, Any], said: str) -> None:
    data = {key: value for key, value in (GOOD | change).items() if value is not None}
    with pytest.raises(bigopt.InstanceError, match=said):
        instance.parse(data, Path("game.json"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label": [1, 0, 0.5]}, r"comparisons.label\[2\]: 0.5, expected 1"),
        ({"label": [1, 0, float("nan")]}, r"comparisons.label\[2\]: nan"),
        ({"player": [0, 0, 0]}, "player 1 has none"),
        ({"player": [0, 1, 2]}, "player: 2, expected a player"),
        ({"y": [[1], [2]]}, r"comparisons.y: 2 rows, expected 3"),
    ],
)
def test_bad_comparisons(change: dict[str, Any], said: str) -> None:
    with pytest.raises(bigopt.InstanceError, match=said):
        bigopt.Preferences(GOOD["targets"], bigopt.Box([-1], [1]), comparisons=KNOWN | change)


@pytest.mark.parametrize("game", [random_line(0), random_space(0)])
def test_a_saved_game_comes_back(game: bigopt.Preferences, tmp_path: Path) -> None:
    again = bigopt.load(bigopt.save(game, tmp_path / "game.json"))
    assert again == game
    assert (again.drawn.noise == game.drawn.noise).all() and (again.drawn.slopes == game.drawn.slopes).all()


def test_comparisons_are_kept_whatever_their_order() -> None:
    game = bigopt.Preferences(GOOD["targets"], bigopt.Box([-1], [1]), comparisons=KNOWN)
    turned = {key: list(reversed(value)) for key, value in KNOWN.items()}
    other = bigopt.Preferences(GOOD["targets"], bigopt.Box([-1], [1]), comparisons=turned)
    assert np.sort(game.drawn.offsets).tolist() == np.sort(other.drawn.offsets).tolist()
    assert game.samples.tolist() == other.samples.tolist() == [1, 2]
