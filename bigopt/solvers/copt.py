"""COPT: simplex, barrier, branch and cut. Commercial; without a licence only for small models."""

from __future__ import annotations

import importlib.metadata
import math
from typing import Any

import numpy as np
from scipy import sparse

from bigopt.concepts.deadline import Deadline
from bigopt.errors import UnsupportedProblem
from bigopt.solvers.arrays import Outcome, through_arrays
from bigopt.solvers.equilibrate import resized, solve_scaled, unscaled
from bigopt.solvers.program import Program
from bigopt.solvers.row import NO_POINT, SOLVED, Options, Solver, bad_option, public
from bigopt.solvers.silence import silenced

TAKES = frozenset({"LP", "QP", "QCP", "MILP", "MIQP"})
_TIGHT = {"FeasTol": 1e-9, "DualTol": 1e-9, "IntTol": 1e-9, "RelGap": 0.0, "AbsGap": 1e-9, "Threads": 1}
SETTINGS = {"default": _TIGHT, "high-accuracy": {**_TIGHT, "AbsGap": 0.0}}
FREE = {"LP": 10000, "others": 2000}  # variables, and rows, of a model that it solves without a licence
LIMITS = {"time": "TimeLimit", "gap": "RelGap", "tolerance": "FeasTol", "threads": "Threads"}
REACHABLE = 1e-7  # asked for where a tighter tolerance is missed
_STOPPED = {
    1: (SOLVED, "optimal"),
    2: ("provenInfeasible", "noSolution"),
    3: ("unbounded", "noSolution"),
    4: ("infeasibleOrUnbounded", "noSolution"),
    5: ("error", "noSolution"),  # numerical trouble
    6: ("iterationLimit", "feasible"),  # nodes
    7: ("unknown", "feasible"),  # imprecise
    8: ("maxTimeLimit", "feasible"),
    9: ("unknown", "unknown"),
    10: ("interrupted", "unknown"),
    11: ("iterationLimit", "unknown"),
    20: (SOLVED, "optimal"),  # of a continuous nonconvex problem, locally
    21: ("locallyInfeasible", "noSolution"),
}
REMARK = (
    f"Without a licence it takes at most {FREE['LP']} variables and {FREE['LP']} rows of an LP, and "
    f"{FREE['others']} of each of other problems. Larger ones are refused in one line, and counted as unsupported."
)


def version() -> str | None:
    """Return COPT's version, or None."""
    try:
        import coptpy  # noqa: F401 - a damaged package is found by importing it
    except ModuleNotFoundError:
        return None
    return importlib.metadata.version("coptpy")


def solve(program: Program, options: Options, time_limit: float | None, tee: bool) -> Outcome:
    """Solve with COPT.

    Raises
    ------
    UnsupportedProblem
        Its licence, or the lack of one, does not allow a model of this size.
    """
    deadline = Deadline(time_limit)

    def once(p: Program) -> Outcome:
        left = {} if deadline.remaining is None else {"TimeLimit": max(deadline.remaining, 1e-3)}
        with silenced(not tee):
            found = _once(p, dict(options) | left, tee)
            if found.stopped != "unknown":  # imprecise, by COPT's own word
                return found
            reachable = {key: max(float(options.get(key, 0.0)), REACHABLE) for key in ("FeasTol", "DualTol")}
            again = _once(p, dict(options) | left | reachable, tee)
        return again if again.stopped == SOLVED else found

    if program.integer.any():
        return once(unscaled(program).program)
    if program.quadratic:  # the other scalings are for linear rows
        scaled = resized(program)
        return scaled.unscale(once(scaled.program))
    return solve_scaled(program, once, lambda: not deadline.expired)


def _once(p: Program, chosen: Options, tee: bool) -> Outcome:
    import coptpy

    quiet = coptpy.EnvrConfig()
    quiet.set("nobanner", "1")
    model = coptpy.Envr(quiet).createModel("bigopt")
    model.setParam("Logging", int(tee))
    for name, value in chosen.items():
        _set_option(model, name, value)
    _state(model, p)
    try:
        model.solve()
    except coptpy.CoptError as error:
        if "LICENSE" in str(error):
            raise UnsupportedProblem(
                f"copt: {len(p.cost)} variables and {len(p.row_lower)} rows ({p.problem_class}) are more than its "
                f"licence allows (without one: {FREE['LP']} each of an LP, {FREE['others']} of others): "
                "use --solver highs or scip"
            ) from None
        raise
    return _outcome(model, p, chosen)


def _set_option(model: Any, name: str, value: Any) -> None:
    """Set one parameter, or raise `UsageError`."""
    import coptpy

    try:
        _, known, _, low, high = model.getParamInfo(name)
    except Exception:
        raise bad_option("copt", name, names=public(coptpy.COPT.Param)) from None
    try:
        if not low <= value <= high:  # COPT itself takes what is outside and uses something else
            raise ValueError
        model.setParam(name, type(known)(value))
    except (TypeError, ValueError):
        raise bad_option("copt", name, value, known=True) from None


def _state(model: Any, p: Program) -> None:
    """Load the linear part as a matrix, then the curved objective and the curved rows."""
    import coptpy

    linear = np.ones(len(p.row_lower), dtype=bool)
    linear[list(p.quadratic)] = False
    kinds = np.where(p.integer, coptpy.COPT.INTEGER, coptpy.COPT.CONTINUOUS)
    rows = sparse.csc_matrix(p.matrix[np.flatnonzero(linear)])
    model.loadMatrix(p.cost, rows, p.row_lower[linear], p.row_upper[linear], p.lower, p.upper, kinds)
    if p.hessian.nnz:
        model.loadQ(sparse.coo_matrix(0.5 * p.hessian))
    variables = model.getVars()
    for i, terms in p.quadratic.items():
        body = coptpy.QuadExpr()
        for a, b, value in terms:
            body.addTerm(value, variables[a], variables[b])
        start, end = p.matrix.indptr[i : i + 2]
        for j, value in zip(p.matrix.indices[start:end].tolist(), p.matrix.data[start:end].tolist(), strict=True):
            body.addTerm(value, variables[j])
        if math.isfinite(p.row_lower[i]):
            model.addQConstr(body >= p.row_lower[i])
        if math.isfinite(p.row_upper[i]):
            model.addQConstr(body <= p.row_upper[i])


def _outcome(model: Any, p: Program, chosen: Options) -> Outcome:
    stopped, holds = _STOPPED.get(model.status, ("error", "noSolution"))
    mixed = bool(p.integer.any())
    bound = float(model.BestBnd) if mixed and math.isfinite(model.BestBnd) and abs(model.BestBnd) < 1e30 else None
    if stopped in NO_POINT or not (model.HasMipSol if mixed else model.HasLpSol):
        message = f"COPT ended with status {model.status}" if stopped == "error" else ""
        return Outcome(stopped, "noSolution", bound=bound, options=chosen, message=message)
    point = np.array(model.getValues(), dtype=float)
    if mixed or p.quadratic:  # there are no prices of quadratic rows
        return Outcome(stopped, holds, point, bound=bound, options=chosen)
    duals, reduced = np.array(model.getDuals(), dtype=float), np.array(model.getRedcosts(), dtype=float)
    return Outcome(stopped, holds, point, duals, reduced, options=chosen)


SOLVER = Solver(
    name="copt",
    title="COPT: simplex, barrier, branch and cut; small models without a licence",
    takes=TAKES,
    repair="pip install coptpy",
    version=version,
    run=through_arrays("copt", TAKES, solve),
    settings=SETTINGS,
    limits=LIMITS,
    remark=REMARK,
)
