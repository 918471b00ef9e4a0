"""Wrong arguments from Python are one-line errors of the package, whatever their type."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt import catalog
from bigopt.engine.check import check_solution
from bigopt.errors import BigoptError, InstanceError, UsageError
from bigopt.files import instance

GAME = bigopt.Influencers([0.5, 0.5], [[2.0], [4.0]], bigopt.Box([0.0], [6.0]))
WRONG: dict[str, list[Any]] = {
    "concept": [3, True, b"nash", ["nash"], "nosuch"],
    "solver": [None, 0, ["highs"], {}, "nosuch"],
    "time_limit": ["x", "1", -1, 0, math.nan, True, [1], 1j],
    "options": ["x", [1], 3, {1: 2}, np.array([1.0])],
    "settings": [None, 2, ["default"]],
    "model": [3, True, b"big_potential", "nosuch"],
    "bob": [1, ["x"], object()],
    "player": [0.5, True, "1", -1, 2, 10**30, math.nan, [0], np.array([0, 1])],
    "profile": ["x", 3, True, [[0.0]], [[0.0], [None]], {"actions": 3}, object()],
    "progress": [None, 3, "loud"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_argument_is_one_line_that_says_what_is_expected(name: str, value: Any) -> None:
    single = {"concept": "best-response", "player": 0, "profile": [[1.0], [5.0]]}
    with pytest.raises(BigoptError) as caught:
        bigopt.solve(GAME, **(single | {name: value}))
    assert "\n" not in str(caught.value)
    assert any(word in str(caught.value) for word in ("expected", "no such", "use "))


def test_numbers_of_numpy_are_numbers() -> None:
    limits: list[Any] = [np.float64(60.0), np.int64(60), math.inf]
    for limit in limits:
        assert bigopt.solve(GAME, time_limit=limit).solved
    player: Any = np.int64(1)
    assert bigopt.solve(GAME, "best-response", player=player, profile=[[1.0], [5.0]]).player == 1


@pytest.mark.parametrize("thing", [None, 3, bigopt.Influencers, object()])
def test_what_is_no_game_is_refused(thing: Any) -> None:
    with pytest.raises(UsageError, match="expected"):
        bigopt.solve(thing)


@pytest.mark.parametrize("player", [True, "1", 0.5, 7, -1, None])
def test_a_file_of_a_best_response_names_a_player(tmp_path: Path, player: Any) -> None:
    read = instance.read(catalog.instance("big/example-1-opposed"))
    path = tmp_path / "solution.json"
    point = {"action": [0.0], "player": player, "profile": [[2.0], [4.0]]}
    path.write_text(json.dumps({"concept": "best-response", "solution": point}))
    with pytest.raises(InstanceError, match=r"solution.json: solution.player: .*expected a player, one of 0 to 1"):
        check_solution(read, path)
