"""The table of solvers, and the one way to run any of them on a Pyomo model."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bigopt.concepts.table import Table
from bigopt.errors import BigoptError, SolverBroken, SolverNotFound, UnsupportedProblem, UsageError
from bigopt.places import load
from bigopt.solvers.row import Adapter, Options, Run, Solver, parse
from bigopt.solvers.silence import logged, unlogged

__all__ = ["SOLVERS", "Adapter", "Options", "Run", "Solver", "adopt", "capable", "find", "run"]


_ADOPTED: set[str] = set()  # names that came with a user's own files

SOLVERS: Table[Solver] = Table(
    "bigopt.solvers",
    exact="bigopt.solvers.ours:SOLVER",
    highs="bigopt.solvers.highs:SOLVER",
    scip="bigopt.solvers.scip:SOLVER",
    ipopt="bigopt.solvers.ipopt:SOLVER",
    pounce="bigopt.solvers.pounce:SOLVER",
    clarabel="bigopt.solvers.clarabel:SOLVER",
    piqp="bigopt.solvers.piqp:SOLVER",
    osqp="bigopt.solvers.osqp:SOLVER",
    scs="bigopt.solvers.scs:SOLVER",
    daqp="bigopt.solvers.daqp:SOLVER",
    ortools="bigopt.solvers.ortools:SOLVER",
    uno="bigopt.solvers.uno:SOLVER",
    copt="bigopt.solvers.copt:SOLVER",
    cbc="bigopt.solvers.cbc:SOLVER",
    glpk="bigopt.solvers.glpk:SOLVER",
)


def adopt(path: Path) -> str:
    """Add a user's own adapter, a Python file that ends in ``SOLVER = Solver(...)``; return the solver's name.

    Raises
    ------
    UsageError
        No such file, it fails on import, has no row SOLVER, or takes the name of another solver.
    """
    row = getattr(load(path), "SOLVER", None)
    if not isinstance(row, Solver):
        raise UsageError(f"{path}: SOLVER is a {type(row).__name__}, expected a bigopt.solvers.Solver")
    if row.name in SOLVERS and row.name not in _ADOPTED:
        raise UsageError(f"{path}: solver {row.name[:40]!r} is there already: give yours another name")
    SOLVERS[row.name] = row
    _ADOPTED.add(row.name)
    return row.name


def version_of(name: str) -> str:
    """Return the version of a solver, "" where unknown."""
    row = SOLVERS.get(name)
    return (row.version() or "") if row is not None else ""


def capable(problem_class: str) -> list[Solver]:
    """Return the solvers that take this class of problem, installed or not, in the order of the table."""
    return [row for row in SOLVERS.values() if problem_class in row.takes]


def find(name: str, problem_class: str) -> Solver:
    """Return the row of a solver that can take this class of problem here and now.

    Raises
    ------
    UsageError
        There is no such solver.
    UnsupportedProblem
        It does not take this class; the message names those that do.
    SolverNotFound
        It is not installed; the message is the command that installs it.
    """
    if name not in SOLVERS:
        close = get_close_matches(name, SOLVERS, 1)
        meant = f", did you mean {close[0]}?" if close else f"; use one of {', '.join(SOLVERS)}"
        raise UsageError(f"solver {name[:40]!r}: unknown{meant}")
    row = SOLVERS[name]
    if problem_class not in row.takes:
        able = ", ".join(other.name for other in capable(problem_class)) or "none (see `bigopt list solvers`)"
        raise UnsupportedProblem(f"solver {name}: does not take {problem_class} problems; use one of {able}")
    if row.version() is None:
        raise SolverNotFound(f"solver {name}: not installed; run: {row.repair}")
    if fault := row.fault():
        raise SolverBroken(f"solver {name}: {fault}")
    return row


def run(
    name: str,
    model: Any,
    problem_class: str,
    *,
    time_limit: float | None = None,
    options: Mapping[str, Any] = {},
    settings: str = "default",
    tee: bool = False,
) -> Run:
    """Solve a Pyomo model and load the point into it.

    Parameters
    ----------
    name : str
        A name in `SOLVERS` other than `exact`.
    model : pyo.ConcreteModel
        Its suffixes `dual` and `rc`, where declared, receive d objective / d side of the constraints and bounds.
    problem_class : str
        LP, QP, QCP, MILP, MIQP or NLP.
    time_limit : float or None
        Seconds of wall clock, translation included.
    options : mapping
        The solver's own options, values or texts; they win over `settings`.
    settings : str
        A key of the row's `settings`.
    tee : bool
        Show the solver's log on standard error.

    Returns
    -------
    Run
        What the solver said; a failure inside the solver is ``stopped="error"`` with a message.

    Raises
    ------
    UsageError, UnsupportedProblem, SolverNotFound
        As in `find`; also an option or a settings name that the solver does not have.
    """
    row = find(name, problem_class)
    if row.run is None:
        raise UnsupportedProblem(f"solver {name}: takes no Pyomo model; use one of {_names(problem_class)}")
    if settings not in row.settings:
        raise UsageError(f"settings {settings[:40]!r}: {name} has {', '.join(row.settings)}")
    chosen = {**row.settings[settings], **{key: parse(value) for key, value in options.items()}}
    start = time.perf_counter()
    try:
        with unlogged(not tee), logged(tee):
            done = row.run(model, chosen, time_limit, tee)
    except BigoptError:
        raise
    except Exception as error:  # an adapter meets whatever Pyomo or a solver throws; the user gets one line
        text = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        return Run("error", options=chosen, seconds=time.perf_counter() - start, message=text)
    clock = row.limits.get("time")  # what was left of the time limit differs from run to run
    return replace(done, options={key: done.options[key] for key in done.options if key != clock or key in chosen})


def _names(problem_class: str) -> str:
    return ", ".join(row.name for row in capable(problem_class) if row.run is not None) or "none"
