"""`check` against false claims: every field of every concept moved, flipped, shortened; what is false is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import bigopt
from bigopt.engine.check import check_solution
from bigopt.errors import BigoptError
from bigopt.files.instance import read as read_instance
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.generate import news_feed
from bigopt.games.subsets.verify import extremes

GAME = Subsets([0.5, 0.25], [[1.0], [-0.5]], [[-2.0], [-0.5], [0.25], [1.0], [3.0]], [2, 1])
ARGUMENTS: dict[str, dict[str, Any]] = {"best-response": {"player": 0, "profile": [[0, 1], [2]]}}
INDEX = {"choices", "action", "profiles", "best", "worst", "optimum", "choice"}  # fields of item indices


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return {
        concept: json.loads(bigopt.solve(GAME, concept, **ARGUMENTS.get(concept, {})).to_json())
        for concept in ("nash", "all-nash", "dynamics", "extremes", "best-response")
    }


def changed(value: Any, inside: str) -> Iterator[Any]:
    """Yield every value that differs in one place: numbers moved, flags flipped, lists shortened, items exchanged."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int) and inside in INDEX:
        yield from (j for j in range(len(GAME.items)) if j != value)
    elif isinstance(value, int):
        yield from (value + 1, value - 1, 10**9)
    elif isinstance(value, float):
        yield from (value + 1e-3 * max(1.0, abs(value)), -value - 1.0)
    elif isinstance(value, list):
        if value:
            yield value[:-1]
            yield value[1:]
        for k, entry in enumerate(value):
            yield from ([*value[:k], new, *value[k + 1 :]] for new in changed(entry, inside))
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from (value | {key: new} for new in changed(entry, key))


def refused(claim: dict[str, Any], folder: Path, game: Subsets = GAME) -> bool:
    """Say whether `check` refuses a claim, by its certificate or with an error."""
    bigopt.save(game, folder / "game.json")
    (folder / "claim.json").write_text(json.dumps(claim))
    try:
        return not check_solution(read_instance(folder / "game.json"), folder / "claim.json").certificate.verified
    except BigoptError:
        return True


def true_anyway(concept: str, old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Say whether a changed claim says the same thing in another order, or names another answer that is as right."""
    if concept == "all-nash":
        return bool(sorted(new["profiles"]) == sorted(old["profiles"]) and new["count"] == old["count"])
    return False


@pytest.mark.parametrize("concept", ["nash", "all-nash", "dynamics", "extremes", "best-response"])
def test_every_false_claim_is_refused(concept: str, claims: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    claim = claims[concept]
    assert not refused(claim, tmp_path)
    tried = 0
    for solution in changed(claim["solution"], ""):
        if true_anyway(concept, claim["solution"], solution):
            continue
        tried += 1
        assert refused(claim | {"solution": solution}, tmp_path), f"accepted: {solution}"
    for objective in changed(claim["objective"], ""):
        assert refused(claim | {"objective": objective}, tmp_path)
    assert tried > 10


def places(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every number that is not 0."""
    if isinstance(value, float) and value:
        yield here
    for key, entry in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        yield from places(entry, (*here, key))


@pytest.mark.parametrize("unit", [1e-9, 1e9])
@pytest.mark.parametrize("concept", ["nash", "dynamics", "extremes", "best-response"])
def test_claims_are_compared_in_their_own_stakes(concept: str, unit: float, tmp_path: Path) -> None:
    """Losses go with the square of the unit, and the price of anarchy not at all: each is held to its own size."""
    items = [[v * unit] for v in (-2.0, -0.5, 0.25, 1.0, 3.0)]
    game = Subsets([0.5, 0.25], [[1.0 * unit], [-0.5 * unit]], items, [2, 1])
    claim = json.loads(bigopt.solve(game, concept, **ARGUMENTS.get(concept, {})).to_json())
    assert not refused(claim, tmp_path, game)
    for *way, last in places(claim["solution"]):
        moved = json.loads(json.dumps(claim))
        inside = moved["solution"]
        for key in way:
            inside = inside[key]
        inside[last] *= 1.001
        assert refused(moved, tmp_path, game), (way, last)


def test_a_list_that_says_it_is_incomplete_proves_nothing(tmp_path: Path) -> None:
    made_up = {"count": 10**9, "complete": False, "profiles": []}
    assert refused({"concept": "all-nash", "solution": made_up}, tmp_path)


def test_an_equilibrium_above_the_least_potential_is_no_minimizer(tmp_path: Path) -> None:
    stable = bigopt.solve(GAME, "all-nash").profiles
    values = {GAME.exact.potential(p): p for p in stable}
    for value, profile in values.items():
        claim = {"concept": "nash", "solution": {"choices": [list(c) for c in profile]}}
        assert refused(claim, tmp_path) == (value != min(values))


def test_a_path_that_jumps_or_starts_elsewhere_is_refused(tmp_path: Path) -> None:
    game = news_feed(players=3, items=8, size=2, seed=1)
    claim = json.loads(bigopt.solve(game, "dynamics").to_json())
    steps = claim["solution"]["trajectory"]
    assert len(steps) > 3 and not refused(claim, tmp_path, game)
    for kept in ([steps[0], steps[-1]], steps[1:], [*steps[:1], *steps[2:]]):
        rows = [step | {"iteration": t, "mover": step["mover"] if t else None} for t, step in enumerate(kept)]
        false = claim | {"solution": claim["solution"] | {"trajectory": rows, "updates": len(rows) - 1}}
        assert refused(false, tmp_path, game)
    given = json.loads(bigopt.solve(game, "dynamics", profile=steps[2]["choices"]).to_json())
    assert not refused(given, tmp_path, game)  # it says that it began at a profile that was given


def test_one_far_item_does_not_blunt_a_regret(tmp_path: Path) -> None:
    """The payoff range is 1e18; a regret of 2 is none of its parts, and is a regret."""
    game = Subsets([1.0], [[1.5]], [[1e9], [0.0], [1.0], [2.0]], [1])
    bigopt.save(game, tmp_path / "far.json")
    (tmp_path / "claim.json").write_text(json.dumps({"concept": "nash", "solution": {"choices": [[1]]}}))
    found = check_solution(read_instance(tmp_path / "far.json"), tmp_path / "claim.json")
    assert not found.certificate.verified and found.certificate.max_regret == 2.0


def test_a_lone_player_beyond_the_table_has_no_second_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extremes are then only compared with the same search, and not verified."""
    game = Subsets([0.5], [[1.0]], [[-2.0], [-0.5], [0.25], [1.0]], [2])
    assert bigopt.solve(game, "extremes").certificate.verified
    monkeypatch.setattr(extremes, "small", lambda _: False)
    certificate = bigopt.solve(game, "extremes").certificate
    assert not certificate.verified and {check.name for check in certificate.unproved} == {"best", "worst", "optimum"}
