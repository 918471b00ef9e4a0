"""Clarabel and PIQP: LP and convex QP from the arrays; each states rows in its own way.

Both take min x'Px/2 + c'x with equalities A x = b apart from one-sided or two-sided rows; Clarabel also ellipsoids.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.solvers.arrays import Outcome, through_arrays
from bigopt.solvers.ellipsoids import ellipsoids
from bigopt.solvers.equilibrate import resized, solve_scaled
from bigopt.solvers.program import Program
from bigopt.solvers.row import SOLVED, Options, bad_option

CLARABEL_TAKES = frozenset({"LP", "QP", "QCP"})
PIQP_TAKES = frozenset({"LP", "QP"})
CLARABEL_SETTINGS = {
    "default": {"tol_gap_abs": 1e-10, "tol_gap_rel": 1e-10, "tol_feas": 1e-10, "max_threads": 1},
    "high-accuracy": {"tol_gap_abs": 1e-12, "tol_gap_rel": 1e-12, "tol_feas": 1e-12, "max_threads": 1},
}
CLARABEL_LIMITS = {"time": "time_limit", "gap": "tol_gap_rel", "tolerance": "tol_feas", "threads": "max_threads"}
PIQP_SETTINGS = {
    "default": {"eps_abs": 1e-10, "eps_rel": 1e-11, "eps_duality_gap_abs": 1e-10, "eps_duality_gap_rel": 1e-11},
    "high-accuracy": {"eps_abs": 1e-12, "eps_rel": 1e-13, "eps_duality_gap_abs": 1e-12, "eps_duality_gap_rel": 1e-13},
}
PIQP_LIMITS = {"time": "", "gap": "eps_duality_gap_rel", "tolerance": "eps_abs", "threads": ""}
_CLARABEL = {
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
_PIQP = {
    "PIQP_SOLVED": (SOLVED, "optimal"),
    "PIQP_MAX_ITER_REACHED": ("iterationLimit", "unknown"),
    "PIQP_PRIMAL_INFEASIBLE": ("provenInfeasible", "noSolution"),
    "PIQP_DUAL_INFEASIBLE": ("unbounded", "noSolution"),
    "PIQP_NUMERICS": ("unknown", "unknown"),
}


def clarabel_version() -> str | None:
    """Return Clarabel's version, or None."""
    try:
        import clarabel
    except ImportError:
        return None
    return str(clarabel.__version__)


def piqp_version() -> str | None:
    """Return PIQP's version, or None."""
    try:
        import piqp
    except ImportError:
        return None
    return str(piqp.__version__)


def set_fields(name: str, settings: Any, options: Options) -> None:
    """Set the attributes of a settings object, or raise `UsageError`."""
    for key, value in options.items():
        if key.startswith("_") or not hasattr(settings, key):
            raise bad_option(name, key)
        try:
            setattr(settings, key, value)
        except (TypeError, ValueError, OverflowError):
            raise bad_option(name, key, value, known=True) from None


def solve_clarabel(program: Program, options: Options, time_limit: float | None, tee: bool) -> Outcome:
    """Solve with Clarabel."""
    import clarabel

    deadline = Deadline(time_limit)

    def once(p: Program) -> Outcome:
        settings = clarabel.DefaultSettings()
        settings.verbose = tee
        chosen = dict(options) | ({} if deadline.remaining is None else {"time_limit": deadline.remaining})
        set_fields("clarabel", settings, chosen)
        return _clarabel(p, settings, chosen)

    if program.quadratic:  # the other scalings are for linear rows
        scaled = resized(program)
        return scaled.unscale(once(scaled.program))
    return solve_scaled(program, once, lambda: not deadline.expired)


def _clarabel(p: Program, settings: Any, chosen: Options) -> Outcome:
    """All rows and bounds in one matrix: equalities in the zero cone, the rest one-sided, then the ellipsoids."""
    import clarabel

    n = len(p.cost)
    body = sparse.vstack([p.matrix, sparse.eye_array(n)], format="csr")
    low, up = np.concatenate([p.row_lower, p.lower]), np.concatenate([p.row_upper, p.upper])
    round_rows = ellipsoids(p)
    linear = np.ones(len(low), dtype=bool)
    linear[[e.row for e in round_rows]] = False
    equal = np.flatnonzero(linear & (low == up))
    below = np.flatnonzero(linear & (low != up) & np.isfinite(up))
    above = np.flatnonzero(linear & (low != up) & np.isfinite(low))
    radius_row = sparse.csr_array((1, n))
    blocks = [block for e in round_rows for block in (radius_row, -e.root)]
    rows = sparse.vstack([body[equal], body[below], -body[above], *blocks], format="csc")
    ends = [end for e in round_rows for end in ([e.radius], -e.shift)]
    sides = np.concatenate([up[equal], up[below], -low[above], *ends])
    cones = [clarabel.ZeroConeT(equal.size), clarabel.NonnegativeConeT(below.size + above.size)]
    cones += [clarabel.SecondOrderConeT(1 + len(e.shift)) for e in round_rows]
    upper_half = sparse.csc_matrix(sparse.triu(p.hessian))
    found = clarabel.DefaultSolver(upper_half, p.cost, sparse.csc_matrix(rows), sides, cones, settings).solve()
    price = np.zeros(len(low))  # of the cones: d objective / d side is -z for upper sides, +z for lower ones
    z = np.array(found.z)
    np.add.at(price, np.concatenate([equal, below]), -z[: equal.size + below.size])
    at = equal.size + below.size + above.size
    np.add.at(price, above, z[equal.size + below.size : at])
    for e in round_rows:  # the radius is the root of the side and a constant
        price[e.row] = -e.sign * z[at] / (2.0 * e.radius) if e.radius > 0 else 0.0
        at += 1 + len(e.shift)
    stopped, holds = _CLARABEL.get(str(found.status), ("error", "noSolution"))
    return _outcome(p, stopped, holds, np.array(found.x), price, chosen, f"Clarabel: {found.status}")


def solve_piqp(program: Program, options: Options, time_limit: float | None, tee: bool) -> Outcome:
    """Solve with PIQP, which has no time limit of its own."""
    import piqp

    deadline = Deadline(time_limit)

    def once(p: Program) -> Outcome:
        solver = piqp.SparseSolver()
        solver.settings.verbose = tee
        set_fields("piqp", solver.settings, options)
        return _piqp(p, solver, options)

    return solve_scaled(program, once, lambda: not deadline.expired)


def _piqp(p: Program, solver: Any, chosen: Options) -> Outcome:
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
    stopped, holds = _PIQP.get(status, ("error", "noSolution"))
    return _outcome(p, stopped, holds, np.array(result.x), price, chosen, f"PIQP: {status}")


def _outcome(p: Program, stopped: str, holds: str, point: Floats, price: Floats, chosen: Options, said: str) -> Outcome:
    """Return the outcome; prices stand for rows, then variables."""
    if holds == "noSolution" or not np.isfinite(point).all():
        return Outcome(stopped, "noSolution", options=chosen, message=said if stopped == "error" else "")
    m = len(p.row_lower)
    return Outcome(stopped, holds, point, price[:m], price[m:], None, chosen)


run_clarabel = through_arrays("clarabel", CLARABEL_TAKES, solve_clarabel)
run_piqp = through_arrays("piqp", PIQP_TAKES, solve_piqp)
