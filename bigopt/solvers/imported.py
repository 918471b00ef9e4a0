"""Solvers that take a model through CasADi: written as .nl, imported with exact derivatives, solved in this process."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.common.errors import InfeasibleConstraintException

from bigopt.concepts.deadline import Deadline
from bigopt.concepts.process_wide import uncollected
from bigopt.errors import UnsupportedProblem
from bigopt.solvers.arrays import Outcome, fill_unused, load_suffix, refuse_integers
from bigopt.solvers.limited import within
from bigopt.solvers.nl_files import constant, import_nl, objective, write_nl
from bigopt.solvers.program import one_objective
from bigopt.solvers.row import Adapter, Options, Run

Solve = Callable[[Any, Options, Deadline, bool], Outcome]  # an imported problem, always a minimization
_NOT_IMPORTED = {
    "o35": ("Expr_if", "a smooth expression, or binaries for scip"),
    "o47": ("atanh", "log((1 + x)/(1 - x))/2"),
    "o50": ("asinh", "log(x + sqrt(x**2 + 1))"),
    "o52": ("acosh", "log(x + sqrt(x**2 - 1))"),
}


def through_casadi(name: str, solve: Solve) -> Adapter:
    """Return the adapter that imports a model, calls `solve` within the time limit and loads its outcome."""

    def run(model: Any, options: Options, time_limit: float | None, tee: bool) -> Run:
        start, deadline = time.perf_counter(), Deadline(time_limit)
        goal = one_objective(model)
        sense = -1 if goal is not None and goal.sense == pyo.maximize else 1
        with tempfile.TemporaryDirectory(prefix="bigopt-") as folder:
            try:
                path, info = write_nl(model, Path(folder))
            except InfeasibleConstraintException as error:
                return Run("provenInfeasible", message=str(error).splitlines()[0])
            refuse_integers(name, info.variables)
            _refuse_functions(name, path)
            if not info.variables:
                return constant(model)
            limit = None if deadline.remaining is None else deadline.remaining + deadline.grace / 2
            # The solver keeps its own limit; what CasADi derives before it starts has none.
            with uncollected():  # the model's expressions are many, and importing leaves no cycles
                found = within(limit, lambda: _solved(path, solve, options, deadline, tee))
        if found is None:
            return Run("maxTimeLimit", options=options, seconds=time.perf_counter() - start)
        if found.point is None or not np.isfinite(found.point).all():
            seconds = time.perf_counter() - start
            return Run(found.stopped, "noSolution", None, None, found.options, seconds, found.message)
        _load(model, info, found, sense)
        reached = objective(model) if found.objective is None else sense * found.objective
        return Run(found.stopped, found.holds, reached, None, found.options, time.perf_counter() - start)

    return run


def _solved(path: Path, solve: Solve, options: Options, deadline: Deadline, tee: bool) -> Outcome:
    """Import an .nl file and solve it, unless bounds cross."""
    problem = import_nl(path, tee)
    if np.any(np.array(problem.x_lb) > np.array(problem.x_ub)):
        return Outcome("provenInfeasible", "noSolution", message="the bounds of a variable cross")
    return solve(problem, options, deadline, tee)


def _refuse_functions(name: str, path: Path) -> None:
    """Refuse the operators that CasADi's import of .nl does not know, by their AMPL codes."""
    met = re.search(rf"^({'|'.join(_NOT_IMPORTED)})\s*$", path.read_text(), re.MULTILINE)
    if met:
        function, instead = _NOT_IMPORTED[met[1]]
        raise UnsupportedProblem(f"{name}: the model holds {function}, which cannot be imported; write {instead}")


def _load(model: Any, info: Any, found: Outcome, sense: int) -> None:
    assert found.point is not None
    for variable, number in zip(info.variables, found.point.tolist(), strict=True):
        variable.set_value(number, skip_validation=True)
    fill_unused(model)
    load_suffix(model, "dual", info.constraints, found.duals, sense)
    load_suffix(model, "rc", info.variables, found.reduced, sense)


def pieces(problem: Any) -> tuple[Any, Any, Any]:
    """Return an imported problem's variables, objective (0 where it has none) and rows, each one column."""
    import casadi

    goal = problem.f if problem.f.numel() == 1 else casadi.MX(0)
    return casadi.vertcat(*problem.x), goal, casadi.vertcat(*problem.g)
