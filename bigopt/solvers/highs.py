"""HiGHS: LP, MILP and convex QP, through `highspy` from arrays (measured in `benchmarks/solvers.py`)."""

from __future__ import annotations

import math
from functools import partial
from importlib import metadata
from typing import Any

import numpy as np
from scipy import sparse

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.highs import STOPPED
from bigopt.errors import SolverBroken, UsageError
from bigopt.solvers.arrays import Outcome, through_arrays
from bigopt.solvers.equilibrate import GAP, gap_of, solve_scaled
from bigopt.solvers.program import Program
from bigopt.solvers.row import NO_POINT, SOLVED, Options, Solver, bad_option, public

TAKES = frozenset({"LP", "MILP", "QP"})
MATCHED = "highspy[extras]>=1.15,<1.16"  # the pair that setup.cfg names
SMALL = 1e-9  # HiGHS treats smaller coefficients as zero
FEASIBLE = 2  # kSolutionStatusFeasible
# The default QP method, `qpasm`, stops short or claims a wrong point where the Hessian has low rank.
QP_METHODS = ("hipo", "qpasm")
QPASM_STEPS = 100_000  # it stalls for ever otherwise
QPASM_LARGEST = 2_000  # variables: what it can end in seconds
QPASM = {"solver": "qpasm"}
HIPO_ALONE = ("hipo_system", "ipm_iteration_limit")  # options of no use to qpasm
HIPO_STEPS = 500  # on a segment with far targets it goes round for ever, at the optimum; the largest games take 60
OPTIMALITY = "ipm_optimality_tolerance"
REACHABLE = 1e-9  # where HiPO stops short of 1e-12, on segments, for want of digits
UNFINISHED = ("unknown", "iterationLimit")
# Left to choose, HiPO takes the normal equations for a separable Hessian and stops without progress where the potential
# has few players or the actions must add up; the augmented system solves these, and the others as well.

_COMMON = {"threads": 1, "parallel": "off", "random_seed": 0, "small_matrix_value": 1e-12}
_TIGHT = {
    **_COMMON,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    "ipm_optimality_tolerance": 1e-12,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-9,
    "mip_feasibility_tolerance": 1e-7,
}
_TIGHTEST = {
    **_TIGHT,
    "primal_feasibility_tolerance": 1e-10,
    "dual_feasibility_tolerance": 1e-10,
    "mip_abs_gap": 0.0,
    "mip_feasibility_tolerance": 1e-9,
}
SETTINGS = {
    "default": _TIGHT,
    "high-accuracy": _TIGHTEST,
    "simplex": {**_TIGHT, "solver": "simplex"},
    "ipm": {**_TIGHT, "solver": "ipx"},
    "pdlp": {**_TIGHT, "solver": "pdlp"},
    "hipo": {**_TIGHT, "solver": "hipo"},
}
LIMITS = {
    "time": "time_limit",
    "gap": "mip_rel_gap",
    "tolerance": "primal_feasibility_tolerance",
    "threads": "threads",
}
_STOPPED = STOPPED | {
    "kSolutionLimit": "iterationLimit",
    "kObjectiveBound": "objectiveLimit",
    "kObjectiveTarget": "objectiveLimit",
    "kHighsInterrupt": "interrupted",
    "kUnknown": "unknown",
}


def version() -> str | None:
    """Return highspy's HiGHS version, or None."""
    try:
        import highspy
    except ModuleNotFoundError:
        return None
    return str(highspy.Highs().version())


def lacks(problem_class: str) -> str:
    """Say where HiPO is missing, the method for QP: it comes in a package of its own, which must be of one version."""
    import highspy

    if problem_class != "QP":
        return ""
    found = highspy.Highs().setOptionValue("solver", "hipo") == highspy.HighsStatus.kOk
    return "" if found else _no_hipo()


def _no_hipo() -> str:
    parts = []
    for name in ("highspy", "highspy-extras"):
        try:
            parts.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            parts.append(f"no {name}")
    return f"has no HiPO, its method for QP ({' with '.join(parts)}); run: pip install '{MATCHED}'"


def solve(program: Program, options: Options, time_limit: float | None, tee: bool) -> Outcome:
    """Solve a program; for QP with HiPO unless the options name another method."""
    import highspy

    chosen = _choose(program, options)
    deadline = Deadline(time_limit)

    def once(program: Program, options: Options = chosen) -> Outcome:
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", tee)
        limit = {} if deadline.remaining is None else {"time_limit": deadline.remaining}
        for name, value in (dict(options) | limit).items():
            set_option(highs, name, value)
        return _run(highs, program, dict(options) | limit)

    if program.problem_class != "QP" or chosen["solver"] == "qpasm":  # qpasm is there to be judged as it is shipped
        return once(program)
    outcome = solve_scaled(program, once, lambda: not deadline.expired)
    if outcome.stopped in UNFINISHED and not deadline.expired and chosen.get(OPTIMALITY, 0.0) < REACHABLE:
        looser = dict(chosen) | {OPTIMALITY: REACHABLE}
        second = solve_scaled(program, partial(once, options=looser), lambda: not deadline.expired)
        outcome = second if second.stopped == SOLVED else outcome
    if outcome.stopped in UNFINISHED and not deadline.expired and len(program.cost) <= QPASM_LARGEST:
        # A set of one point leaves HiPO no interior: `unknown`, at the optimum.
        other = _choose(program, {name: given for name, given in chosen.items() if name not in HIPO_ALONE} | QPASM)
        second = solve_scaled(program, partial(once, options=other), lambda: not deadline.expired)
        outcome = second if second.stopped == SOLVED and gap_of(program, second) <= GAP else outcome
    return outcome


def _run(highs: Any, program: Program, chosen: Options) -> Outcome:
    import highspy

    scale = _pass(highs, program)
    if highs.run() == highspy.HighsStatus.kError:
        highspy.Highs.resetGlobalScheduler(True)  # another HiGHS in this process may hold more threads
        highs.run()
    return _outcome(highs, program, scale, chosen)


def _choose(program: Program, options: Options) -> dict[str, Any]:
    """Return the options with the method that the class of problem needs."""
    chosen = dict(options)
    if program.problem_class == "QP":
        chosen.setdefault("solver", "hipo")
        if chosen["solver"] not in QP_METHODS:
            raise UsageError(f"option solver={chosen['solver']}: for a QP highs has {' and '.join(QP_METHODS)}")
        if chosen["solver"] == "qpasm":
            chosen.setdefault("qp_iteration_limit", QPASM_STEPS)
        else:
            chosen.setdefault("hipo_system", "augmented")
            chosen.setdefault("ipm_iteration_limit", HIPO_STEPS)
    return chosen


def set_option(highs: Any, name: str, value: Any) -> None:
    """Set one option and believe the return code, not the hope.

    Raises
    ------
    UsageError
        HiGHS has no such option or refuses the value.
    SolverBroken
        The method HiPO is not in this build.
    """
    import highspy

    status, kind = highs.getOptionType(name)
    if status != highspy.HighsStatus.kOk:
        raise bad_option("highs", name, names=public(highspy.HighsOptions()))
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    if kind == highspy.HighsOptionType.kString and isinstance(value, bool):
        text = "on" if value else "off"
    if highs.setOptionValue(name, text) != highspy.HighsStatus.kOk:
        if name == "solver" and text == "hipo":
            raise SolverBroken(f"solver highs: {_no_hipo()}")
        raise bad_option("highs", name, value, known=True)


def _pass(highs: Any, program: Program) -> Floats:
    """Hand the arrays over; return the factor of each row."""
    import highspy

    scale = row_scale(program.matrix)
    matrix = sparse.csr_array(sparse.diags_array(scale) @ program.matrix)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.cost), len(scale)
    lp.col_cost_, lp.offset_ = program.cost, program.offset
    lp.col_lower_, lp.col_upper_ = program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = scale * program.row_lower, scale * program.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    if program.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(whole)] for whole in program.integer]
    highs.passModel(lp)
    if program.hessian.nnz:
        lower = sparse.csc_array(sparse.tril(program.hessian))
        lower.sort_indices()
        form = highspy.HessianFormat.kTriangular
        highs.passHessian(lp.num_col_, lower.nnz, int(form), lower.indptr, lower.indices, lower.data)
    return scale


def row_scale(matrix: sparse.csr_array) -> Floats:
    """Return powers of two that bring every row's least coefficient above what HiGHS drops.

    Rows of ordinary size keep the factor 1. A row whose coefficients spread over more than 15 digits cannot be saved.
    """
    scale = np.ones(matrix.shape[0])
    filled = np.flatnonzero(np.diff(matrix.indptr))
    least = np.minimum.reduceat(np.abs(matrix.data), matrix.indptr[filled]) if filled.size else np.empty(0)
    largest = np.maximum.reduceat(np.abs(matrix.data), matrix.indptr[filled]) if filled.size else np.empty(0)
    small = least < 100 * SMALL
    wanted = np.maximum(1 / largest[small], 100 * SMALL / least[small])
    scale[filled[small]] = 2.0 ** np.ceil(np.log2(np.minimum(wanted, 1e12 / largest[small])))
    return scale


def _outcome(highs: Any, program: Program, scale: Floats, chosen: Options) -> Outcome:
    """Read status, point, duals and bound."""
    status = highs.getModelStatus().name
    stopped = _STOPPED.get(status, "error")
    solution, info = highs.getSolution(), highs.getInfo()
    valid = solution.value_valid and stopped not in NO_POINT
    if not valid:
        convex = "; a QP must be convex" if program.hessian.nnz else ""
        message = "" if stopped in _STOPPED.values() else f"HiGHS ended with {status}{convex}"
        return Outcome(stopped, "noSolution", options=chosen, message=message)
    point = np.array(solution.col_value)
    mixed = bool(program.integer.any())
    duals = scale * np.array(solution.row_dual) if solution.dual_valid and not mixed else None
    reduced = np.array(solution.col_dual) if duals is not None else None
    feasible = info.primal_solution_status == FEASIBLE
    holds = "optimal" if stopped == SOLVED else "feasible" if feasible else "unknown"
    if mixed and holds == "unknown":
        return Outcome(stopped, "noSolution", bound=_mip_bound(info), options=chosen)
    bound = _mip_bound(info) if mixed else None if duals is None else program.dual_bound(point, duals)
    return Outcome(stopped, holds, point, duals, reduced, bound, chosen)


def _mip_bound(info: Any) -> float | None:
    return float(info.mip_dual_bound) if math.isfinite(info.mip_dual_bound) else None


run = through_arrays("highs", TAKES, solve)

SOLVER = Solver(
    name="highs",
    title="HiGHS: simplex, interior point, branch and cut; HiPO for QP",
    takes=TAKES,
    repair=f"pip install '{MATCHED}'",
    version=version,
    run=run,
    settings=SETTINGS,
    limits=LIMITS,
    lacks=lacks,
)
