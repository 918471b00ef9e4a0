"""The game's data, exact values, and what it refuses."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import bigopt
from bigopt.cli.app import app
from bigopt.errors import InstanceError, UsageError
from bigopt.games.subsets.generate import binary_powers, news_feed

GOOD: dict[str, Any] = {
    "weights": [0.5, 0.5],
    "targets": [[0.0], [1.0]],
    "items": [[0.1], [0.2], [0.4]],
    "sizes": [2, 1],
}


def test_receiver_adds_up_items_and_losses_are_rounded_once() -> None:
    game = bigopt.Subsets(**GOOD, background_weight=2.0, background_point=np.array([0.25]))
    choices = [(0, 1), (2,)]
    assert game.receiver(choices) == pytest.approx([0.85], abs=1e-15)  # 0.5 + 0.5 (0.3) + 0.5 (0.4), by hand
    assert game.losses(choices).tolist() == [float(Fraction(85, 100) ** 2), float(Fraction(15, 100) ** 2)]


def test_a_deviation_changes_the_potential_by_the_players_own_loss() -> None:
    game = news_feed(players=3, items=7, size=2, seed=4)
    rng = np.random.default_rng(0)
    for _ in range(30):
        before = [tuple(rng.choice(7, 2, replace=False).tolist()) for _ in range(3)]
        i = int(rng.integers(3))
        after = [*before[:i], tuple(rng.choice(7, 2, replace=False).tolist()), *before[i + 1 :]]
        own = game.exact.losses(after)[i] - game.exact.losses(before)[i]
        assert game.exact.potential(after) - game.exact.potential(before) == own  # Proposition 6, in integers


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sizes": [4, 1]}, r"sizes\[0\]: 4, expected at most 3"),
        ({"sizes": [0, 1]}, r"sizes\[0\]: 0"),
        ({"items": [[0.1], [0.2], [0.1]]}, r"items\[2\]: .*items\[0\]"),
        ({"targets": [[0.0], [1.0, 2.0]]}, r"targets\[1\]"),
        ({"repeats": "yes"}, "repeats: 'yes'"),
    ],
)
def test_bad_data_are_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InstanceError, match=words):
        bigopt.Subsets(**(GOOD | change))


@pytest.mark.parametrize(
    ("choices", "words"),
    [([[0, 1]], "expected 2"), ([[0, 0], [1]], "repeats an item"), ([[0, 3], [1]], "item 3"), ("x", "expected 2")],
)
def test_bad_profiles_are_named(choices: Any, words: str) -> None:
    with pytest.raises(InstanceError, match=words):
        bigopt.Subsets(**GOOD).profile(choices)


@pytest.mark.parametrize("concept", ["all-nash", "extremes"])
def test_huge_games_are_refused_with_the_number_of_profiles(concept: str) -> None:
    game = news_feed(players=2, items=100, size=10)
    with pytest.raises(UsageError, match=str(game.profiles)):
        bigopt.solve(game, concept)


def test_round_trip_and_command_line(tmp_path: Any) -> None:
    game = binary_powers(items=4, size=1)
    path = bigopt.save(game, tmp_path / "game.json")
    again = bigopt.load(path)
    assert again.to_instance() == game.to_instance()
    result = CliRunner().invoke(app, ["solve", str(path)])
    assert result.exit_code == 0, result.output
    assert CliRunner().invoke(app, ["plot", str(path), "-o", str(tmp_path / "a.png")]).exit_code == 0
    assert (tmp_path / "a.png").stat().st_size > 5000
