"""Ipopt: LP, QP, QCP and NLP. The executable on PATH if there is one, else in process.

In process: Pyomo writes the model as .nl, CasADi imports it and calls the Ipopt that its wheel bundles, with exact
derivatives. Multipliers come back as dual = -lam_g and reduced cost = -lam_x for a minimization.
"""

from __future__ import annotations

import shutil
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.contrib.solver.solvers.ipopt import Ipopt

from bigopt.concepts.deadline import Deadline
from bigopt.solvers.arrays import Outcome, refuse_integers
from bigopt.solvers.executables import executable_version
from bigopt.solvers.imported import pieces, through_casadi
from bigopt.solvers.nl_files import SCALE, run_nl, scale_of
from bigopt.solvers.row import SOLVED, Options, Run, Solver, bad_option
from bigopt.solvers.silence import muted, silenced

TAKES = frozenset({"LP", "QP", "QCP", "NLP"})
_TIGHT = {"tol": 1e-12, "acceptable_tol": 1e-10, "bound_relax_factor": 0.0, "max_iter": 3000}
SETTINGS = {
    "default": _TIGHT,
    "high-accuracy": {**_TIGHT, "acceptable_tol": 1e-12, "constr_viol_tol": 1e-12, "compl_inf_tol": 1e-12},
}
LIMITS = {"time": "max_wall_time", "gap": "compl_inf_tol", "tolerance": "tol", "threads": ""}
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
    return _IN_PROCESS(model, options, time_limit, tee)


def solve(problem: Any, options: Options, deadline: Deadline, tee: bool) -> Outcome:
    """Solve an imported problem."""
    known = {} if SCALE in options else {SCALE: scale_of(problem)}
    chosen: dict[str, Any] = {**known, **options}
    if deadline.remaining is not None:
        chosen["max_wall_time"] = max(0.01, deadline.remaining)
    x, goal, rows = pieces(problem)
    with silenced(not tee):
        solver = _build({"x": x, "f": goal, "g": rows}, chosen, tee)
        found = solver(x0=problem.x_init, lbx=problem.x_lb, ubx=problem.x_ub, lbg=problem.g_lb, ubg=problem.g_ub)
    status = solver.stats()["return_status"]
    stopped, holds = _STOPPED.get(status, ("error", "noSolution"))
    point, duals, reduced = (np.array(found[key]).ravel() for key in ("x", "lam_g", "lam_x"))
    if holds == "noSolution":
        message = f"Ipopt ended with {status}" if stopped == "error" else ""
        return Outcome(stopped, holds, options=chosen, message=message)
    return Outcome(stopped, holds, point, -duals, -reduced, options=chosen, objective=float(found["f"]))


_IN_PROCESS = through_casadi("ipopt", solve)


def _build(problem: Any, options: Options, tee: bool) -> Any:
    """Return CasADi's solver object, or a `UsageError` that names the option it refused."""
    import casadi

    quiet = {} if tee else {"print_level": 0, "sb": "yes"}
    words = {name: ("yes" if v else "no") if isinstance(v, bool) else v for name, v in options.items()}
    # Ipopt itself returns the multipliers: the derivative that CasADi would take for them is left out
    settings: dict[str, Any] = {"expand": True, "no_nlp_grad": True, "print_time": False, "ipopt": quiet | words}
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
