"""DAQP: dual active sets for small dense convex QP, exact to rounding."""

from __future__ import annotations

import importlib.metadata
import inspect
from collections.abc import Callable

import numpy as np

from bigopt.concepts.deadline import Deadline
from bigopt.errors import UnsupportedProblem
from bigopt.solvers.arrays import Outcome, stopped_outside, through_arrays
from bigopt.solvers.equilibrate import equilibrate, solve_scaled, unscaled
from bigopt.solvers.keywords import looked_at
from bigopt.solvers.prices import priced
from bigopt.solvers.program import Program
from bigopt.solvers.row import SOLVED, Options, Solver, bad_keyword

TAKES = frozenset({"LP", "QP"})
SETTINGS = {
    "default": {"primal_tol": 1e-10, "iter_limit": 100_000},
    "high-accuracy": {"primal_tol": 1e-12, "iter_limit": 1_000_000},
}
LIMITS = {"time": "time_limit", "gap": "", "tolerance": "primal_tol", "threads": ""}
LARGEST = 2**25  # entries of the dense matrices: 256 MiB
PROXIMAL = 1e-2  # of LPs: with DAQP's own 1e-6, rows that just meet are called infeasible
SIGNED = ("eps_prox", "eta_prox", "fval_bound", "eq_reduction")
EQUALITY = 5  # DAQP's own mark of a row
_STOPPED = {
    1: (SOLVED, "optimal"),
    2: (SOLVED, "optimal"),
    -1: ("provenInfeasible", "noSolution"),
    -3: ("unbounded", "noSolution"),
    -4: ("iterationLimit", "unknown"),
    -7: ("maxTimeLimit", "unknown"),
}


def version() -> str | None:
    """Return DAQP's version, or None."""
    try:
        import daqp  # noqa: F401 - a damaged package is found by importing it
    except ModuleNotFoundError:
        return None
    return importlib.metadata.version("daqp")


def solve(program: Program, options: Options, time_limit: float | None, tee: bool) -> Outcome:
    """Solve with DAQP.

    Raises
    ------
    UnsupportedProblem
        The dense matrices would have too many entries.
    """
    n, entries = len(program.cost), len(program.cost) * (len(program.cost) + len(program.row_lower))
    if entries > LARGEST:
        raise UnsupportedProblem(
            f"daqp: {n} variables and {len(program.row_lower)} rows are {entries} entries of dense matrices, at most"
            f" {LARGEST}: use --solver highs"
        )
    deadline = Deadline(time_limit)
    asked = looked_at("daqp", options, _kinds(), SIGNED)

    def once(p: Program) -> Outcome:
        left = {} if deadline.remaining is None else {"time_limit": max(deadline.remaining, 1e-3)}
        chosen = {**asked, **left}
        return stopped_outside(p, chosen, deadline, lambda: _once(p, chosen))

    found = solve_scaled(program, once, lambda: not deadline.expired)
    return _confirmed(program, once, found, deadline)


def _kinds() -> dict[str, type]:
    """Return the settings of this version's call by the type of their defaults."""
    import daqp

    defaults = {name: given.default for name, given in inspect.signature(daqp.solve).parameters.items()}
    kinds: dict[str, type] = {name: type(v) for name, v in defaults.items() if type(v) in (int, float)}
    return kinds | {"time_limit": float}


def _confirmed(program: Program, once: Callable[[Program], Outcome], found: Outcome, deadline: Deadline) -> Outcome:
    """Return a point of another scaling where the first was called infeasible: rows that just meet look so to DAQP."""
    if found.stopped == "provenInfeasible":
        for scaled in (equilibrate(program, by_bounds=False), unscaled(program)):
            if deadline.expired:
                break
            other = scaled.unscale(once(scaled.program))
            if other.stopped == SOLVED:
                return other
    return found


def _once(p: Program, chosen: Options) -> Outcome:
    """Bounds first, then the rows."""
    import daqp

    n = len(p.cost)
    if not p.hessian.nnz:
        chosen = {"eps_prox": PROXIMAL, **chosen}
    low, up = np.concatenate([p.lower, p.row_lower]), np.concatenate([p.upper, p.row_upper])
    sense = np.where(low == up, EQUALITY, 0).astype(np.int32)
    rows = np.ascontiguousarray(p.matrix.toarray())
    try:
        x, _, flag, more = daqp.solve(p.hessian.toarray(), p.cost.copy(), rows, up, low, sense, **chosen)
    except TypeError as error:
        raise bad_keyword("daqp", chosen, error) from None
    price = -np.asarray(more["lam"], dtype=float)
    stopped, holds = _STOPPED.get(int(flag), ("unknown", "unknown"))
    return priced(p, stopped, holds, np.array(x), np.concatenate([price[n:], price[:n]]), chosen, f"DAQP: exit {flag}")


SOLVER = Solver(
    name="daqp",
    title="DAQP: dual active sets for small dense QP",
    takes=TAKES,
    repair="pip install daqp",
    version=version,
    run=through_arrays("daqp", TAKES, solve),
    settings=SETTINGS,
    limits=LIMITS,
)
