"""Claims of a solution file are compared in their own size: a small game is held to small differences."""

import json
from pathlib import Path
from typing import Any

import pytest

import bigopt
from bigopt.concepts.certificate import weakest
from bigopt.engine.check import check_solution
from bigopt.errors import LimitReached
from bigopt.files import instance


def claimed(folder: Path, unit: float, **changes: Any) -> bool:
    """Whether the true equilibrium of a game of this size passes with some fields changed."""
    game = bigopt.Influencers([0.5, 0.5], [[2 * unit], [4 * unit]], bigopt.Box([0.0], [6 * unit]))
    path = folder / "game.json"
    bigopt.save(game, path)
    data = bigopt.solve(game).to_dict()
    data["solution"] |= changes
    (folder / "solution.json").write_text(json.dumps(data))
    return check_solution(instance.read(path), folder / "solution.json").certificate.verified


@pytest.mark.parametrize("unit", [1e-4, 1.0, 1e4])
def test_claims_follow_the_size_of_the_game(tmp_path: Path, unit: float) -> None:
    assert claimed(tmp_path, unit)
    assert not claimed(tmp_path, unit, losses=[90 * unit**2, unit**2])  # each is unit^2
    assert not claimed(tmp_path, unit, losses=[1.001 * unit**2, unit**2])
    assert claimed(tmp_path, unit, losses=[(1 + 1e-9) * unit**2, unit**2])
    assert not claimed(tmp_path, unit, receiver=[3.003 * unit])


def test_a_claim_that_no_time_was_left_for_is_not_compared_with_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "claim.json").write_text('{"concept": "nash", "solution": {"actions": 5, "losses": "none"}}')

    def late(*arguments: Any) -> Any:
        raise LimitReached("too late")

    monkeypatch.setattr("bigopt.engine.finish._verified", late)
    with pytest.raises(LimitReached, match="before anything was verified"):
        bigopt.check("big/example-1-opposed", tmp_path / "claim.json")


def test_what_rests_on_several_checks_is_as_good_as_the_worst() -> None:
    """By how convincing they are, not by their letters: "compared" stands before "proved" in the alphabet."""
    assert weakest(["proved", "compared"]) == weakest(["compared", "recomputed"]) == "compared"
    assert weakest(["proved", "recomputed"]) == "recomputed"
