from __future__ import annotations

import math

import numpy as np
import pyomo.environ as pyo
import pytest

import bigopt
from bigopt import solvers
from bigopt.errors import UnsupportedProblem, UsageError
from bigopt.solvers.doctor import PROBLEMS, examine
from bigopt.solvers.row import SOLVED, Run
from tests.solvers.games import Game, infeasible, linear, unbounded

INSTALLED = [row.name for row in solvers.SOLVERS.values() if row.run is not None and row.version() is not None]
WITH_DUALS = [name for name in INSTALLED if name != "scip"]


def test_the_base_solvers_are_installed() -> None:
    assert {"highs", "scip", "ipopt"} <= set(INSTALLED)


def test_doctor_finds_every_installed_solver_working(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bigopt.solvers.doctor.TIME_LIMIT", 600.0)  # beside many other processes
    findings = examine()
    assert {f.solver for f in findings} == set(solvers.SOLVERS) - {"exact"}
    assert [f for f in findings if f.works is False] == []
    assert all(f.works is None and f.repair for f in findings if f.solver not in INSTALLED)


def test_doctor_notices_a_wrong_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bigopt.solvers.doctor.TIME_LIMIT", 600.0)
    build, value = PROBLEMS["LP"]
    monkeypatch.setitem(PROBLEMS, "LP", (build, value + 1))
    wrong = [f for f in examine() if f.works is False]
    assert {f.problem_class for f in wrong} == {"LP"} and "wrong answer 2.8, expected 3.8" in wrong[0].message


def test_doctor_calls_a_solver_slow_that_a_limit_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bigopt.solvers.doctor.solvers.run", lambda *words, **how: Run("maxTimeLimit"))
    found = [f for f in examine() if f.version]
    assert found and all(f.works is None and f.slow and "busy machine" in f.advice for f in found)


@pytest.mark.parametrize("name", WITH_DUALS)
@pytest.mark.parametrize("sense", [1, -1])
def test_duals_are_derivatives_of_the_objective(name: str, sense: int) -> None:
    model = linear(sense)
    run = solvers.run(name, model, "LP")
    assert run.stopped == SOLVED and run.objective == pytest.approx(-sense * 2.3, abs=1e-7)
    assert [v.value for v in model.x.values()] == pytest.approx([1.6, 1.2], abs=1e-6)
    prices = [model.dual[model.first], model.dual[model.second]]
    assert prices == pytest.approx([-sense * 0.4, -sense * 0.2], abs=1e-6)
    assert model.rc[model.z] == pytest.approx(sense * 0.5, abs=1e-6)


@pytest.mark.parametrize("name", [n for n in WITH_DUALS if "QP" in solvers.SOLVERS[n].takes])
def test_duals_of_a_quadratic_program_survive_scaling(name: str) -> None:
    # min x^2/2 + 1000 y^2/2 with x + y = 1: price lambda with x = lambda, y = lambda/1000
    model = pyo.ConcreteModel()
    model.x, model.y = pyo.Var(bounds=(0, 9000)), pyo.Var(bounds=(0, 9000))
    model.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT)
    model.one = pyo.Constraint(expr=model.x + model.y == 1)
    model.goal = pyo.Objective(expr=model.x**2 / 2 + 500 * model.y**2)
    solvers.run(name, model, "QP")
    assert model.dual[model.one] == pytest.approx(1000 / 1001, abs=1e-6)
    assert model.x.value == pytest.approx(1000 / 1001, abs=1e-6)


@pytest.mark.parametrize("name", INSTALLED)
def test_infeasible(name: str) -> None:
    run = solvers.run(name, infeasible(), "LP")
    if name in ("piqp", "daqp"):  # it may only give up
        assert run.stopped in ("provenInfeasible", "iterationLimit")
        return
    assert run.stopped in ("provenInfeasible", "locallyInfeasible")
    assert (run.holds, run.objective) == ("noSolution", None)


@pytest.mark.parametrize("name", INSTALLED)
def test_unbounded(name: str) -> None:
    run = solvers.run(name, unbounded(), "LP")
    assert run.stopped in ("unbounded", "infeasibleOrUnbounded")
    assert (run.holds, run.objective) == ("noSolution", None)


@pytest.mark.parametrize("name", INSTALLED)
def test_a_row_without_variables_that_fails_is_infeasible(name: str) -> None:
    model = linear(1)
    model.x.fix(5)
    model.z.fix(1)
    assert solvers.run(name, model, "LP").stopped == "provenInfeasible"


@pytest.mark.parametrize("name", INSTALLED)
def test_a_model_of_fixed_variables_is_its_own_answer(name: str) -> None:
    model = linear(-1)
    model.x.fix(1)
    model.z.fix(1)
    run = solvers.run(name, model, "LP")
    assert (run.stopped, run.objective) == (SOLVED, 1.5)


@pytest.mark.parametrize("name", INSTALLED)
def test_variables_in_no_expression_get_a_value(name: str) -> None:
    model = linear(1)
    model.low, model.high, model.free = pyo.Var(bounds=(2, 3)), pyo.Var(bounds=(-3, -2)), pyo.Var()
    solvers.run(name, model, "LP")
    assert (model.low.value, model.high.value, model.free.value) == (2, -2, 0)


def hard() -> pyo.ConcreteModel:
    """A market-split problem: four equalities on 30 binaries, far beyond a second of branching."""
    rng = np.random.default_rng(1)
    rows = rng.integers(0, 100, (4, 30)).tolist()
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(30), domain=pyo.Binary)
    model.miss = pyo.Var(range(4), bounds=(0, None))
    model.over = pyo.Constraint(
        range(4), rule=lambda m, i: sum(rows[i][j] * m.x[j] for j in range(30)) - sum(rows[i]) // 2 <= m.miss[i]
    )
    model.under = pyo.Constraint(
        range(4), rule=lambda m, i: sum(rows[i][j] * m.x[j] for j in range(30)) - sum(rows[i]) // 2 >= -m.miss[i]
    )
    model.goal = pyo.Objective(expr=sum(model.miss[i] for i in range(4)))
    return model


@pytest.mark.parametrize("name", [n for n in INSTALLED if "MILP" in solvers.SOLVERS[n].takes])
def test_a_time_limit_is_no_success_and_its_bound_is_honest(name: str) -> None:
    model = hard()
    run = solvers.run(name, model, "MILP", time_limit=1)
    assert run.stopped == "maxTimeLimit" and run.holds in ("feasible", "noSolution")
    if run.objective is not None:
        assert run.bound is None or run.bound <= run.objective + 1e-6
        assert all(v.value in (0, 1) for v in model.x.values())


@pytest.mark.parametrize("name", ["ipopt", "highs"])
def test_a_time_limit_in_an_interior_point_solver(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bigopt.solvers.ipopt.shutil.which", lambda name: None)  # in process
    run = solvers.run(name, Game(3000, 4).model(), "QP", time_limit=0.001)
    assert run.stopped == "maxTimeLimit" and run.holds != "optimal"
    assert not {"time_limit", "max_wall_time"} & set(run.options)  # so that equal runs report equal options


@pytest.mark.parametrize("name", [n for n in INSTALLED if "QP" in solvers.SOLVERS[n].takes])
@pytest.mark.parametrize("size", [1.0, 1e-3])
def test_potentials_are_solved_to_the_median_formula(name: str, size: float) -> None:
    game = Game(20, 3, seed=1, size=size)
    model = game.model()
    run = solvers.run(name, model, "QP")
    assert run.stopped == SOLVED
    assert game.error(model) <= 1e-5
    if run.bound is not None and run.objective is not None:
        assert abs(run.objective - run.bound) <= 1e-6


def test_maximization_bounds_from_above() -> None:
    for name in ("highs", "scip"):
        run = solvers.run(name, PROBLEMS["MILP"][0](), "MILP")
        assert run.bound == pytest.approx(20) and run.objective == pytest.approx(20)


def test_what_a_solver_cannot_hold_is_refused() -> None:
    with pytest.raises(UnsupportedProblem, match="not linear or quadratic; use --solver ipopt"):
        solvers.run("scip", PROBLEMS["NLP"][0](), "LP")
    with pytest.raises(UnsupportedProblem, match="highs does not take MIQP"):
        solvers.run("highs", PROBLEMS["MIQP"][0](), "QP")
    model = linear(1)
    model.sos = pyo.SOSConstraint(var=model.x, sos=1)
    with pytest.raises(UnsupportedProblem, match="SOS"):
        solvers.run("scip", model, "LP")


@pytest.mark.parametrize("name", INSTALLED)
def test_nothing_is_printed_unless_asked(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    for model in (linear(1), infeasible()):
        solvers.run(name, model, "LP")
    assert capfd.readouterr() == ("", "")
    solvers.run(name, linear(1), "LP", tee=True)
    log = capfd.readouterr()
    assert not log.out and (log.err or name in ("piqp", "daqp"))  # standard output is the caller's


ROUND = [name for name in INSTALLED if "QCP" in solvers.SOLVERS[name].takes]


@pytest.mark.parametrize("name", ROUND)
def test_a_disc_is_a_quadratic_constraint(name: str) -> None:
    model = PROBLEMS["QCP"][0]()
    solvers.run(name, model, "QCP")
    assert model.x.value == pytest.approx(math.sqrt(0.5), abs=1e-4)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("name", ROUND)
def test_an_ellipse_off_the_origin(name: str, sign: int) -> None:
    # max x + y with (x - 3)^2 + 4 (y - 3)^2 + 2 (x - 3)(y - 3) <= 9, written out, from above or from below: with the
    # matrix Q = [[1, 1], [1, 4]] the largest step is 3 sqrt(1' Q^-1 1) = 3, and its derivative in the side is 1/6
    model = pyo.ConcreteModel()
    model.x, model.y = pyo.Var(), pyo.Var()
    model.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT)
    body = model.x**2 + 4 * model.y**2 + 2 * model.x * model.y - 12 * model.x - 30 * model.y
    model.ellipse = pyo.Constraint(expr=sign * body <= sign * -54 if sign > 0 else sign * body >= sign * -54)
    model.goal = pyo.Objective(expr=model.x + model.y, sense=pyo.maximize)
    run = solvers.run(name, model, "QCP")
    assert run.stopped == SOLVED and run.objective == pytest.approx(9, abs=1e-5)
    if name not in ("scip", "copt"):
        assert model.dual[model.ellipse] == pytest.approx(sign / 6, abs=1e-5)


def test_clarabel_refuses_what_is_no_ellipsoid() -> None:
    pytest.importorskip("clarabel")
    for square, why in ((-1, "not convex"), (0, "no ellipsoid")):
        model = pyo.ConcreteModel()
        model.x, model.y = pyo.Var(bounds=(-2, 2)), pyo.Var(bounds=(-2, 2))
        model.side = pyo.Constraint(expr=model.x**2 + square * model.y**2 + model.y <= 1)
        model.goal = pyo.Objective(expr=model.x + model.y)
        with pytest.raises(UnsupportedProblem, match=f"constraint side is {why}; use --solver"):
            solvers.run("clarabel", model, "QCP")


@pytest.mark.parametrize("name", INSTALLED)
def test_crossed_bounds_are_infeasible(name: str) -> None:
    model = linear(1)
    model.z.setub(0.5)
    assert solvers.run(name, model, "LP").stopped == "provenInfeasible"


@pytest.mark.parametrize("name", INSTALLED)
def test_a_model_without_objective_gets_a_feasible_point(name: str) -> None:
    model = pyo.ConcreteModel()
    model.x = pyo.Var(bounds=(1, 2))
    model.row = pyo.Constraint(expr=2 * model.x >= 3)
    model.free = pyo.Constraint(expr=(-math.inf, model.x, math.inf))
    run = solvers.run(name, model, "LP")
    assert (run.stopped, run.objective) == (SOLVED, 0)
    assert model.x.value >= 1.5 - 1e-7


@pytest.mark.parametrize("name", ["highs", "scip"])
def test_coefficients_that_are_not_numbers_are_refused(name: str) -> None:
    model = pyo.ConcreteModel()
    model.x = pyo.Var(bounds=(0, 1))
    model.goal = pyo.Objective(expr=math.nan * model.x)
    with pytest.raises(UsageError, match="not finite"):
        solvers.run(name, model, "LP")


def test_a_concave_program_is_no_success_of_highs() -> None:
    model = pyo.ConcreteModel()
    model.x = pyo.Var(bounds=(-1, 2))
    model.goal = pyo.Objective(expr=-(model.x**2))
    run = solvers.run("highs", model, "QP")
    assert (run.stopped, run.holds) == ("error", "noSolution") and "convex" in run.message
    assert solvers.run("scip", model, "QP").objective == pytest.approx(-4)


@pytest.mark.parametrize("name", ROUND)
@pytest.mark.parametrize("concept", ["nash", "best-response", "dominant"])
def test_games_on_a_ball_agree_with_their_closed_forms(name: str, concept: str) -> None:
    # one player pulls away from the center (1, 2) of a ball of radius 2, along (0.6, 0.8): it stands at (2.2, 3.6)
    loss = "inner-product" if concept == "dominant" else "squared"
    target = [0.6, 0.8] if concept == "dominant" else [4.0, 6.0]
    ball = bigopt.Ball([1.0, 2.0], 2.0)
    game = bigopt.Influencers(weights=[1.0], targets=[target], action_set=ball, loss=loss)
    asked = {"player": 0, "profile": [[1.0, 2.0]]} if concept == "best-response" else {}
    found = bigopt.solve(game, concept, name, **asked)
    action = found.action if concept == "best-response" else found.actions[0]
    assert action == pytest.approx([2.2, 3.6], abs=1e-4)
    if name not in ("scip", "copt"):  # the one leaves it a little outside, the other 1e-4 beside
        assert found.exit_code == 0


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1e3, 1e6])
@pytest.mark.parametrize("name", ["scip", "clarabel"])
def test_the_unit_of_length_does_not_matter_on_a_ball(name: str, scale: float) -> None:
    if name not in INSTALLED:
        pytest.skip("not installed")
    # two players on opposite sides of a disc around (1, 2): they pull against each other and meet in its center
    ball = bigopt.Ball([scale, 2 * scale], scale)
    targets = scale * np.array([[4.0, 2.0], [-2.0, 2.0]])
    game = bigopt.Influencers(weights=[0.5, 0.5], targets=targets, action_set=ball, loss="squared")
    found = bigopt.solve(game, solver=name)
    assert found.exit_code == 0
    assert found.actions / scale == pytest.approx(np.array([[2.0, 2.0], [0.0, 2.0]]), abs=1e-4)
