"""Items with names: taken in profiles, and shown in answers, tables and pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import bigopt

NAMES = ["weather", "markets", "elections", "crime"]


def game(**changes: Any) -> bigopt.Subsets:
    """Two parties that place an article each; the second one's target is `markets`, alone within its reach."""
    data: dict[str, Any] = {"weights": [0.5, 0.5], "targets": [[-1.0], [3.0]], "items": [[0.0], [3.0], [-1.0], [1.0]]}
    return bigopt.Subsets(**data | {"sizes": [1, 1], "item_names": NAMES} | changes)


def test_the_answer_is_that_of_the_game_without_names_and_says_them() -> None:
    solution, bare = bigopt.solve(game()), bigopt.solve(game(item_names=()))
    assert solution.choices == bare.choices
    shown = [NAMES[j] for choice in solution.choices for j in choice]
    assert all(name in str(solution) and name in solution._repr_html_() for name in shown)
    columns = solution.columns()
    named = [name for field, name in zip(columns["field"], columns["name"], strict=True) if field == "choices"]
    assert named == shown
    assert "name" not in bare.columns()


def test_moves_of_a_path_and_mixed_choices_are_named() -> None:
    start = {"choices": [["crime"], ["weather"]]}
    path = bigopt.solve(game(), "dynamics", profile=start)
    assert path.trajectory[0]["choices"] == [[3], [0]]  # in the answer itself the numbers of the items, as everywhere
    assert "crime" in str(path)
    pytest.importorskip("pygambit")
    mixed = bigopt.solve(game(), "mixed")
    for equilibrium in mixed.equilibria:
        for strategy in equilibrium["strategies"]:
            assert all(NAMES[entry["choice"][0]] in str(mixed) for entry in strategy)


def test_a_profile_by_name_is_that_by_number() -> None:
    by_name = bigopt.solve(game(), "best-response", player=0, profile={"choices": [["crime"], ["markets"]]})
    by_number = bigopt.solve(game(), "best-response", player=0, profile={"choices": [[3], [1]]})
    assert by_name.action == by_number.action
    with pytest.raises(bigopt.InstanceError, match=r"\[0\]\[0\]: 'crimes' is not an item, did you mean crime\?"):
        bigopt.solve(game(), "best-response", player=0, profile={"choices": [["crimes"], ["markets"]]})
    with pytest.raises(bigopt.InstanceError, match="items have no names"):
        bigopt.solve(game(item_names=()), "best-response", player=0, profile={"choices": [["crime"], [1]]})


def test_names_survive_a_file_and_tell_games_apart(tmp_path: Path) -> None:
    bigopt.save(game(), tmp_path / "feed.json")
    again = bigopt.load(tmp_path / "feed.json")
    assert again == game() and again.item_names == tuple(NAMES)
    assert game() != game(item_names=NAMES[::-1])
    assert "item_names" not in game(item_names=()).to_instance()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (NAMES[:3], "item_names: 3 names, expected 4"),
        (["a", "b", "a", "c"], r"item_names\[2\]: 'a' stands twice"),
        (["a", 1, "b", "c"], r"item_names\[1\]: 1, expected"),
        ("abcd", "item_names: "),
    ],
)
def test_names_that_are_none_are_refused(given: Any, expected: str, tmp_path: Path) -> None:
    data = {"format": "bigopt/1", "kind": "subsets"} | game().to_instance() | {"item_names": given}
    (tmp_path / "wrong.json").write_text(json.dumps(data))
    with pytest.raises(bigopt.InstanceError, match=expected):
        bigopt.load(tmp_path / "wrong.json")


@pytest.mark.parametrize("dimension", [1, 2])
def test_a_picture_of_choices_says_the_names(dimension: int, tmp_path: Path) -> None:
    items = [[float(j * j + k) for k in range(dimension)] for j in range(4)]
    solution = bigopt.solve(game(items=items, targets=[[0.0] * dimension, [4.0] * dimension]), "extremes")
    solution.plot(tmp_path / "picture.svg")
    drawn = (tmp_path / "picture.svg").read_text()
    assert all(name in drawn for name in NAMES)


def test_a_markets_policies_and_bobs_are_named_in_the_table_of_an_answer() -> None:
    market = bigopt.load("market/movielens")
    solution = bigopt.solve(market, "best")
    columns = solution.columns()
    rows = list(zip(columns["field"], columns["value"], columns["name"], strict=True))
    schemes = [(value, name) for field, value, name in rows if field == "scheme"]
    assert [market.policies[s][value] for s, (value, _) in enumerate(schemes)] == [name for _, name in schemes]
    assert ("selected", solution.selected, market.bob_names[solution.selected]) in rows
    assert all(name is None for field, _, name in rows if field in ("alice", "bobs", "opt"))
