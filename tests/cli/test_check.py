"""`bigopt check`: solutions of others and expected answers, wrong ones told from right ones."""

import json
from pathlib import Path

import pytest

from tests.command_line import EXAMPLE, GAME, ROOT, run


def change(tmp_path: Path, **changes: object) -> Path:
    data = {key: value for key, value in (GAME | changes).items() if value is not ...}
    path = tmp_path / "game.json"
    path.write_text(json.dumps(data))
    return path


def test_output_file_holds_the_solution_and_check_accepts_it(tmp_path: Path) -> None:
    target = tmp_path / "solution.json"
    assert run("solve", EXAMPLE, "-o", target)[0] == 0
    code, out, _ = run("check", EXAMPLE, target)
    assert code == 0
    assert "verified" in out


def test_check_refuses_a_wrong_point_and_a_wrong_claim(tmp_path: Path) -> None:
    path = tmp_path / "solution.json"
    path.write_text(json.dumps({"concept": "nash", "solution": {"actions": [[1.0], [6.0]]}}))
    code, out, _ = run("check", EXAMPLE, path)
    assert code == 1
    assert "regret" in out
    path.write_text(json.dumps({"concept": "nash", "solution": {"actions": [[0.0], [6.0]], "receiver": [2.5]}}))
    code, out, _ = run("check", EXAMPLE, path)
    assert code == 1
    assert "claims" in out
    path.write_text(json.dumps({"concept": "nash", "solution": {"actions": [[0.0], [6.0]]}}))
    assert run("check", EXAMPLE, path)[0] == 0


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        {"solution": 3},
        {"concept": "nash", "solution": {}},
        {"concept": "nash", "solution": {"actions": "far"}},
        {"concept": "nash", "solution": {"actions": [[1.0]]}},
        {"concept": "nash", "solution": {"actions": [[1.0], [None]]}},
        {"concept": 7, "solution": {"actions": [[0.0], [6.0]]}},
        {"concept": "nosuch", "solution": {"actions": [[0.0], [6.0]]}},
    ],
)
def test_check_refuses_malformed_solutions_in_one_line(tmp_path: Path, data: object) -> None:
    path = tmp_path / "solution.json"
    path.write_text(json.dumps(data))
    code, out, err = run("check", EXAMPLE, path)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1


TRUE = {"concept": "nash", "solution": {"actions": [[0.0], [6.0]]}}  # its potential is -15, Example 1 of the paper


@pytest.mark.parametrize(
    ("claims", "failed"),
    [
        ({"objective": -99}, ["claims"]),
        ({"objective": -15, "bound": -14.9}, ["bound"]),
        ({"objective": 0, "bound": 99}, ["bound", "claims"]),
        ({"objective": -15, "bound": -16}, []),
        ({"objective": None, "bound": None, "kind": "influencers"}, []),
    ],
)
def test_check_holds_a_file_to_its_objective_and_bound(tmp_path: Path, claims: object, failed: list[str]) -> None:
    path = tmp_path / "solution.json"
    path.write_text(json.dumps(TRUE | dict(claims)))  # type: ignore[call-overload]
    code, out, _ = run("check", EXAMPLE, path, "--json")
    checks = json.loads(out)["certificate"]["checks"]
    assert [check["name"] for check in checks if not check["passed"]] == failed
    assert code == (1 if failed else 0)
    assert json.loads(out)["objective"] == -15.0


@pytest.mark.parametrize("claim", [{"kind": "subsets"}, {"kind": 3}, {"objective": "low"}, {"bound": [1]}])
def test_check_refuses_another_kind_and_values_that_are_no_numbers(tmp_path: Path, claim: dict[str, object]) -> None:
    path = tmp_path / "solution.json"
    path.write_text(json.dumps(TRUE | claim))
    code, out, err = run("check", EXAMPLE, path)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert next(iter(claim)) in err and "expected" in err


def test_check_shows_no_bound_that_nothing_proves(tmp_path: Path) -> None:
    path = tmp_path / "solution.json"
    square = ROOT / "instances/big/example-4-square.json"
    assert run("solve", square, "-o", path)[0] == 0
    path.write_text(json.dumps(json.loads(path.read_text()) | {"objective": 7.0, "bound": 99.0}))
    code, out, _ = run("check", square, path, "--json")
    assert code == 0  # the sum that `dominant` maximizes is not a field of its solution
    assert (json.loads(out)["objective"], json.loads(out)["bound"]) == (None, None)


def test_check_expected_of_one_instance_and_a_wrong_one(tmp_path: Path) -> None:
    code, out, _ = run("check", EXAMPLE)
    assert code == 0
    assert "ok" in out
    code, out, _ = run("check", change(tmp_path, expected={"nash": {"receiver": [2.0]}}))
    assert code == 1
    assert "FAILED" in out and "receiver" in out


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"receiver": [3.0], "tolerance": "x"}, "expected.nash.tolerance: 'x'"),
        ({"receiver": [3.0], "solver": ["x"]}, "expected.nash.solver"),
        ({"receiver": [3.0], "options": 3}, "expected.nash.options: '3'"),
        ({}, "names no field"),
        ({"tolerance": 1e-6}, "names no field"),
    ],
)
def test_malformed_expected_answers(tmp_path: Path, entry: dict[str, object], said: str) -> None:
    code, out, err = run("check", change(tmp_path, expected={"nash": entry}))
    assert (code, out) == (2, "")
    assert said in err and err.count("\n") == 1
