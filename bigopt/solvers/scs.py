"""SCS: first-order splitting for conic programs: linear rows, a convex quadratic objective, ellipsoids."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from bigopt.concepts.deadline import Deadline
from bigopt.solvers.arrays import Outcome, stopped_outside, through_arrays
from bigopt.solvers.cones import conic
from bigopt.solvers.equilibrate import resized, solve_scaled
from bigopt.solvers.keywords import looked_at
from bigopt.solvers.prices import priced
from bigopt.solvers.program import Program
from bigopt.solvers.row import SOLVED, Options, Solver, bad_keyword

TAKES = frozenset({"LP", "QP", "QCP"})
SETTINGS = {
    "default": {"eps_abs": 1e-9, "eps_rel": 1e-9, "max_iters": 200_000},
    "high-accuracy": {"eps_abs": 1e-11, "eps_rel": 1e-11, "max_iters": 2_000_000},
}
LIMITS = {"time": "time_limit_secs", "gap": "eps_rel", "tolerance": "eps_abs", "threads": ""}
KINDS = {
    **dict.fromkeys(("scale", "rho_x", "eps_abs", "eps_rel", "eps_infeas", "alpha", "time_limit_secs"), float),
    **dict.fromkeys(("max_iters", "acceleration_lookback", "acceleration_interval"), int),
    **dict.fromkeys(("normalize", "adaptive_scale", "use_indirect"), bool),
    **dict.fromkeys(("write_data_filename", "log_csv_filename"), str),
}
SIGNED = ("acceleration_lookback",)  # a negative one is the other type of acceleration
_STOPPED = {
    1: (SOLVED, "optimal"),
    2: ("unknown", "feasible"),
    -1: ("unbounded", "noSolution"),
    -2: ("provenInfeasible", "noSolution"),
    -6: ("infeasibleOrUnbounded", "noSolution"),
    -7: ("infeasibleOrUnbounded", "noSolution"),
}


def version() -> str | None:
    """Return SCS's version, or None."""
    try:
        import scs
    except ModuleNotFoundError:
        return None
    return str(scs.__version__)


def solve(program: Program, options: Options, time_limit: float | None, tee: bool) -> Outcome:
    """Solve with SCS."""
    deadline = Deadline(time_limit)
    asked = looked_at("scs", options, KINDS, SIGNED)

    def once(p: Program) -> Outcome:
        left = {} if deadline.remaining is None else {"time_limit_secs": max(deadline.remaining, 1e-3)}
        chosen = {**asked, **left}
        return stopped_outside(p, chosen, deadline, lambda: _once(p, chosen, tee))

    if program.quadratic:  # the other scalings are for linear rows
        scaled = resized(program)
        return scaled.unscale(once(scaled.program))
    return solve_scaled(program, once, lambda: not deadline.expired)


def _once(p: Program, chosen: Options, tee: bool) -> Outcome:
    import scs

    system = conic(p, "scs")
    zero, positive, round_sizes = system.sizes
    data = {"A": system.rows, "b": system.sides, "c": p.cost}
    if p.hessian.nnz:
        data["P"] = sparse.csc_matrix(sparse.triu(p.hessian))
    try:
        solver = scs.SCS(data, {"z": zero, "l": positive, "q": round_sizes}, verbose=tee, **chosen)
    except TypeError as error:  # this version has not what another has
        raise bad_keyword("scs", chosen, error) from None
    found = solver.solve()
    code = int(found["info"]["status_val"])
    stopped, holds = _STOPPED.get(code, ("error", "noSolution"))
    if code == 2 and "time" in str(found["info"]["status"]):
        stopped = "maxTimeLimit"
    elif code == 2:
        stopped = "iterationLimit"
    price = system.prices(len(p.row_lower) + len(p.cost), np.array(found["y"]))
    return priced(p, stopped, holds, np.array(found["x"]), price, chosen, f"SCS: {found['info']['status']}")


SOLVER = Solver(
    name="scs",
    title="SCS: first-order splitting for conic programs",
    takes=TAKES,
    repair="pip install scs",
    version=version,
    run=through_arrays("scs", TAKES, solve),
    settings=SETTINGS,
    limits=LIMITS,
)
