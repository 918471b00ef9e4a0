"""What the public functions take: games, paths and stored names, and one line for anything else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import bigopt

NAME = "big/example-1-opposed"


def test_a_stored_name_is_as_good_as_the_game(tmp_path: Path) -> None:
    game, solution = bigopt.load(NAME), bigopt.solve(NAME)
    assert solution == bigopt.solve(game)
    assert bigopt.read("example-1-opposed").game == game  # the stem is enough where it is the only one
    assert bigopt.load(bigopt.save(NAME, tmp_path / "copy.json")) == game
    assert bigopt.solve(str(tmp_path / "copy.json")) == solution
    rows = bigopt.sweep(NAME, {"weights[0]": [0.5]})
    assert rows[0]["receiver"] == solution.receiver.tolist()


def test_a_solution_is_checked_against_a_game_a_path_or_a_name(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text(bigopt.solve(NAME).to_json())
    for instance in (NAME, bigopt.load(NAME), bigopt.read(NAME)):
        assert bigopt.check(instance, str(file)).certificate.verified


WRONG: list[tuple[str, Callable[[Any], Any]]] = [
    ("3 is not a game", bigopt.solve),
    ("3 is not a game", bigopt.plot),
    ("3 is not a game", lambda x: bigopt.sweep(x, {"weights[0]": [1]})),
    ("3 is not a game", lambda x: bigopt.save(x, "game.json")),
    ("3, expected the path of the file", lambda x: bigopt.save(NAME, x)),
    ("3, expected the path of an instance file", bigopt.load),
    ("3, expected the path of a solution file", lambda x: bigopt.check(NAME, x)),
    ("3 is not a game", lambda x: bigopt.check(x, "answer.json")),
    ("3: no table, expected a file", lambda x: bigopt.read_table(x, "market")),
]


@pytest.mark.parametrize(("said", "call"), WRONG)
def test_anything_else_is_one_line(said: str, call: Callable[[Any], Any]) -> None:
    with pytest.raises(bigopt.BigoptError, match=said) as caught:
        call(3)
    assert "\n" not in str(caught.value)


def test_indices_of_a_frame_are_whole_numbers() -> None:
    pytest.importorskip("pandas")
    frame = bigopt.solve(NAME).to_frame()
    assert str(frame["j"].dtype) == "Int64" and frame["j"].isna().sum() > 0
