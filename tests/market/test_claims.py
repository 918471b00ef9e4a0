"""False claims are refused: each number moved by a thousandth of its stake, each flag flipped, each list shortened."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import bigopt
from bigopt.engine.check import check_solution
from bigopt.engine.solve import solve
from bigopt.errors import BigoptError
from bigopt.files.instance import Instance, read
from bigopt.games.market.game import Market
from bigopt.games.market.generate import random_market

QUESTION = {"player", "profile"}  # what was asked, not what is claimed
ASKED: list[tuple[str, dict[str, Any]]] = [
    *[("worst", {"equilibrium": e}) for e in ("stable", "nash")],
    *[("worst", {"schemes": "randomized"}), ("worst", {"obedience": "true"})],
    *[("best", {}), ("best", {"schemes": "randomized"}), ("best", {"obedience": "true"})],
    *[("dynamics", {}), ("dynamics", {"schemes": "randomized", "step": "1/4"}), ("dynamics", {"obedience": "true"})],
    *[("stable", {}), ("stable", {"equilibrium": "nash"}), ("stable", {"schemes": "randomized"})],
    *[("alignment", {}), ("alignment", {"weights": "any"}), ("alignment", {"weights": "uniform"})],
    *[("misalignment", {}), ("best-response", {})],
]


def small() -> Market:
    """Return a market with several stable schemes and a worst below OPT, common actions."""
    return random_market(states=4, policies=3, bobs=2, alice=0.3, common=0.5, seed=13)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in entries:
        yield (*path, key)
        yield from places(item, (*path, key))


def changes(value: Any) -> list[Any]:
    """Return what a claim is changed to: always something else."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, max(0, value - 1)] if value else [value + 1]
    if isinstance(value, float):
        return [value + 1e-3 * (abs(value) or 1.0), value - 1e-3 * (abs(value) or 1.0)]
    if isinstance(value, list) and value:
        return [value[1:], value[:-1]]
    return []


def verified(instance: Instance, data: Any, tmp_path: Path) -> bool:
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(data))
    try:
        return check_solution(instance, path).certificate.verified
    except BigoptError:
        return False


@pytest.mark.parametrize(("concept", "options"), ASKED, ids=lambda v: v if isinstance(v, str) else "-".join(v.values()))
def test_changed_claims_are_refused(concept: str, options: dict[str, Any], tmp_path: Path) -> None:
    instance = read(bigopt.save(small(), tmp_path / "game.json"))
    more = {"player": 1, "profile": [[0, 0, 0, 0], [1, 2, 0, 1]]} if concept == "best-response" else {}
    found = solve(instance.game, concept, options=options, **more)
    assert found.solved
    data = json.loads(found.to_json())
    assert verified(instance, data, tmp_path)
    tried = 0
    for path in places(data["solution"]):
        if path[0] in QUESTION:
            continue
        holder = data["solution"]
        for key in path[:-1]:
            holder = holder[key]
        for new in changes(holder[path[-1]]):
            changed = copy.deepcopy(data)
            target = changed["solution"]
            for key in path[:-1]:
                target = target[key]
            target[path[-1]] = new
            tried += 1
            assert not verified(instance, changed, tmp_path), (path, holder[path[-1]], new)
    assert tried > 3


def test_a_proof_is_checked_and_completed(tmp_path: Path) -> None:
    """Beyond enumeration: without its proof the answer is proved again; with a proof that leaves something out, not."""
    instance = read(bigopt.save(_beyond(), tmp_path / "game.json"))
    data = json.loads(solve(instance.game, "worst").to_json())
    assert data["certificate"]["verified"] and len(data["solution"]["proof"]) > 1
    assert verified(instance, data, tmp_path)
    bare = copy.deepcopy(data)
    del bare["solution"]["proof"]
    assert verified(instance, bare, tmp_path)
    short = copy.deepcopy(data)
    short["solution"]["proof"] = short["solution"]["proof"][1:]
    assert not verified(instance, short, tmp_path)
    malformed = [[{"alice": [0]}], [{"alice": [0], "rows": []}], [{"alice": [0, 1], "rows": "banana"}]]
    for false in ([{"alice": [0, 1], "rows": []}], "banana", *malformed):
        wrong = copy.deepcopy(data)
        wrong["solution"]["proof"] = false
        assert not verified(instance, wrong, tmp_path)
    other = json.loads(solve(instance.game, "best").to_json()) | {"concept": "worst"}
    other["solution"].pop("misalignment"), other["solution"].pop("bound")
    other["bound"] = None
    assert not verified(instance, other, tmp_path)


def _beyond() -> Market:
    return random_market(states=14, policies=4, bobs=3, grid=10, alice=0.1, common=0.8, seed=0)
