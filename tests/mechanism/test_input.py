"""Bad input is one line that says what was expected."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bigopt import catalog
from bigopt.cli import app
from bigopt.errors import InstanceError
from bigopt.files.generate import generate
from tests.mechanism.formulas import said
from tests.mechanism.games import game

GOOD = json.loads(catalog.instance("mechanism/three-answers").read_text())
CASES = [
    (("initial",), [0.5, 0.5, 0.0], "initial[2]: 0, expected a probability above 0"),
    (("initial",), [0.5, 0.3, 0.3], "initial: sums to 1.1"),
    (("groups", 0, "reward"), [0.5, 0.5], "groups[0].reward: 2 numbers, expected 3"),
    (("groups", 0, "reward"), [0.5, 0.7, -0.2], "groups[0].reward[2]: -0.2"),
    (("groups", 1, "reward"), [0.5, 0.7, 0.2], "groups[1].reward: sums to 1.4"),
    (("groups", 0, "size"), 0, "groups[0].size"),
    (("groups", 0, "size"), 1.5, "groups[0].size"),
    (("groups", 0, "size"), 9, "expected at most max_size, 3"),
    (("rule", "strength"), 0, "rule.strength"),
    (("rule", "strength"), -1, "rule.strength"),
    (("rule", "strength"), 1e-300, "rule.strength: 1e-300, expected at least"),
    (("rule", "objective"), "utopia", "rule.objective"),
    (("rule", "regularizer"), "chi2", "rule.regularizer"),
    (("draws",), [0, 3], "draws[1]: 3, expected the index of an outcome, below 3"),
    (("policy",), {"type": "mixture"}, "policy.policies: missing"),
    (("policy",), {"type": "tokens", "alphabet": ["a"], "length": 3}, "expected 4, one a sequence"),
    (("policy",), {"type": "tokens", "alphabet": ["a", "b"], "length": 99}, "more than 1000000 sequences"),
    (("types",), [], "types"),
]


def run(tmp_path: Path, data: Any, *words: str) -> Any:
    path = tmp_path / "game.json"
    path.write_text(json.dumps(data))
    return CliRunner().invoke(app, ["solve", str(path), *words])


@pytest.mark.parametrize(("path", "value", "said"), CASES)
def test_wrong_entries(path: tuple[Any, ...], value: Any, said: str, tmp_path: Path) -> None:
    data = copy.deepcopy(GOOD)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    done = run(tmp_path, data)
    assert done.exit_code == 2, done.output
    assert said in done.output + done.stderr
    assert "Traceback" not in done.output + done.stderr


def test_a_nash_welfare_of_zero_is_infeasible(tmp_path: Path) -> None:
    data = copy.deepcopy(GOOD)
    data["rule"]["objective"] = "nash-welfare"
    data["groups"][0]["reward"] = [1.0, 0.0, 0.0]
    data["policy"] = {"type": "mixture", "policies": [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]}
    assert run(tmp_path, data).exit_code == 3


@pytest.mark.parametrize("words", [("--concept", "cycles"), ("--concept", "payments", "--option", "samples=0")])
def test_questions_that_make_no_sense(words: tuple[str, ...], tmp_path: Path) -> None:
    assert run(tmp_path, GOOD, *words).exit_code == 2


@pytest.mark.parametrize("family", ["random-mechanism", "token-mechanism", "size-pairs"])
def test_families_are_seeded(family: str) -> None:
    first, again, other = generate(family), generate(family), generate(family, seed=1)
    assert first.to_instance() == again.to_instance() != other.to_instance()


@pytest.mark.parametrize(
    ("reports", "words"),
    [
        (None, "expected 2"),
        ([{"reward": [1, 0, 0], "size": 1}], "expected 2"),
        ("ab", "expected 2"),
        ([{"reward": [1, 0, 0], "size": 1}, {"reward": [1, 0, 0]}], r"misreports\[1\]: expected the keys"),
        ([{"reward": [1, 0, 0], "size": 1}, {"size": 1}], r"misreports\[1\]: expected the keys"),
        ([[1, 2], {"reward": [1, 0, 0], "size": 1}], r"misreports\[0\]: expected the keys"),
        ([{"reward": [1, 0, 0], "size": 0}, {"reward": [1, 0, 0], "size": 1}], r"misreports\[0\].size"),
        ([{"reward": [1, 0, 0], "size": 6}, {"reward": [1, 0, 0], "size": 1}], r"\[0\].size: 6, expected at most"),
        ([{"reward": [1, 0, 0], "size": 5}, {"reward": [1, 1, 0], "size": 1}], r"misreports\[1\].reward: sums to 2"),
        ([{"reward": [1, 0], "size": 5}, {"reward": [1, 0, 0], "size": 1}], r"misreports\[0\].reward"),
    ],
)
def test_misreports_that_nobody_may_tell(reports: Any, words: str) -> None:
    with pytest.raises(InstanceError, match=words):
        said(game(3, 2, 4), "audit", {"misreports": reports})
