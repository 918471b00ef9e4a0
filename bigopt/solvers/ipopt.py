"""Ipopt: LP, QP, QCP and NLP. The executable on PATH if there is one, else in process.

In process: Pyomo writes the model as .nl, CasADi imports it and calls the Ipopt that its wheel bundles, with exact
derivatives. Multipliers come back as dual = -lam_g and reduced cost = -lam_x for a minimization.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.common.errors import InfeasibleConstraintException
from pyomo.contrib.solver.solvers.ipopt import Ipopt
from pyomo.core.expr.numvalue import value

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.errors import UnsupportedProblem
from bigopt.solvers.arrays import fill_unused, load_suffix, refuse_integers
from bigopt.solvers.executables import executable_version
from bigopt.solvers.limited import within
from bigopt.solvers.nl_files import SCALE, constant, import_nl, run_nl, scale_of, write_nl
from bigopt.solvers.program import one_objective
from bigopt.solvers.row import SOLVED, Options, Run, Solver, bad_option
from bigopt.solvers.silence import muted, silenced

TAKES = frozenset({"LP", "QP", "QCP", "NLP"})
_TIGHT = {"tol": 1e-12, "acceptable_tol": 1e-10, "bound_relax_factor": 0.0, "max_iter": 3000}
SETTINGS = {
    "default": _TIGHT,
    "high-accuracy": {**_TIGHT, "acceptable_tol": 1e-12, "constr_viol_tol": 1e-12, "compl_inf_tol": 1e-12},
}
LIMITS = {"time": "max_wall_time", "gap": "compl_inf_tol", "tolerance": "tol", "threads": ""}
CROSSED = "bounds cross"
COMMON = (  # options that are often set: CasADi does not tell all that Ipopt has
    "acceptable_iter", "acceptable_tol", "bound_relax_factor", "compl_inf_tol", "constr_viol_tol", "dual_inf_tol",
    "hessian_approximation", "linear_solver", "max_cpu_time", "max_iter", "max_wall_time", "mu_init", "mu_strategy",
    "nlp_scaling_method", "obj_scaling_factor", "print_level", "tol", "warm_start_init_point",
)  # fmt: skip
_STOPPED = {
    "Solve_Succeeded": (SOLVED, "optimal"),
    "Solved_To_Acceptable_Level": (SOLVED, "optimal"),
    "Feasible_Point_Found": (SOLVED, "optimal"),
    "Infeasible_Problem_Detected": ("locallyInfeasible", "noSolution"),
    "Search_Direction_Becomes_Too_Small": ("minStepLength", "unknown"),
    "Diverging_Iterates": ("unbounded", "noSolution"),
    "User_Requested_Stop": ("interrupted", "unknown"),
    "Maximum_Iterations_Exceeded": ("iterationLimit", "unknown"),
    "Maximum_CpuTime_Exceeded": ("maxTimeLimit", "unknown"),
    "Maximum_WallTime_Exceeded": ("maxTimeLimit", "unknown"),
    "Restoration_Failed": ("unknown", "unknown"),
}
_NOT_IMPORTED = {
    "o35": ("Expr_if", "a smooth expression, or binaries for scip"),
    "o47": ("atanh", "log((1 + x)/(1 - x))/2"),
    "o50": ("asinh", "log(x + sqrt(x**2 + 1))"),
    "o52": ("acosh", "log(x + sqrt(x**2 - 1))"),
}


def version() -> str | None:
    """Return the version of the Ipopt that will run, or None."""
    if shutil.which("ipopt"):
        return executable_version("ipopt", "-v")
    try:
        import casadi
    except ModuleNotFoundError:
        return None
    return f"in casadi {casadi.CasadiMeta.version()}"


def run(model: Any, options: Options, time_limit: float | None, tee: bool) -> Run:
    """Solve a continuous model and load its point and multipliers."""
    path = shutil.which("ipopt")
    if path:
        refuse_integers("ipopt", model.component_data_objects(pyo.Var, active=True))
        solver = Ipopt()
        solver.config.executable = path  # Pyomo keeps the first that it ever found, whatever PATH says since
        return run_nl("ipopt", solver, model, options, time_limit, tee)
    return _in_process(model, options, time_limit, tee)


def _refuse_functions(path: Path) -> None:
    """Refuse the operators that CasADi's import of .nl does not know, by their AMPL codes."""
    with path.open() as file:
        for line in file:
            if line.startswith("o") and line.strip() in _NOT_IMPORTED:
                name, instead = _NOT_IMPORTED[line.strip()]
                raise UnsupportedProblem(f"ipopt: the model holds {name}, which cannot be imported; write {instead}")


def _in_process(model: Any, options: Options, time_limit: float | None, tee: bool) -> Run:
    start, deadline = time.perf_counter(), Deadline(time_limit)
    goal = one_objective(model)
    sense = -1 if goal is not None and goal.sense == pyo.maximize else 1
    with tempfile.TemporaryDirectory(prefix="bigopt-") as folder:
        try:
            path, info = write_nl(model, Path(folder))
        except InfeasibleConstraintException as error:
            return Run("provenInfeasible", message=str(error).splitlines()[0])
        refuse_integers("ipopt", info.variables)
        _refuse_functions(path)
        if not info.variables:
            return constant(model)
        limit = None if deadline.remaining is None else deadline.remaining + deadline.grace / 2
        # Ipopt keeps its own limit; what CasADi derives before it starts has none.
        found = within(limit, lambda: _solved(path, options, deadline, tee))
    if found is None:
        return Run("maxTimeLimit", options=options, seconds=time.perf_counter() - start)
    status, point, rows, bounds, chosen = found
    if status == CROSSED:
        return Run("provenInfeasible", message="the bounds of a variable cross")
    stopped, holds = _STOPPED.get(status, ("error", "noSolution"))
    if holds == "noSolution" or not np.isfinite(point).all():
        message = f"Ipopt ended with {status}" if stopped == "error" else ""
        return Run(stopped, "noSolution", None, None, chosen, time.perf_counter() - start, message)
    _load(model, info, point, rows, bounds, sense)
    objective = float(value(goal)) if goal is not None else 0.0
    return Run(stopped, holds, objective, None, chosen, time.perf_counter() - start)


def _solved(
    path: Path, options: Options, deadline: Deadline, tee: bool
) -> tuple[str, Floats, Floats, Floats, dict[str, Any]]:
    """Import and solve an .nl file: Ipopt's status, the point, the multipliers of rows and bounds, and the options."""
    problem = import_nl(path, tee)
    if np.any(np.array(problem.x_lb) > np.array(problem.x_ub)):
        return CROSSED, np.empty(0), np.empty(0), np.empty(0), {}
    known = {} if SCALE in options else {SCALE: scale_of(problem)}
    chosen: dict[str, Any] = {**known, **options}
    if deadline.remaining is not None:
        chosen["max_wall_time"] = max(0.01, deadline.remaining)
    with silenced(not tee):
        solver = _build(_with_objective(problem), chosen, tee)
        found = solver(x0=problem.x_init, lbx=problem.x_lb, ubx=problem.x_ub, lbg=problem.g_lb, ubg=problem.g_ub)
    point, rows, bounds = (np.array(found[key]).ravel() for key in ("x", "lam_g", "lam_x"))
    return solver.stats()["return_status"], point, rows, bounds, chosen


def _with_objective(problem: Any) -> Any:
    """Return what `nlpsol` takes; a model without objective gets the objective 0."""
    import casadi

    if problem.f.numel() == 1:
        return problem
    return {"x": casadi.vertcat(*problem.x), "f": casadi.MX(0), "g": casadi.vertcat(*problem.g)}


def _build(problem: Any, options: Options, tee: bool) -> Any:
    """Return CasADi's solver object, or a `UsageError` that names the option it refused."""
    import casadi

    quiet = {} if tee else {"print_level": 0, "sb": "yes"}
    words = {name: ("yes" if v else "no") if isinstance(v, bool) else v for name, v in options.items()}
    settings: dict[str, Any] = {"expand": True, "print_time": False, "ipopt": quiet | words}
    try:
        with muted():  # CasADi prints Ipopt's complaints through Python
            return casadi.nlpsol("ipopt", "ipopt", problem, settings)
    except (RuntimeError, NotImplementedError):
        with muted():
            _blame(words)
        raise


def _blame(options: Options) -> None:
    """Try each option alone on a trivial problem and raise for the first that Ipopt refuses."""
    import casadi

    x = casadi.SX.sym("x")
    for name, chosen in options.items():
        try:
            casadi.nlpsol("trial", "ipopt", {"x": x, "f": x * x}, {"print_time": False, "ipopt": {name: chosen}})
        except (RuntimeError, NotImplementedError) as error:
            known = "No such IPOPT option" not in str(error)
            raise bad_option("ipopt", name, chosen, known=known, names=COMMON) from None


def _load(model: Any, info: Any, point: Floats, rows: Floats, bounds: Floats, sense: int) -> None:
    for variable, number in zip(info.variables, point.tolist(), strict=True):
        variable.set_value(number, skip_validation=True)
    fill_unused(model)
    load_suffix(model, "dual", info.constraints, -rows, sense)
    load_suffix(model, "rc", info.variables, -bounds, sense)


SOLVER = Solver(
    name="ipopt",
    title="Ipopt: interior point for smooth problems",
    takes=TAKES,
    repair="pip install casadi",
    version=version,
    run=run,
    settings=SETTINGS,
    limits=LIMITS,
)
