from __future__ import annotations

import dataclasses
from typing import Any

import pyomo.environ as pyo
import pytest

from bigopt import solvers
from bigopt.errors import SolverNotFound, UnsupportedProblem, UsageError
from bigopt.solvers.row import SOLVED, parse
from tests.solvers.games import linear


def absent(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    row = dataclasses.replace(solvers.SOLVERS[name], version=lambda: None)
    monkeypatch.setitem(solvers.SOLVERS, name, row)


def test_unknown_comes_before_unsupported_before_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    absent(monkeypatch, "highs")
    with pytest.raises(UsageError, match="'gurobi': unknown; use one of exact, highs, scip"):
        solvers.find("gurobi", "MIQP")
    with pytest.raises(UnsupportedProblem, match="does not take MIQP problems; use one of scip, copt$"):
        solvers.find("highs", "MIQP")
    with pytest.raises(SolverNotFound, match="run: pip install .highspy"):
        solvers.find("highs", "LP")


def test_a_refusal_leaves_the_model_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    absent(monkeypatch, "scip")
    for name, problem_class in (("scip", "LP"), ("highs", "NLP"), ("exact", "LP")):
        with pytest.raises((SolverNotFound, UnsupportedProblem)):
            solvers.run(name, None, problem_class)


def test_every_row_is_complete() -> None:
    classes = {"LP", "QP", "QCP", "MILP", "MIQP", "NLP", "structure"}
    for name, row in solvers.SOLVERS.items():
        assert row.name == name and row.title and row.repair and row.takes <= classes
        assert {"default", "high-accuracy"} <= set(row.settings)
    assert {row.name for row in solvers.capable("MIQP")} == {"scip", "copt"}
    assert {"simplex", "ipm", "pdlp", "hipo"} <= set(solvers.SOLVERS["highs"].settings)


@pytest.mark.parametrize("settings", solvers.SOLVERS["highs"].settings)
def test_every_setting_of_highs_solves_a_linear_program(settings: str) -> None:
    model = linear(-1)
    run = solvers.run("highs", model, "LP", settings=settings)
    assert run.stopped == SOLVED
    assert run.objective == pytest.approx(2.3, abs=1e-6)


@pytest.mark.parametrize("name", ["highs", "scip", "ipopt"])
def test_settings_that_do_not_exist_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match=f"'sloppy': {name} has default, high-accuracy"):
        solvers.run(name, linear(1), "LP", settings="sloppy")


def test_options_come_as_text() -> None:
    texts = ["7", "1e-6", "true", "False", "yes", " 2 "]
    assert [parse(text) for text in texts] == [7, 1e-6, True, False, "yes", 2]
    assert parse(0.5) == 0.5


@pytest.mark.parametrize(
    ("name", "option", "value"),
    [
        ("highs", "tolx", "1"),
        ("highs", "time_limit", "soon"),
        ("highs", "mip_rel_gap", "-1"),
        ("scip", "tolx", "1"),
        ("scip", "limits/gap", "none"),
        ("scip", "numerics/feastol", "-1"),
        ("ipopt", "tolx", "1"),
        ("ipopt", "tol", "small"),
        ("ipopt", "mu_strategy", "brave"),
    ],
)
def test_a_wrong_option_is_named_on_one_line(
    name: str, option: str, value: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match=f"option {option}") as caught:
        solvers.run(name, linear(1), "LP", options={option: value})
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["highs", "scip", "ipopt"])
def test_a_crash_inside_an_adapter_is_one_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(model: Any, options: Any, time_limit: float | None, tee: bool) -> solvers.Run:
        raise RuntimeError("first\nsecond")

    monkeypatch.setitem(solvers.SOLVERS, name, dataclasses.replace(solvers.SOLVERS[name], run=crash))
    run = solvers.run(name, linear(1), "LP")
    assert (run.stopped, run.holds, run.message) == ("error", "noSolution", "RuntimeError: first second")


def test_two_objectives_are_refused() -> None:
    model = linear(1)
    model.other = pyo.Objective(expr=model.z)
    for name in ("highs", "scip", "ipopt"):
        with pytest.raises(UsageError, match="2 active objectives"):
            solvers.run(name, model, "LP")
