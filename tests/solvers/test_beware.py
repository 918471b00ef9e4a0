"""Each trap that a solver lays on these problems, and that its adapter does not fall into it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.contrib.solver.common.factory import SolverFactory
from scipy import sparse

import bigopt
from bigopt import solvers
from bigopt.errors import UnsupportedProblem, UsageError
from bigopt.games.influencers.generate import influencers
from bigopt.solvers import highs
from bigopt.solvers.highs import SMALL, row_scale
from bigopt.solvers.program import compile_program
from bigopt.solvers.row import SOLVED
from tests.solvers.games import Game, linear


def ranged() -> pyo.ConcreteModel:
    """Min 2x + y with 4 <= x + y + 3 <= 6: 1 at (0, 1)."""
    model = pyo.ConcreteModel()
    model.x, model.y = pyo.Var(bounds=(0, 10)), pyo.Var(bounds=(0, 10))
    model.range = pyo.Constraint(expr=pyo.inequality(4, model.x + model.y + 3, 6))
    model.goal = pyo.Objective(expr=2 * model.x + model.y)
    return model


def test_scip_reads_a_constant_in_a_ranged_body() -> None:
    options = {"display/verblevel": 0}
    raw = SolverFactory("scip_direct").solve(
        ranged(), load_solutions=False, raise_exception_on_nonoptimal_result=False, solver_options=options
    )
    assert raw.incumbent_objective is None or abs(raw.incumbent_objective - 1) > 0.1  # why the adapter goes its own way
    run = solvers.run("scip", ranged(), "LP")
    assert run.stopped == SOLVED
    assert run.objective == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("name", ["highs", "scip", "ipopt"])
@pytest.mark.parametrize("sense", ["<=", ">=", "=="])
def test_a_constant_in_a_body_moves_to_the_side(name: str, sense: str) -> None:
    # |x| is pushed against x + 3 (sense) 5, that is 2
    model = pyo.ConcreteModel()
    model.x = pyo.Var(bounds=(-10, 10))
    body = model.x + 3
    model.side = pyo.Constraint(expr=body <= 5 if sense == "<=" else body >= 5 if sense == ">=" else body == 5)
    model.goal = pyo.Objective(expr=-model.x if sense == "<=" else model.x)
    solvers.run(name, model, "LP")
    assert model.x.value == pytest.approx(2, abs=1e-6)


def test_scip_does_not_branch_for_ever_on_five_players() -> None:
    # In the game's own units and with a gap of 1e-9: 100,000 nodes and more, until its LP solver gives up.
    game = influencers(players=5, dimension=3, action_set="box", seed=1)
    found = bigopt.solve(game, solver="scip", options={"limits/nodes": 1000})
    assert found.exit_code == 0
    assert found.receiver == pytest.approx(bigopt.solve(game, solver="exact").receiver, abs=1e-4)


FULL_PIPE = """
import fcntl, os
from bigopt import solvers
from tests.solvers.games import Game
reader, writer = os.pipe()
flags = fcntl.fcntl(writer, fcntl.F_GETFL)
fcntl.fcntl(writer, fcntl.F_SETFL, flags | os.O_NONBLOCK)
try:
    while True:
        os.write(writer, b"x" * 4096)
except BlockingIOError:
    pass
fcntl.fcntl(writer, fcntl.F_SETFL, flags)
os.dup2(writer, 1)
os._exit(0 if solvers.run("scip", Game(20, 2).model(), "QP").holds == "optimal" else 1)
"""


def test_scip_does_not_wait_for_a_full_captured_output() -> None:
    # Nobody reads this pipe and it is full: one byte of log would block for ever.
    done = subprocess.run([sys.executable, "-c", FULL_PIPE], timeout=300, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr


def test_highs_own_qp_method_fails_on_a_potential_and_hipo_does_not() -> None:
    game = Game(20, 4, seed=5, size=1e-3)
    forced = game.model()
    run = solvers.run("highs", forced, "QP", options={"solver": "qpasm"})
    assert run.options["solver"] == "qpasm"
    assert run.stopped != SOLVED or game.error(forced) > 1e-4
    model = game.model()
    run = solvers.run("highs", model, "QP")
    assert run.options["solver"] == "hipo"
    assert run.stopped == SOLVED and game.error(model) < 1e-7


def test_the_certificate_catches_highs_own_qp_method() -> None:
    data = Game(20, 4, seed=5, size=1e-3)
    box = bigopt.Box(-np.ones(4), np.ones(4))
    game = bigopt.Influencers(weights=data.weights, targets=data.targets, action_set=box, loss="squared")
    lie = bigopt.solve(game, concept="nash", solver="highs", options={"solver": "qpasm"})
    truth = bigopt.solve(game, concept="nash", solver="highs")
    assert (truth.exit_code, truth.certificate.verified) == (0, True)
    assert lie.exit_code != 0 and "regret" in [check.name for check in lie.certificate.failed]


def test_a_solver_that_gives_up_is_not_called_solved() -> None:
    # HiPO on the unscaled arrays makes no progress and says Unknown, with a feasible point that is not optimal.
    program = compile_program(Game(1000, 2, size=1e-3).model())
    told = highs._run(quiet_highs({"solver": "hipo"}), program, {})
    assert (told.stopped, told.holds) == ("unknown", "feasible")
    best = highs.solve(program, highs.SETTINGS["default"], None, False)
    assert told.point is not None and best.point is not None
    assert program.objective(told.point) > program.objective(best.point) + 1e-3


def test_hipo_gets_through_the_smallest_games() -> None:
    # On a simplex the normal equations, HiPO's own choice, stop without progress; the exact receiver is the judge.
    simplex = bigopt.Simplex(1.0, 2)
    weights, targets = [0.3, 0.6], [[1.2, 0.1], [-0.4, 0.9]]
    game = bigopt.Influencers(weights=weights, targets=targets, action_set=simplex, loss="squared")
    own = bigopt.solve(game, solver="highs", options={"hipo_system": "choose"})
    assert own.stopped == "unknown" and own.exit_code == 1
    found = bigopt.solve(game, solver="highs")
    assert found.exit_code == 0 and found.solver.options["hipo_system"] == "augmented"
    assert found.receiver == pytest.approx(bigopt.solve(game, solver="exact").receiver, abs=1e-6)


def quiet_highs(options: dict[str, Any]) -> Any:
    """Return a HiGHS of its own with these options."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    for name, value in options.items():
        highs.set_option(solver, name, value)
    return solver


@pytest.mark.parametrize("method", ["choose", "simplex", "ipm", "pdlp"])
def test_highs_takes_no_other_method_for_a_quadratic_program(method: str) -> None:
    with pytest.raises(UsageError, match=f"solver={method}: for a QP highs has hipo and qpasm"):
        solvers.run("highs", Game(3, 1).model(), "QP", options={"solver": method})


@pytest.mark.parametrize("size", [1.0, 1e-2, 1e-3, 1e-5])
def test_hipo_needs_and_gets_numbers_of_ordinary_size(size: float) -> None:
    game = Game(1000, 2, size=size)
    model = game.model()
    assert solvers.run("highs", model, "QP").stopped == SOLVED
    assert game.error(model) < 1e-7


def test_loose_bounds_do_not_spoil_the_scaling() -> None:
    # min x^2/2 + 500 y^2 with x + y = 1 inside bounds that say nothing
    model = pyo.ConcreteModel()
    model.x, model.y = pyo.Var(bounds=(0, 1e6)), pyo.Var(bounds=(0, 1e6))
    model.one = pyo.Constraint(expr=model.x + model.y == 1)
    model.goal = pyo.Objective(expr=model.x**2 / 2 + 500 * model.y**2)
    solvers.run("highs", model, "QP")
    assert model.y.value == pytest.approx(1 / 1001, abs=1e-7)


@pytest.mark.parametrize("tiny", [1e-9, 1e-10, 1e-12])
def test_highs_keeps_small_coefficients(tiny: float) -> None:
    # max x + y with tiny (x + 2 y) <= tiny: x = 1, unless the row is dropped (then x = 10)
    model = pyo.ConcreteModel()
    model.x, model.y = pyo.Var(bounds=(0, 10)), pyo.Var(bounds=(0, 10))
    model.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT)
    model.row = pyo.Constraint(expr=tiny * model.x + 2 * tiny * model.y <= tiny)
    model.goal = pyo.Objective(expr=model.x + model.y, sense=pyo.maximize)
    run = solvers.run("highs", model, "LP")
    assert run.objective == pytest.approx(1) and model.dual[model.row] == pytest.approx(1 / tiny)


def test_rows_are_scaled_by_powers_of_two_and_only_where_needed() -> None:
    matrix = sparse.csr_array(np.array([[1.0, 2.0], [1e-11, 3.0], [1e-12, 1e-12], [0.0, 0.0]]))
    scale = row_scale(matrix)
    assert scale[0] == scale[3] == 1 and np.all(np.log2(scale) % 1 == 0)
    kept = np.abs((sparse.diags_array(scale) @ matrix).data)
    assert kept.min() > SMALL and kept.max() < 1e15


def test_integers_never_reach_ipopt() -> None:
    model = pyo.ConcreteModel()
    model.x = pyo.Var(domain=pyo.Binary)
    model.goal = pyo.Objective(expr=(model.x - 0.4) ** 2)
    with pytest.raises(UnsupportedProblem, match=r"ipopt does not take integer \(x\) problems; use .* scip"):
        solvers.run("ipopt", model, "QP")
    assert model.x.value is None
    model.x.fix(1)
    assert solvers.run("ipopt", model, "QP").objective == pytest.approx(0.36)


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (pyo.asinh, "asinh"),
        (pyo.acosh, "acosh"),
        (pyo.atanh, "atanh"),
        (lambda x: pyo.Expr_if(x >= 2, x, 2 * x), "Expr_if"),
    ],
)
def test_functions_that_cannot_be_imported_are_named(function: Any, name: str) -> None:
    model = pyo.ConcreteModel()
    model.x = pyo.Var(bounds=(0.1, 0.9), initialize=0.5)
    model.goal = pyo.Objective(expr=function(model.x))
    with pytest.raises(UnsupportedProblem, match=name) as caught:
        solvers.run("ipopt", model, "NLP")
    assert "\n" not in str(caught.value)


def test_ipopt_scales_the_objective_of_many_small_players(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bigopt.solvers.ipopt.shutil.which", lambda name: None)  # in process
    # With weights of size 1/n the gradients vanish below Ipopt's tolerances; unscaled it "succeeds" elsewhere.
    game = Game(5_000, 1, size=1 / 5_000)
    plain, scaled = game.model(), game.model()
    unscaled = {"obj_scaling_factor": 1.0, "tol": 1e-8}
    solvers.run("ipopt", plain, "QP", options=unscaled)
    solvers.run("ipopt", scaled, "QP", options={"tol": 1e-8})
    assert game.error(scaled) < 1e-7
    assert game.error(plain) > 100 * game.error(scaled)


def test_ipopt_reads_labels_and_fixed_variables() -> None:
    model = linear(1)
    model.z.fix(1)
    run = solvers.run("ipopt", model, "LP")
    assert run.objective == pytest.approx(-2.3, abs=1e-9)


def test_scip_rounds_integers_and_recomputes_the_objective() -> None:
    # sum of (a_i x_i - 1/3)^2 over whole x in [0, 3], a_i = 0.3: x = 1, so that the value is n / 900
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(6), domain=pyo.Integers, bounds=(0, 3))
    model.goal = pyo.Objective(expr=sum((0.3 * model.x[i] - 1 / 3) ** 2 for i in range(6)))
    run = solvers.run("scip", model, "MIQP")
    assert [v.value for v in model.x.values()] == [1] * 6
    assert run.objective == pytest.approx(6 / 900, abs=1e-15)


def test_scip_closes_the_gap_at_an_optimum_of_zero() -> None:
    model = pyo.ConcreteModel()
    model.x = pyo.Var([0, 1], domain=pyo.Integers, bounds=(-5, 5))
    model.goal = pyo.Objective(expr=(model.x[0] - model.x[1]) ** 2 + (model.x[0] - 2) ** 2)
    run = solvers.run("scip", model, "MIQP", time_limit=30)
    assert (run.stopped, run.objective) == (SOLVED, 0)
