"""Clarabel: interior point for conic programs: min x'Px/2 + c'x with linear rows and ellipsoids."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from bigopt.concepts.deadline import Deadline
from bigopt.solvers.arrays import Outcome, stopped_outside, through_arrays
from bigopt.solvers.cones import conic
from bigopt.solvers.equilibrate import resized, solve_scaled
from bigopt.solvers.prices import priced, set_fields
from bigopt.solvers.program import Program
from bigopt.solvers.row import SOLVED, Options, Solver

TAKES = frozenset({"LP", "QP", "QCP"})
SETTINGS = {
    "default": {"tol_gap_abs": 1e-10, "tol_gap_rel": 1e-10, "tol_feas": 1e-10, "max_threads": 1},
    "high-accuracy": {"tol_gap_abs": 1e-12, "tol_gap_rel": 1e-12, "tol_feas": 1e-12, "max_threads": 1},
}
LIMITS = {"time": "time_limit", "gap": "tol_gap_rel", "tolerance": "tol_feas", "threads": "max_threads"}
TOLERANCES = ("tol_gap_abs", "tol_gap_rel", "tol_feas")
REACHABLE = 1e-9  # asked for where a tighter tolerance is just missed
_STOPPED = {
    "Solved": (SOLVED, "optimal"),
    "AlmostSolved": ("unknown", "feasible"),
    "PrimalInfeasible": ("provenInfeasible", "noSolution"),
    "AlmostPrimalInfeasible": ("locallyInfeasible", "noSolution"),
    "DualInfeasible": ("unbounded", "noSolution"),
    "AlmostDualInfeasible": ("infeasibleOrUnbounded", "noSolution"),
    "MaxIterations": ("iterationLimit", "unknown"),
    "MaxTime": ("maxTimeLimit", "unknown"),
    "InsufficientProgress": ("unknown", "unknown"),
    "NumericalError": ("unknown", "unknown"),
}


def version() -> str | None:
    """Return Clarabel's version, or None."""
    try:
        import clarabel
    except ModuleNotFoundError:
        return None
    return str(clarabel.__version__)


def solve(program: Program, options: Options, time_limit: float | None, tee: bool) -> Outcome:
    """Solve with Clarabel."""
    import clarabel

    deadline = Deadline(time_limit)

    def attempt(p: Program, asked: Options) -> Outcome:
        settings = clarabel.DefaultSettings()
        settings.verbose = tee
        chosen = dict(asked) | ({} if deadline.remaining is None else {"time_limit": deadline.remaining})
        set_fields("clarabel", settings, chosen)
        return stopped_outside(p, chosen, deadline, lambda: _once(p, settings, chosen))

    def once(p: Program) -> Outcome:
        found = attempt(p, options)
        if found.stopped != "unknown":
            return found
        again = attempt(p, dict(options) | {key: max(float(options.get(key, 0.0)), REACHABLE) for key in TOLERANCES})
        return again if again.stopped == SOLVED else found

    if program.quadratic:  # the other scalings are for linear rows
        scaled = resized(program)
        return scaled.unscale(once(scaled.program))
    return solve_scaled(program, once, lambda: not deadline.expired)


def _once(p: Program, settings: Any, chosen: Options) -> Outcome:
    """All rows and bounds in one matrix: equalities in the zero cone, the rest one-sided, then the ellipsoids."""
    import clarabel

    system = conic(p, "clarabel")
    zero, positive, round_sizes = system.sizes
    cones = [clarabel.ZeroConeT(zero), clarabel.NonnegativeConeT(positive)]
    cones += [clarabel.SecondOrderConeT(size) for size in round_sizes]
    upper_half = sparse.csc_matrix(sparse.triu(p.hessian))
    found = clarabel.DefaultSolver(upper_half, p.cost, system.rows, system.sides, cones, settings).solve()
    price = system.prices(len(p.row_lower) + len(p.cost), np.array(found.z))
    stopped, holds = _STOPPED.get(str(found.status), ("error", "noSolution"))
    return priced(p, stopped, holds, np.array(found.x), price, chosen, f"Clarabel: {found.status}")


SOLVER = Solver(
    name="clarabel",
    title="Clarabel: interior point for conic programs",
    takes=TAKES,
    repair="pip install clarabel",
    version=version,
    run=through_arrays("clarabel", TAKES, solve),
    settings=SETTINGS,
    limits=LIMITS,
)
