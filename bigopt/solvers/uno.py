"""Uno: Lagrange-Newton methods for smooth problems, interior point or sequential quadratic programs.

Uno asks for functions and derivatives by callbacks; CasADi gives them from an .nl file, as for Ipopt. Its multipliers
stand in the Lagrangian objective + y rows: dual = -y, reduced cost = -(z of both bounds), for a minimization.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.solvers.arrays import Outcome
from bigopt.solvers.imported import pieces, through_casadi
from bigopt.solvers.nl_files import scale_of
from bigopt.solvers.row import SOLVED, Options, Solver, bad_option
from bigopt.solvers.silence import silenced

TAKES = frozenset({"LP", "QP", "QCP", "NLP"})
_FILTER = {"preset": "filtersqp", "primal_tolerance": 1e-10, "dual_tolerance": 1e-10}
SETTINGS = {
    "default": _FILTER,
    "high-accuracy": {**_FILTER, "primal_tolerance": 1e-12, "dual_tolerance": 1e-12},
    # for models too large for SQP's dense null space; it relaxes bounds by 1e-8 unless told not to
    "interior": {**_FILTER, "preset": "ipopt", "bound_relaxation_factor": 0.0},
}
LIMITS = {"time": "time_limit", "gap": "dual_tolerance", "tolerance": "primal_tolerance", "threads": ""}
_POINTS = {
    "FEASIBLE_KKT_POINT": (SOLVED, "optimal"),
    "FEASIBLE_SMALL_STEP": ("minStepLength", "unknown"),
    "INFEASIBLE_STATIONARY_POINT": ("locallyInfeasible", "noSolution"),
    "UNBOUNDED_OBJECTIVE": ("unbounded", "noSolution"),
    "DIVERGING_ITERATE": ("unbounded", "noSolution"),
}
_ENDS = {"ITERATION_LIMIT": "iterationLimit", "TIME_LIMIT": "maxTimeLimit"}
REMARK = (
    "Its SQP (`filtersqp`) solves quadratic subproblems with BQPD, an active-set code that becomes slow with the "
    "number of free variables: with 3000 of them one iteration takes seconds; hence its time limits. Training "
    "under Nash welfare with KL has shares near 0, where logarithms are steep: the trust region shrinks until Uno "
    "stops, at a point that is right (`minStepLength`: the dual residual is above the 1e-10 asked for) or before "
    "it (`algorithmic_error`). Its interior point (`interior`) comes to the answer and does not notice where "
    "multipliers of active bounds do not settle: it iterates to its limit of 2000."
)


def version() -> str | None:
    """Return Uno's version, or None."""
    try:
        import unopy
    except ModuleNotFoundError:
        return None
    return str(unopy.current_uno_version())


@dataclass(frozen=True)
class Callbacks:
    """Functions of a point that write into Uno's arrays, and where the derivatives' entries stand."""

    value: Callable[[Floats], float]
    gradient: Callable[[Floats, Floats], None]
    rows: Callable[[Floats, Floats], None]
    jacobian: Callable[[Floats, Floats], None]
    hessian: Callable[[Floats, float, Floats, Floats], None]
    jacobian_at: tuple[list[int], list[int]]
    hessian_at: tuple[list[int], list[int]]


def callbacks(problem: Any, scale: float) -> Callbacks:
    """Derive what Uno asks for from an imported problem, its objective times `scale`."""
    import casadi

    x, goal, rows = pieces(problem)
    goal = scale * goal
    weight, price = casadi.MX.sym("weight"), casadi.MX.sym("price", rows.numel())
    jacobian: Any = casadi.jacobian(rows, x)
    hessian: Any = casadi.tril(casadi.hessian(weight * goal + casadi.dot(price, rows), x)[0])

    def function(inputs: list[Any], output: Any) -> Any:
        return casadi.Function("f", inputs, [output]).expand()

    def writer(evaluate: Any) -> Callable[..., None]:
        def write(*arguments: Any) -> None:
            *inputs, out = arguments
            out[:] = evaluate(*map(np.array, inputs)).nonzeros()

        return write

    value = function([x], goal)
    return Callbacks(
        lambda point: float(value(np.array(point))),
        writer(function([x], casadi.densify(casadi.gradient(goal, x)))),
        writer(function([x], casadi.densify(rows))),
        writer(function([x], jacobian)),
        writer(function([x, weight, price], hessian)),
        jacobian.sparsity().get_triplet(),
        hessian.sparsity().get_triplet(),
    )


def solve(problem: Any, options: Options, deadline: Deadline, tee: bool) -> Outcome:
    """Solve an imported problem. The objective is scaled as for Ipopt: tolerances are absolute."""
    import unopy

    scale = scale_of(problem)
    calls = callbacks(problem, scale)
    model = unopy.Model("NLP", len(problem.x_lb), problem.x_lb, problem.x_ub, unopy.ZERO_BASED_INDEXING)
    model.set_objective(unopy.MINIMIZE, calls.value, calls.gradient)
    if problem.g_lb:
        sides = (problem.g_lb, problem.g_ub, len(calls.jacobian_at[0]), *calls.jacobian_at)
        model.set_constraints(len(problem.g_lb), calls.rows, *sides, calls.jacobian)
    entries = len(calls.hessian_at[0])
    model.set_lagrangian_hessian(entries, unopy.LOWER_TRIANGLE, *calls.hessian_at, calls.hessian)
    model.set_lagrangian_sign_convention(unopy.MULTIPLIER_POSITIVE)
    model.set_initial_primal_iterate(problem.x_init)
    chosen = dict(options)
    if deadline.remaining is not None:
        chosen["time_limit"] = max(0.01, deadline.remaining)
    with silenced(not tee):
        found = _configured(chosen, tee).optimize(model)
    return _outcome(found, scale, chosen)


def _configured(options: Options, tee: bool) -> Any:
    """Return the solver with its options set, the preset first."""
    import unopy

    solver = unopy.UnoSolver()
    rest = {"logger": "INFO" if tee else "SILENT", **options}
    preset = rest.pop("preset", "filtersqp")
    try:
        solver.set_preset(str(preset))
    except Exception:
        raise bad_option("uno", "preset", preset, known=True) from None
    for name, value in rest.items():
        try:
            solver.set_option(name, value)
        except KeyError:
            raise bad_option("uno", name) from None
        except TypeError:
            raise bad_option("uno", name, value, known=True) from None
    return solver


def _outcome(found: Any, scale: float, chosen: Options) -> Outcome:
    ended, at = found.optimization_status.name, found.solution_status.name
    stopped, holds = _POINTS.get(at, ("unknown", "unknown"))
    if ended != "SUCCESS":
        stopped, holds = _ENDS.get(ended, "error"), "unknown"
    if stopped == "error":
        return Outcome("error", "noSolution", options=chosen, message=f"Uno ended with {ended.lower()}")
    if holds == "noSolution":
        return Outcome(stopped, holds, options=chosen)
    price = np.array(found.lower_bound_dual_solution) + np.array(found.upper_bound_dual_solution)
    duals = np.array(found.constraint_dual_solution)
    return Outcome(stopped, holds, np.array(found.primal_solution), -duals / scale, -price / scale, options=chosen)


SOLVER = Solver(
    name="uno",
    title="Uno: interior point and SQP for smooth problems",
    takes=TAKES,
    repair="pip install unopy",
    version=version,
    run=through_casadi("uno", solve),
    settings=SETTINGS,
    limits=LIMITS,
    remark=REMARK,
)
