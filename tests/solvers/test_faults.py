"""Solvers that are installed and do not work: a broken package, a build without a method."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import metadata
from typing import Any

import highspy
import pytest
from typer.testing import CliRunner

import bigopt
from bigopt import catalog, solvers
from bigopt.cli.app import app
from bigopt.compare.rows import UNSUPPORTED
from bigopt.compare.worker import perform
from bigopt.errors import SolverNotFound
from bigopt.solvers import doctor
from bigopt.solvers.row import BROKEN

GAME = bigopt.Influencers([0.5, 0.5], [[2.0], [4.0]], bigopt.Box([0.0], [6.0]), loss="squared", name="two")


@pytest.fixture
def no_hipo(monkeypatch: pytest.MonkeyPatch) -> None:
    """HiGHS as it is where the versions of its two packages differ."""
    versions = {"highspy": "1.16.0", "highspy-extras": "1.15.1"}
    real = metadata.version

    class Without(highspy.Highs):  # type: ignore[misc]
        def setOptionValue(self, name: str, value: Any) -> Any:
            if (name, value) == ("solver", "hipo"):
                return highspy.HighsStatus.kError
            return super().setOptionValue(name, value)

    monkeypatch.setattr(highspy, "Highs", Without)
    monkeypatch.setattr(metadata, "version", lambda name: versions.get(name) or real(name))


def test_auto_takes_another_solver_and_says_why(no_hipo: None) -> None:
    found = bigopt.solve(GAME, model="big_potential")
    assert found.exit_code == 0 and found.solver.name != "highs"
    said = found.solver.options["instead_of"]
    assert "highspy 1.16.0 with highspy-extras 1.15.1" in said and "pip install 'highspy[extras]" in said
    assert found.receiver == pytest.approx([3.0], abs=1e-5)  # Example 1


def test_a_solver_that_was_named_is_not_replaced(no_hipo: None) -> None:
    with pytest.raises(SolverNotFound, match="has no HiPO.*1.16.0 with highspy-extras 1.15.1.*pip install"):
        bigopt.solve(GAME, solver="highs")
    assert bigopt.solve(GAME, solver="highs", options={"solver": "qpasm"}).solver.name == "highs"  # the other method


def test_a_comparison_tells_it_from_what_is_not_installed(no_hipo: None) -> None:
    task: dict[str, Any] = {
        "concept": "nash",
        "solver": "highs",
        "time_limit": 60.0,
        "options": {},
        "settings": "default",
    }
    row = perform({"instance": {"path": catalog.instance("big/polytope-edge-unique")}} | task)
    assert row["outcome"] == "does not work", row
    assert row["outcome"] in UNSUPPORTED and "1.16.0 with" in row["note"]


def test_doctor_names_both_versions_and_exits_with_1(no_hipo: None) -> None:
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    text = " ".join(done.stdout.split())  # a long cell is folded
    assert "FAILS" in text and "1.16.0 with highspy-extras 1.15.1" in text and "run: pip install 'highspy[extr" in text


@pytest.mark.parametrize("error", [AttributeError("no attribute '_scip'"), ImportError("libscip.so: not found")])
def test_a_broken_package_is_neither_fatal_nor_called_missing(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> str:
        raise error

    row = replace(solvers.SOLVERS["scip"], version=broken)
    assert row.version() == BROKEN
    monkeypatch.setitem(solvers.SOLVERS, "scip", row)
    for command in (["list", "solvers", "--json"], ["doctor", "--json"]):
        done = CliRunner().invoke(app, command)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert next(row for row in rows if row["solver"] == "scip")["version"] == BROKEN
    assert done.exit_code == 1
    with pytest.raises(SolverNotFound, match=r"scip: installed but broken \(.*\); run: pip install"):
        bigopt.solve(GAME, solver="scip")


def test_doctor_is_content_with_what_works(monkeypatch: pytest.MonkeyPatch) -> None:
    found = doctor.examine()
    monkeypatch.setattr("bigopt.cli.inventory.examine", lambda: found)  # what both say is found once
    findings = [json.loads(line) for line in CliRunner().invoke(app, ["doctor", "--json"]).stdout.splitlines()]
    code = CliRunner().invoke(app, ["doctor"]).exit_code
    assert code == int(any(finding["works"] is False for finding in findings))
