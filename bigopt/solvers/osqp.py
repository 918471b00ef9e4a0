"""OSQP: first-order splitting for LP and convex QP, polished at the end."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from bigopt.concepts.deadline import Deadline
from bigopt.solvers.arrays import Outcome, stopped_outside, through_arrays
from bigopt.solvers.equilibrate import solve_scaled
from bigopt.solvers.keywords import looked_at
from bigopt.solvers.prices import priced
from bigopt.solvers.program import Program
from bigopt.solvers.row import SOLVED, Options, Solver, bad_keyword

TAKES = frozenset({"LP", "QP"})
SETTINGS = {
    "default": {"eps_abs": 1e-9, "eps_rel": 1e-9, "max_iter": 200_000, "polishing": True},
    "high-accuracy": {"eps_abs": 1e-11, "eps_rel": 1e-11, "max_iter": 2_000_000, "polishing": True},
}
LIMITS = {"time": "time_limit", "gap": "eps_rel", "tolerance": "eps_abs", "threads": ""}
KINDS = {
    **dict.fromkeys(("adaptive_rho_fraction", "adaptive_rho_tolerance", "alpha", "cg_tol_fraction", "delta"), float),
    **dict.fromkeys(("eps_abs", "eps_dual_inf", "eps_prim_inf", "eps_rel", "rho", "sigma", "time_limit"), float),
    **dict.fromkeys(("adaptive_rho_interval", "cg_max_iter", "cg_tol_reduction", "check_termination"), int),
    **dict.fromkeys(("device", "max_iter", "polish_refine_iter", "scaling", "adaptive_rho"), int),
    **dict.fromkeys(("check_dualgap", "polishing", "rho_is_vec", "scaled_termination", "warm_starting"), bool),
}
_STOPPED = {
    "solved": (SOLVED, "optimal"),
    "solved inaccurate": ("unknown", "feasible"),
    "maximum iterations reached": ("iterationLimit", "unknown"),
    "run time limit reached": ("maxTimeLimit", "unknown"),
    "primal infeasible": ("provenInfeasible", "noSolution"),
    "primal infeasible inaccurate": ("locallyInfeasible", "noSolution"),
    "dual infeasible": ("unbounded", "noSolution"),
    "dual infeasible inaccurate": ("infeasibleOrUnbounded", "noSolution"),
}


def version() -> str | None:
    """Return OSQP's version, or None."""
    try:
        import osqp
    except ModuleNotFoundError:
        return None
    return str(osqp.__version__)


def solve(program: Program, options: Options, time_limit: float | None, tee: bool) -> Outcome:
    """Solve with OSQP."""
    deadline = Deadline(time_limit)
    asked = looked_at("osqp", options, KINDS)

    def once(p: Program) -> Outcome:
        left = {} if deadline.remaining is None else {"time_limit": max(deadline.remaining, 1e-3)}
        chosen = {**asked, **left}
        return stopped_outside(p, chosen, deadline, lambda: _once(p, chosen, tee))

    return solve_scaled(program, once, lambda: not deadline.expired)


def _once(p: Program, chosen: Options, tee: bool) -> Outcome:
    """Rows and bounds in one matrix with two sides."""
    import osqp

    body = sparse.csc_matrix(sparse.vstack([p.matrix, sparse.eye_array(len(p.cost))]))
    low, up = np.concatenate([p.row_lower, p.lower]), np.concatenate([p.row_upper, p.upper])
    solver = osqp.OSQP()
    try:
        solver.setup(sparse.csc_matrix(sparse.triu(p.hessian)), p.cost, body, low, up, verbose=tee, **chosen)
    except (TypeError, ValueError) as error:  # this version has not what another has
        raise bad_keyword("osqp", chosen, error) from None
    found = solver.solve(raise_error=False)
    status = str(found.info.status)
    stopped, holds = _STOPPED.get(status, ("error", "noSolution"))
    point = np.zeros(0) if found.x is None else np.array(found.x)
    price = np.zeros(len(low)) if found.y is None else -np.array(found.y)
    return priced(p, stopped, holds, point, price, chosen, f"OSQP: {status}")


SOLVER = Solver(
    name="osqp",
    title="OSQP: first-order splitting for QP",
    takes=TAKES,
    repair="pip install osqp",
    version=version,
    run=through_arrays("osqp", TAKES, solve),
    settings=SETTINGS,
    limits=LIMITS,
)
