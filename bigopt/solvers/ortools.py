"""OR-Tools: PDLP (first-order) for LP and QP, GLOP (simplex) for LP, CP-SAT for MILP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import sparse

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.errors import UnsupportedProblem
from bigopt.solvers.apart import apart
from bigopt.solvers.arrays import Outcome, through_arrays
from bigopt.solvers.equilibrate import solve_scaled
from bigopt.solvers.prices import priced
from bigopt.solvers.program import Program
from bigopt.solvers.row import SOLVED, Options, Solver, bad_option, public

TAKES = frozenset({"LP", "QP", "MILP"})
SETTINGS: dict[str, dict[str, object]] = {
    "default": {"algorithm": "auto", "eps_optimal_absolute": 1e-9, "eps_optimal_relative": 1e-9},
    "high-accuracy": {"algorithm": "auto", "eps_optimal_absolute": 1e-11, "eps_optimal_relative": 1e-11},
    "glop": {"algorithm": "glop"},
}
LIMITS = {
    "time": "time_sec_limit",
    "gap": "eps_optimal_relative",
    "tolerance": "eps_optimal_absolute",
    "threads": "num_threads",
}
LARGEST = 2_000  # variables of an objective with products: their matrix is taken apart as a dense one
RANK = 1e-12  # of the Hessian's largest eigenvalue: smaller ones are none
ALGORITHMS = ("auto", "pdlp", "glop", "sat")
TAKEN_BY = {"LP": ("pdlp", "glop"), "QP": ("pdlp",), "MILP": ("sat",)}
_PDLP = {
    "OPTIMAL": (SOLVED, "optimal"),
    "PRIMAL_INFEASIBLE": ("provenInfeasible", "noSolution"),
    "DUAL_INFEASIBLE": ("unbounded", "noSolution"),
    "PRIMAL_OR_DUAL_INFEASIBLE": ("infeasibleOrUnbounded", "noSolution"),
    "TIME_LIMIT": ("maxTimeLimit", "unknown"),
    "ITERATION_LIMIT": ("iterationLimit", "unknown"),
    "NUMERICAL_ERROR": ("unknown", "unknown"),
}
_LINEAR = {  # pywraplp's numbers
    0: (SOLVED, "optimal"),
    1: ("maxTimeLimit", "feasible"),
    2: ("provenInfeasible", "noSolution"),
    3: ("unbounded", "noSolution"),
    6: ("maxTimeLimit", "noSolution"),
}


def version() -> str | None:
    """Return OR-Tools' version, or None."""
    try:
        import ortools
    except ModuleNotFoundError:
        return None
    return str(ortools.__version__)


def solve(program: Program, options: Options, time_limit: float | None, tee: bool) -> Outcome:
    """Solve with the algorithm that was asked for, by default PDLP for LP and QP, CP-SAT for MILP.

    Raises
    ------
    UnsupportedProblem
        The objective has products of too many variables: PDLP takes squares only.
    UsageError
        An option is unknown, or the algorithm does not take such a program.
    """
    able = TAKEN_BY[program.problem_class]
    asked = str(options.get("algorithm", "auto"))
    chosen = able[0] if asked == "auto" else asked
    if chosen not in able:
        raise bad_option("ortools", "algorithm", asked, known=asked in ALGORITHMS)
    if len(program.cost) > LARGEST and (program.hessian - sparse.diags_array(program.hessian.diagonal())).nnz:
        raise UnsupportedProblem(
            f"ortools: PDLP takes squares of variables, and products of {len(program.cost)} variables are too many to"
            f" rewrite as squares, at most {LARGEST}: use --solver highs"
        )
    given = dict(options) | {"algorithm": chosen}
    bare = replace(program, variables=[], constraints=[])
    # OR-Tools brings a HiGHS of its own, which does not load beside another
    found = apart(_here, bare, given, time_limit, tee, seconds=time_limit)
    return found if found is not None else Outcome("maxTimeLimit", "noSolution", options=given)


def _here(program: Program, chosen: Options, time_limit: float | None, tee: bool) -> Outcome:
    """Solve in this process."""
    deadline = Deadline(time_limit)
    run = _pdlp if chosen["algorithm"] == "pdlp" else _linear

    def once(p: Program) -> Outcome:
        return run(p, chosen, deadline.remaining, tee)

    return once(program) if program.integer.any() else solve_scaled(program, once, lambda: not deadline.expired)


def _arrays(p: Program) -> Any:
    """Return the program as PDLP holds it."""
    from ortools.pdlp.python import pdlp

    held = pdlp.QuadraticProgram()
    held.resize_and_initialize(len(p.cost), len(p.row_lower))
    held.objective_vector, held.objective_offset = p.cost, p.offset
    held.constraint_matrix = sparse.csc_matrix(p.matrix)
    held.constraint_lower_bounds, held.constraint_upper_bounds = p.row_lower, p.row_upper
    held.variable_lower_bounds, held.variable_upper_bounds = p.lower, p.upper
    if p.hessian.nnz:
        held.set_objective_matrix_diagonal(p.hessian.diagonal())
    return held


def _pdlp(p: Program, chosen: Options, seconds: float | None, tee: bool) -> Outcome:
    from ortools.pdlp import solve_log_pb2, solvers_pb2
    from ortools.pdlp.python import pdlp

    asked = solvers_pb2.PrimalDualHybridGradientParams()
    _set(asked, {key: value for key, value in chosen.items() if key != "algorithm"})
    asked.verbosity_level = 3 if tee else 0
    if seconds is not None:
        asked.termination_criteria.time_sec_limit = max(seconds, 1e-3)
    found = pdlp.primal_dual_hybrid_gradient(_arrays(_in_squares(p)), asked)
    said = solve_log_pb2.TerminationReason.Name(found.solve_log.termination_reason)
    stopped, holds = _PDLP.get(said.removeprefix("TERMINATION_REASON_"), ("error", "noSolution"))
    m, n = p.matrix.shape
    price = np.concatenate([found.dual_solution[:m], found.reduced_costs[:n]])
    return priced(p, stopped, holds, np.array(found.primal_solution)[:n], price, chosen, f"PDLP: {said}")


def _in_squares(p: Program) -> Program:
    """Return the program with x'Px as the squares of new variables z = R x, P = R'R, where P has products."""
    if not (p.hessian - sparse.diags_array(p.hessian.diagonal())).nnz:
        return p
    sizes, ways = np.linalg.eigh(p.hessian.toarray())
    kept = sizes > RANK * sizes.max()
    root = np.sqrt(sizes[kept])[:, None] * ways[:, kept].T
    free, none = np.full(len(root), np.inf), np.zeros(len(root))
    bottom = sparse.hstack([sparse.csr_array(root), -sparse.eye_array(len(root))])
    top = sparse.hstack([p.matrix, sparse.csr_array((len(p.row_lower), len(root)))])
    return replace(
        p,
        hessian=sparse.diags_array(np.concatenate([np.zeros(len(p.cost)), np.ones(len(root))]), format="csc"),
        cost=np.concatenate([p.cost, none]),
        matrix=sparse.csr_array(sparse.vstack([top, bottom])),
        row_lower=np.concatenate([p.row_lower, none]),
        row_upper=np.concatenate([p.row_upper, none]),
        lower=np.concatenate([p.lower, -free]),
        upper=np.concatenate([p.upper, free]),
    )


def _set(asked: Any, options: Mapping[str, Any]) -> None:
    """Fill PDLP's parameters; tolerances and limits stand in a message of their own."""
    ends = asked.termination_criteria
    for key, value in options.items():
        part = (
            ends.simple_optimality_criteria if key.startswith("eps_optimal") else ends if hasattr(ends, key) else asked
        )
        if not hasattr(part, key):
            raise bad_option("ortools", key, names=[*public(asked), *public(ends)])
        try:
            setattr(part, key, value)
        except (TypeError, ValueError, AttributeError):
            raise bad_option("ortools", key, value, known=True) from None


def _linear(p: Program, chosen: Options, seconds: float | None, tee: bool) -> Outcome:
    """Solve by GLOP, or by CP-SAT where there are integers."""
    from ortools.linear_solver import pywraplp
    from ortools.pdlp.python import pdlp

    stated = pdlp.qp_to_mpmodel_proto(_arrays(p))
    for variable, integer in zip(stated.variable, p.integer.tolist(), strict=True):
        variable.is_integer = integer
    solver = pywraplp.Solver.CreateSolver(str(chosen["algorithm"]).upper())
    solver.LoadModelFromProto(stated)
    if tee:
        solver.EnableOutput()
    if seconds is not None:
        solver.SetTimeLimit(max(1, round(1000 * seconds)))
    status = solver.Solve()
    stopped, holds = _LINEAR.get(status, ("error", "noSolution"))
    point = np.array([variable.solution_value() for variable in solver.variables()])
    if chosen["algorithm"] == "sat":
        bound = None if holds == "noSolution" else float(solver.Objective().BestBound())
        shown = None if holds == "noSolution" else point
        return Outcome(stopped, holds, shown, bound=bound, options=chosen)
    price: Floats = np.zeros(len(p.row_lower) + len(p.cost))
    if holds == "optimal":
        rows = [row.dual_value() for row in solver.constraints()]
        price = np.array(rows + [variable.reduced_cost() for variable in solver.variables()])
    return priced(p, stopped, holds, point, price, chosen, f"GLOP: status {status}")


SOLVER = Solver(
    name="ortools",
    title="OR-Tools: PDLP, GLOP and CP-SAT",
    takes=TAKES,
    repair="pip install ortools",
    version=version,
    run=through_arrays("ortools", TAKES, solve),
    settings=SETTINGS,
    limits=LIMITS,
)
