"""PIQP: proximal interior point for LP and convex QP."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from bigopt.concepts.deadline import Deadline
from bigopt.solvers.arrays import Outcome, through_arrays
from bigopt.solvers.equilibrate import solve_scaled
from bigopt.solvers.limited import within
from bigopt.solvers.prices import priced, set_fields
from bigopt.solvers.program import Program
from bigopt.solvers.row import SOLVED, Options, Solver

TAKES = frozenset({"LP", "QP"})
SETTINGS = {
    "default": {"eps_abs": 1e-10, "eps_rel": 1e-11, "eps_duality_gap_abs": 1e-10, "eps_duality_gap_rel": 1e-11},
    "high-accuracy": {"eps_abs": 1e-12, "eps_rel": 1e-13, "eps_duality_gap_abs": 1e-12, "eps_duality_gap_rel": 1e-13},
}
LIMITS = {"time": "", "gap": "eps_duality_gap_rel", "tolerance": "eps_abs", "threads": ""}
_STOPPED = {
    "PIQP_SOLVED": (SOLVED, "optimal"),
    "PIQP_MAX_ITER_REACHED": ("iterationLimit", "unknown"),
    "PIQP_PRIMAL_INFEASIBLE": ("provenInfeasible", "noSolution"),
    "PIQP_DUAL_INFEASIBLE": ("unbounded", "noSolution"),
    "PIQP_NUMERICS": ("unknown", "unknown"),
}


def version() -> str | None:
    """Return PIQP's version, or None."""
    try:
        import piqp
    except ModuleNotFoundError:
        return None
    return str(piqp.__version__)


def solve(program: Program, options: Options, time_limit: float | None, tee: bool) -> Outcome:
    """Solve with PIQP, which has no time limit of its own: one is kept from outside."""
    import piqp

    deadline = Deadline(time_limit)
    set_fields("piqp", piqp.SparseSolver().settings, options)  # a wrong option is refused here

    def once(p: Program) -> Outcome:
        solver = piqp.SparseSolver()
        solver.settings.verbose = tee
        set_fields("piqp", solver.settings, options)
        found = within(deadline.remaining, lambda: _once(p, solver, options))
        return found if found is not None else Outcome("maxTimeLimit", "noSolution", options=options)

    return solve_scaled(program, once, lambda: not deadline.expired)


def _once(p: Program, solver: Any, chosen: Options) -> Outcome:
    """Equalities, two-sided rows and bounds."""
    m = len(p.row_lower)
    equal = np.flatnonzero(p.row_lower == p.row_upper)
    ranged = np.flatnonzero(p.row_lower != p.row_upper)
    solver.setup(
        sparse.csc_matrix(p.hessian),
        p.cost,
        sparse.csc_matrix(p.matrix[equal]),
        p.row_upper[equal],
        sparse.csc_matrix(p.matrix[ranged]),
        p.row_lower[ranged],
        p.row_upper[ranged],
        p.lower,
        p.upper,
    )
    solver.solve()
    result = solver.result
    price = np.zeros(m + len(p.cost))
    price[equal] = -np.array(result.y)
    price[ranged] = np.array(result.z_l) - np.array(result.z_u)
    price[m:] = np.array(result.z_bl) - np.array(result.z_bu)
    status = str(result.info.status).rsplit(".", 1)[-1]
    stopped, holds = _STOPPED.get(status, ("error", "noSolution"))
    return priced(p, stopped, holds, np.array(result.x), price, chosen, f"PIQP: {status}")


SOLVER = Solver(
    name="piqp",
    title="PIQP: proximal interior point for QP",
    takes=TAKES,
    repair="pip install piqp",
    version=version,
    run=through_arrays("piqp", TAKES, solve),
    settings=SETTINGS,
    limits=LIMITS,
)
