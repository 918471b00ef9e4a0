"""Solvers of linear models that read .lp files through Pyomo's legacy interface: cbc and glpk."""

from __future__ import annotations

import math
import re
import subprocess
import time
from collections.abc import Callable, Collection
from typing import Any

import pyomo.environ as pyo

from bigopt.concepts.deadline import Deadline
from bigopt.solvers.arrays import fill_unused
from bigopt.solvers.executables import Contained, locate
from bigopt.solvers.nl_files import constant, objective, refuse_unknown_option
from bigopt.solvers.program import compile_program
from bigopt.solvers.row import SOLVED, Options, Run, bad_option, cannot_take

TAKES = frozenset({"LP", "MILP"})
_LEGACY = {
    "optimal": SOLVED,
    "locallyOptimal": SOLVED,
    "globallyOptimal": SOLVED,
    "infeasible": "provenInfeasible",
    "unbounded": "unbounded",
    "infeasibleOrUnbounded": "infeasibleOrUnbounded",
    "maxTimeLimit": "maxTimeLimit",
    "maxIterations": "iterationLimit",
    "maxEvaluations": "iterationLimit",
    "userInterrupt": "interrupted",
    "minStepLength": "minStepLength",
    "feasible": "iterationLimit",
    "other": "unknown",
    "unknown": "unknown",
}


def run_linear(
    name: str,
    model: Any,
    options: Options,
    time_limit: float | None,
    tee: bool,
    *,
    written: Callable[[Options], Options] = dict,
    names: Collection[str] = (),
    refusals: Collection[str] = (),
) -> Run:
    """Run cbc or glpsol on a linear model.

    `written` looks at the options and returns them as the command line takes them; `names` are options that there are;
    `refusals` are patterns of the log that tell a `name` or a `value` that was refused.
    """
    start = time.perf_counter()
    program = compile_program(model)  # classifies, and finds rows without variables
    if program.problem_class not in TAKES:
        raise cannot_take(name, program.problem_class, "scip, highs, ipopt")
    if program.contradiction:
        return Run("provenInfeasible", message=program.contradiction)
    if not program.variables:
        return constant(model)
    chosen = dict(written(options))
    limit = time_limit if time_limit is None or name == "cbc" else max(1, math.ceil(time_limit))  # glpk: whole seconds
    path = locate("glpsol" if name == "glpk" else name)
    assert path is not None  # its version was asked
    with Contained(path, Deadline(time_limit)) as contained:
        solver = pyo.SolverFactory(name, executable=contained.command)
        try:
            results = solver.solve(model, load_solutions=False, options=chosen, timelimit=limit, tee=tee)
        except Exception as error:  # Pyomo raises where the executable is killed or refuses its command line
            if contained.killed or isinstance(error, subprocess.TimeoutExpired):  # Pyomo has a clock of its own
                return Run("maxTimeLimit", options=chosen, seconds=time.perf_counter() - start)
            refuse_unknown_option(name, options, f"{error}\n{getattr(solver, '_log', '')}", names)
            raise
    log = str(getattr(solver, "_log", ""))
    refuse_unknown_option(name, options, log, names)
    _refuse_values(name, options, log, refusals)
    stopped = _LEGACY.get(str(results.solver.termination_condition), "error")
    if stopped == "iterationLimit" and time_limit is not None and time.perf_counter() - start >= time_limit:
        stopped = "maxTimeLimit"  # glpk only says that its point is feasible
    bound = _legacy_bound(results, program.sense)
    if stopped not in (SOLVED, "maxTimeLimit", "iterationLimit", "unknown") or not len(results.solution):
        message = str(results.solver.message or "") if stopped == "error" else ""
        return Run(stopped, "noSolution", None, bound, chosen, time.perf_counter() - start, message)
    model.solutions.load_from(results)
    for variable, whole in zip(program.variables, program.integer.tolist(), strict=True):
        if whole and variable.value is not None:
            variable.set_value(round(variable.value), skip_validation=True)
    fill_unused(model)
    holds = "optimal" if stopped == SOLVED else "feasible"
    return Run(stopped, holds, objective(model), bound, chosen, time.perf_counter() - start)


def _refuse_values(solver: str, options: Options, log: str, refusals: Collection[str]) -> None:
    """Raise for the option whose value the log calls refused."""
    for found in filter(None, (re.search(pattern, log) for pattern in refusals)):
        told = found.groupdict()
        for name, value in options.items():
            full = str(told.get("name", name)).lower()
            if full.startswith(name.lower()) and _same(value, told.get("value", value)):
                raise bad_option(solver, name, value, known=True)


def _same(given: Any, told: Any) -> bool:
    """Whether the log's value is the one that was given, as -1 for -1.0."""
    try:
        return float(given) == float(told)
    except ValueError:
        return str(given) == str(told)


def _legacy_bound(results: Any, sense: int) -> float | None:
    bound = results.problem.lower_bound if sense == 1 else results.problem.upper_bound
    return float(bound) if isinstance(bound, (int, float)) and math.isfinite(bound) else None
