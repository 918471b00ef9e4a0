"""`check` against false claims of every concept: numbers moved by a thousandth of their own size, lists shortened."""

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
from bigopt.games.hull import UtilityTable

RNG = np.random.default_rng(5)
ALICE = 1e-4 * RNG.random(24)  # a small unit: a claim is judged in its own size
GAME = UtilityTable(ALICE, ALICE[:, None] + 4e-5 * RNG.normal(size=(24, 4)), folds=3)


def changed(value: Any) -> Iterator[Any]:
    """Yield every value that differs in one place."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value * 1.001 + (1e-3 if value == 0 else 0) if isinstance(value, float) else value + 1
    elif isinstance(value, str):
        yield value + "x"
    elif isinstance(value, list):
        if value:
            yield value[:-1]
        for k, entry in enumerate(value):
            yield from ([*value[:k], new, *value[k + 1 :]] for new in changed(entry))
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from (value | {key: new} for new in changed(entry))


def verified(claim: dict[str, Any], folder: Path) -> bool:
    bigopt.save(GAME, folder / "game.json")
    (folder / "claim.json").write_text(json.dumps(claim))
    try:
        return check_solution(read(folder / "game.json"), folder / "claim.json").certificate.verified
    except BigoptError:
        return False


@pytest.mark.parametrize("concept", ["fit", "audit", "combination"])
def test_every_false_claim_is_refused(concept: str, tmp_path: Path) -> None:
    claim = json.loads(bigopt.solve(GAME, concept).to_json())
    assert verified(claim, tmp_path)
    solution = claim["solution"]
    if concept == "fit":  # a few rows stand for all
        fields = [{"rows": [new, *solution["rows"][1:]]} for new in changed(solution["rows"][0])]
        fields += [{"rows": [*solution["rows"][:-1], new]} for new in changed(solution["rows"][-1])]
        fields += [{"rows": solution["rows"][:-1]}, {"sets": solution["sets"] + 1}]
    else:
        fields = [{key: new} for key, value in solution.items() if key != "entrant" for new in changed(value)]
    for field in fields:
        assert not verified(claim | {"solution": solution | field}, tmp_path), f"accepted: {field}"
