"""SCIP: LP, QP, QCP, MILP and MIQP, through `pyscipopt`.

The model goes through `Program`, which moves constants to the sides: Pyomo's own SCIP interfaces leave them in the
bodies, and ranged and equality constraints then come out wrong. SCIP writes to its log only when asked (`tee`).
"""

from __future__ import annotations

import contextlib
import math
from typing import Any

import numpy as np

from bigopt.solvers.arrays import Outcome, through_arrays
from bigopt.solvers.equilibrate import equilibrate, resized, unscaled
from bigopt.solvers.program import Program
from bigopt.solvers.row import NO_POINT, SOLVED, Options, Solver, bad_option
from bigopt.solvers.silence import silenced

TAKES = frozenset({"LP", "QP", "QCP", "MILP", "MIQP"})
_TIGHT = {
    "numerics/feastol": 1e-9,
    "numerics/dualfeastol": 1e-9,
    "limits/gap": 0.0,
    "lp/threads": 1,
    "randomization/randomseedshift": 0,
    "timing/clocktype": 2,  # wall clock
}
SETTINGS = {
    "default": _TIGHT,
    "high-accuracy": {
        **_TIGHT,
        "numerics/feastol": 1e-10,
        "numerics/dualfeastol": 1e-10,
        "numerics/epsilon": 1e-12,
        "numerics/sumepsilon": 1e-10,
        "limits/absgap": 0.0,
    },
}
LIMITS = {"time": "limits/time", "gap": "limits/gap", "tolerance": "numerics/feastol", "threads": "lp/threads"}
# A relative gap alone never closes where the optimum is near 0. Of a curved program the rows' tolerance leaves a gap of
# its own size: asked for less, SCIP branches 100,000 times on five players and ends with "error in LP solver".
GAPS = {"QP": 5e-9, "QCP": 5e-9}  # absolute, by problem class
GAP = 1e-9  # of the others
SCALED = {"QP": equilibrate, "QCP": resized}  # tolerances are absolute; whole numbers keep their unit
# From about 10,000 columns and rows on, the NLP solver inside SCIP 10.0.2's sub-NLP heuristic corrupts the heap on
# potentials and ends the process ("free(): invalid pointer"); without that heuristic the same programs are solved.
LARGE = 5_000
_STOPPED = {
    "optimal": SOLVED,
    "gaplimit": SOLVED,
    "infeasible": "provenInfeasible",
    "unbounded": "unbounded",
    "inforunbd": "infeasibleOrUnbounded",
    "timelimit": "maxTimeLimit",
    "nodelimit": "iterationLimit",
    "totalnodelimit": "iterationLimit",
    "stallnodelimit": "iterationLimit",
    "sollimit": "iterationLimit",
    "bestsollimit": "iterationLimit",
    "restartlimit": "iterationLimit",
    "primallimit": "objectiveLimit",
    "duallimit": "objectiveLimit",
    "userinterrupt": "interrupted",
    "terminate": "interrupted",
    "unknown": "unknown",
}


def version() -> str | None:
    """Return SCIP's version and pyscipopt's, or None."""
    try:
        import pyscipopt
    except ModuleNotFoundError:
        return None
    model = pyscipopt.Model()
    return f"{model.getMajorVersion()}.{model.getMinorVersion()}.{model.getTechVersion()}"


def solve(program: Program, options: Options, time_limit: float | None, tee: bool) -> Outcome:
    """Solve a program."""
    import pyscipopt

    scip = pyscipopt.Model()
    scip.hideOutput(not tee)
    chosen = dict(options)
    chosen.setdefault("limits/absgap", GAPS.get(program.problem_class, GAP))
    if len(program.cost) + len(program.row_lower) > LARGE:
        chosen.setdefault("heuristics/subnlp/freq", -1)
    if time_limit is not None:
        chosen["limits/time"] = time_limit
    if not tee:
        # Written to a captured output, SCIP's log deadlocks: SCIP holds the interpreter while the pipe is full.
        chosen["display/verblevel"] = 0
    with silenced():  # a refused value is reported here, not in SCIP's own words
        for name, value in chosen.items():
            _set_option(scip, name, value)
    scaled = SCALED.get(program.problem_class, unscaled)(program)
    variables = _state(scip, scaled.program)
    with silenced(not tee):  # SoPlex writes what it thinks of tolerances to standard error
        if hasattr(scip, "optimizeNogil"):
            scip.optimizeNogil()
        else:
            scip.optimize()
    return scaled.unscale(_outcome(scip, variables, chosen))


def _set_option(scip: Any, name: str, value: Any) -> None:
    """Set one parameter, or raise `UsageError`."""
    try:
        known = scip.getParam(name)
    except KeyError:
        raise bad_option("scip", name, names=scip.getParams()) from None
    try:
        scip.setParam(name, type(known)(value) if isinstance(known, str) else value)
    except Exception:
        raise bad_option("scip", name, value, known=True) from None


def _state(scip: Any, program: Program) -> list[Any]:
    """Write the program into SCIP; return its variables in the program's order."""
    variables = [
        scip.addVar(lb=_finite(low), ub=_finite(up), vtype="I" if whole else "C")
        for low, up, whole in zip(program.lower.tolist(), program.upper.tolist(), program.integer.tolist(), strict=True)
    ]
    matrix = program.matrix
    ends = matrix.indptr.tolist()
    columns, data = matrix.indices.tolist(), matrix.data.tolist()
    for i, (low, up) in enumerate(zip(program.row_lower.tolist(), program.row_upper.tolist(), strict=True)):
        terms = range(ends[i], ends[i + 1])
        body = _sum([data[k] * variables[columns[k]] for k in terms])
        body += _sum([q * variables[a] * variables[b] for a, b, q in program.quadratic.get(i, ())])
        if low == up:
            scip.addCons(body == low)
        elif math.isfinite(low) or math.isfinite(up):
            _add_sides(scip, body, low, up)
    _set_objective(scip, program, variables)
    return variables


def _add_sides(scip: Any, body: Any, low: float, up: float) -> None:
    if math.isfinite(low) and math.isfinite(up):
        scip.addCons((low <= body) <= up)
    elif math.isfinite(low):
        scip.addCons(body >= low)
    else:
        scip.addCons(body <= up)


def _set_objective(scip: Any, program: Program, variables: list[Any]) -> None:
    """Minimize the linear part plus a variable above the quadratic part: SCIP's objective is linear."""
    cost = program.cost.tolist()
    goal = _sum([cost[j] * variables[j] for j in np.flatnonzero(program.cost).tolist()])
    if program.hessian.nnz:
        curve = scip.addVar(lb=None, ub=None, vtype="C")
        half = program.hessian.tocoo()
        entries = zip(half.row.tolist(), half.col.tolist(), half.data.tolist(), strict=True)
        scip.addCons(_sum([0.5 * p * variables[i] * variables[j] for i, j, p in entries]) <= curve)
        goal += curve
    scip.setObjective(goal + program.offset, "minimize")


def _sum(terms: list[Any]) -> Any:
    import pyscipopt

    return pyscipopt.quicksum(terms)


def _finite(bound: float) -> float | None:
    return bound if math.isfinite(bound) else None


def _outcome(scip: Any, variables: list[Any], chosen: Options) -> Outcome:
    """Read status, incumbent and bound. SCIP's duals of a presolved problem are not offered."""
    stopped = _STOPPED.get(scip.getStatus(), "error")
    bound = None
    with contextlib.suppress(Exception):
        found = scip.getDualbound()
        bound = found if abs(found) < scip.infinity() else None
    if stopped in NO_POINT or not scip.getNSols():
        message = "" if stopped != "error" else f"SCIP ended with {scip.getStatus()}"
        return Outcome(stopped, "noSolution", bound=bound, options=chosen, message=message)
    best = scip.getBestSol()
    point = np.array([scip.getSolVal(best, variable) for variable in variables])
    return Outcome(stopped, "optimal" if stopped == SOLVED else "feasible", point, bound=bound, options=chosen)


run = through_arrays("scip", TAKES, solve)

SOLVER = Solver(
    name="scip",
    title="SCIP: branch and cut, also for quadratic problems",
    takes=TAKES,
    repair="pip install pyscipopt",
    version=version,
    run=run,
    settings=SETTINGS,
    limits=LIMITS,
)
