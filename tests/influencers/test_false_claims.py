"""Claims that are false in one place: every number moved, every flag flipped, every list shortened is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.engine.check import check_solution
from bigopt.errors import BigoptError
from bigopt.files.instance import read

MOVED = 1e-3  # of a number's stake
INSTANCES = {
    "nash": "big/example-1-opposed",
    "dynamics": "big/example-1-same-side",
    "ne-set": "big/example-2-infinite",
    "best-response": "big/example-1-same-side",
    "dominant": "big/example-4-square",
    "truthful": "big/example-1-opposed",
}
FREE = {  # whatever stands there, the claim stays true, or it is not the concept's
    "nash": {"interior"},
}


def claims(concept: str) -> tuple[Any, dict[str, Any]]:
    instance = read(Path("instances") / f"{INSTANCES[concept]}.json")
    arguments: Any = {"player": 1, "profile": [[1.0], [2.0]]} if concept == "best-response" else {}
    found = bigopt.solve(instance.game, concept, **arguments)
    assert found.exit_code == 0
    return instance, json.loads(found.to_json())


def variations(value: Any, stake: float) -> Iterator[Any]:
    """Yield the value with one thing changed."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, float):
        yield value + MOVED * stake
        yield value - MOVED * stake
    elif isinstance(value, list):
        if value:
            yield value[:-1]
        for k, item in enumerate(value):
            for changed in variations(item, stake):
                yield [*value[:k], changed, *value[k + 1 :]]
    elif isinstance(value, dict):
        for key, item in value.items():
            for changed in variations(item, stake):
                yield {**value, key: changed}


def accepted(instance: Any, data: dict[str, Any], tmp_path: Path) -> bool:
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(data))
    try:
        return check_solution(instance, path).certificate.verified
    except BigoptError:
        return False


@pytest.mark.parametrize("concept", INSTANCES)
def test_a_claim_that_is_changed_in_one_place_is_refused(concept: str, tmp_path: Path) -> None:
    instance, data = claims(concept)
    assert accepted(instance, data, tmp_path)
    low, high = instance.game.receiver_range
    stake = float((high - low).max())
    wrong = []
    for key, value in data["solution"].items():
        if key in FREE.get(concept, set()):
            continue
        for changed in variations(value, stake):
            if accepted(instance, data | {"solution": {**data["solution"], key: changed}}, tmp_path):
                wrong.append((key, value, changed))
    assert not [w for w in wrong if not still_true(instance.game, concept, *w)]


def still_true(game: Any, concept: str, key: str, value: Any, changed: Any) -> bool:
    """Whether the changed claim is another true one: another dominant or best action, another start of the dynamics."""
    if key == "actions" and concept == "dominant":
        pull = np.sign(game.weights)[:, None] * game.targets
        short = np.shape(changed) == np.shape(value)
        return short and bool((game.action_set.shortfall(pull, np.array(changed)) <= 1e-12).all())
    return False


def check(game: Any, concept: str, tmp_path: Path, **solution: Any) -> Any:
    bigopt.save(game, str(tmp_path / "game.json"))
    path = tmp_path / "claim.json"
    path.write_text(json.dumps({"concept": concept, "solution": solution} | solution.pop("more", {})))
    return check_solution(read(tmp_path / "game.json"), path).certificate


def test_an_action_outside_a_box_far_away_is_no_rounding(tmp_path: Path) -> None:
    far = bigopt.Influencers([1.0], [[1e15 + 10]], bigopt.Box([1e15], [1e15 + 64]))
    assert check(far, "nash", tmp_path, actions=[[1e15 + 10]]).verified
    assert not check(far, "nash", tmp_path, actions=[[1e15 + 160]]).verified


def test_a_run_does_not_bring_its_own_tolerance(tmp_path: Path) -> None:
    game = bigopt.Influencers([0.5, 0.5], [[2.0], [4.0]], bigopt.Box([0.0], [6.0]))
    moves: list[dict[str, Any]] = [
        {"update": 0, "mover": None, "actions": [[1.0], [5.5]]},
        {"update": 1, "mover": 0, "actions": [[0.0], [5.5]]},
        {"update": 2, "mover": 1, "actions": [[0.0], [6.0]]},
    ]
    honest: Any = {"actions": [[0.0], [6.0]], "updates": 2, "trajectory": moves}
    assert check(game, "dynamics", tmp_path, **honest).verified
    made_up = [moves[0], moves[1] | {"actions": [[0.4], [5.5]]}, moves[2] | {"actions": [[0.4], [6.0]]}]
    own = {"solver": {"name": "exact", "options": {"tolerance": 0.9}}}
    false: Any = {"actions": [[0.4], [6.0]], "updates": 2, "trajectory": made_up, "more": own}
    assert not check(game, "dynamics", tmp_path, **false).verified


def test_a_mover_does_not_leave_the_set_on_its_way(tmp_path: Path) -> None:
    """Outside it stands better than anywhere inside, so that nothing but its place is wrong with the move."""
    game = bigopt.Influencers([0.5, 0.5], [[2.0], [4.0]], bigopt.Box([0.0], [6.0]))
    rows = [(None, [[1.0], [5.5]]), (0, [[-1.0], [5.5]]), (1, [[-1.0], [6.0]]), (0, [[0.0], [6.0]])]
    moves = [{"update": k, "mover": mover, "actions": actions} for k, (mover, actions) in enumerate(rows)]
    assert not check(game, "dynamics", tmp_path, actions=[[0.0], [6.0]], updates=3, trajectory=moves).verified


def test_a_search_that_shows_no_reports_searched_nobody(tmp_path: Path) -> None:
    game = bigopt.Influencers([0.5, 0.5], [[0.9, 0.4], [0.1, 0.8]], bigopt.Simplex(1.0, 2))
    found = json.loads(bigopt.solve(game, "truthful", options={"reports": 5}).to_json())["solution"]
    assert not found["proved"] and check(game, "truthful", tmp_path, **found).verified
    del found["misreports"]
    assert not check(game, "truthful", tmp_path, **found | {"gains": [0.0, 0.0]}).verified
    assert check(game, "truthful", tmp_path, **found | {"gains": [0.0, 0.0], "searched": 0}).verified


def test_the_dominated_end_is_not_the_dominant_action(tmp_path: Path) -> None:
    # w t.x is 1e-7 at (-1, 1) and -1e-7 at (1, -1): the first alone is dominant
    hull = bigopt.Hull([[-1.0, 1.0], [1.0, -1.0]])
    game = bigopt.Influencers([1.0], [[1.0, 1.0000001]], hull, loss="inner-product")
    assert bigopt.solve(game, "dominant").actions == pytest.approx(np.array([[-1.0, 1.0]]))
    assert check(game, "dominant", tmp_path, actions=[[-1.0, 1.0]], unique=[True]).verified
    assert not check(game, "dominant", tmp_path, actions=[[1.0, -1.0]], unique=[True]).verified
