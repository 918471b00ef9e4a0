"""Uno and COPT: what they refuse, and that their limits hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyomo.environ as pyo
import pytest

import bigopt
from bigopt import solvers
from bigopt.errors import UnsupportedProblem, UsageError
from bigopt.solvers.row import SOLVED
from tests.solvers.games import Game, infeasible, linear, unbounded


def installed(name: str) -> None:
    if solvers.SOLVERS[name].version() is None:
        pytest.skip(f"{name} is not installed")


def separable(count: int) -> pyo.ConcreteModel:
    """Min sum (x_i - 1)^2 on [0, 3]: 0."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(count), bounds=(0, 3))
    m.goal = pyo.Objective(expr=sum((m.x[i] - 1) ** 2 for i in range(count)))
    return m


def test_copt_says_what_its_licence_allows() -> None:
    installed("copt")
    assert solvers.run("copt", separable(2000), "QP").stopped == SOLVED
    try:
        solvers.run("copt", separable(2001), "QP")
    except UnsupportedProblem as refused:
        line = str(refused)
        assert line.startswith("copt: 2001 variables and 0 rows (QP)") and line.endswith("use --solver highs or scip")
    else:
        pytest.skip("a licence for larger models is here")


@pytest.mark.parametrize("option", [{"NoSuchOption": 1}, {"FeasTol": 5.0}, {"FeasTol": "tight"}])
def test_copt_names_a_bad_option(option: dict[str, object]) -> None:
    installed("copt")
    with pytest.raises(UsageError, match=next(iter(option))):
        solvers.run("copt", linear(1), "LP", options=option)


@pytest.mark.parametrize("option", [{"no_such_option": 1}, {"preset": "fastest"}, {"dual_tolerance": "tight"}])
def test_uno_names_a_bad_option(option: dict[str, object]) -> None:
    installed("uno")
    with pytest.raises(UsageError, match=next(iter(option))):
        solvers.run("uno", linear(1), "LP", options=option)


@pytest.mark.parametrize("settings", ["default", "interior"])
def test_uno_stops_at_its_limit(settings: str) -> None:
    installed("uno")
    run = solvers.run("uno", Game(3000, 4).model(), "QP", time_limit=0.001, settings=settings)
    assert run.stopped == "maxTimeLimit" and run.holds != "optimal" and run.seconds < 30
    assert "time_limit" not in run.options


@pytest.mark.parametrize("build", [infeasible, unbounded])
def test_unos_interior_point_never_calls_a_model_without_an_answer_solved(build: Callable[[], Any]) -> None:
    installed("uno")
    run = solvers.run("uno", build(), "LP", settings="interior", options={"max_iterations": 200})
    assert run.stopped != SOLVED and run.holds != "optimal"


@pytest.mark.parametrize("name", ["uno", "copt"])
def test_prices_of_a_scaled_objective(name: str) -> None:
    # min c (x - 3)^2 with x <= 1: d objective / d side = -4 c, whatever the objective's unit
    installed(name)
    for unit in (1e-6, 1.0, 1e3):
        model = pyo.ConcreteModel()
        model.x = pyo.Var(bounds=(-10, 10))
        model.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT)
        model.side = pyo.Constraint(expr=model.x <= 1)
        model.goal = pyo.Objective(expr=unit * (model.x - 3) ** 2)
        run = solvers.run(name, model, "QP")
        assert run.stopped == SOLVED and model.x.value == pytest.approx(1, abs=1e-6)
        assert model.dual[model.side] / unit == pytest.approx(-4, abs=1e-4)


@pytest.mark.parametrize("name", ["copt", "uno"])
def test_the_courtroom(name: str) -> None:
    # Kamenica and Gentzkow 2011: the judge convicts with probability 0.6 where the prior of guilt is 0.3
    installed(name)
    found = bigopt.solve(bigopt.load("persuasion/courtroom"), solver=name)
    exact = bigopt.solve(bigopt.load("persuasion/courtroom"))
    assert found.solved and found.value == pytest.approx(exact.value, abs=1e-7)
