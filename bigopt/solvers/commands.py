"""Solvers that are driven by Pyomo's own interfaces: ipopt and pounce (.nl files), cbc and glpk (.lp files)."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import sysconfig
import time
from functools import cache, partial
from typing import Any

import pyomo.environ as pyo
from pyomo.contrib.solver.solvers.ipopt import Ipopt
from pyomo.core.expr.numvalue import value

from bigopt.solvers import ipopt
from bigopt.solvers.arrays import fill_unused, refuse_integers
from bigopt.solvers.program import compile_program, one_objective
from bigopt.solvers.row import NO_POINT, SOLVED, Options, Run, bad_option, cannot_take

POUNCE_TAKES = frozenset({"LP", "QP", "QCP", "NLP"})
LINEAR_TAKES = frozenset({"LP", "MILP"})
_POUNCE_TIGHT = {"tol": 1e-10}
POUNCE_SETTINGS = {"default": _POUNCE_TIGHT, "high-accuracy": {"tol": 1e-12}}
_CBC_TIGHT = {"primalT": 1e-9, "dualT": 1e-9, "ratio": 0.0, "allow": 1e-9, "randomSeed": 1}
CBC_SETTINGS = {"default": _CBC_TIGHT, "high-accuracy": {**_CBC_TIGHT, "allow": 0.0, "integerT": 1e-9}}
CBC_LIMITS = {"time": "sec", "gap": "ratio", "tolerance": "primalT", "threads": "threads"}
GLPK_SETTINGS: dict[str, Options] = {"default": {"mipgap": 0.0}, "high-accuracy": {"mipgap": 0.0, "xcheck": None}}
GLPK_LIMITS = {"time": "tmlim", "gap": "mipgap", "tolerance": "", "threads": ""}
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


def locate(name: str) -> str | None:
    """Return the path of an executable on PATH or beside this Python, where wheels put theirs."""
    return shutil.which(name) or shutil.which(name, path=sysconfig.get_path("scripts"))


def executable_version(name: str, *arguments: str) -> str | None:
    """Return the version that an executable prints, None where there is no executable."""
    path = locate(name)
    return None if path is None else _printed_version(path, arguments)


@cache
def _printed_version(path: str, arguments: tuple[str, ...]) -> str | None:
    try:
        done = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=10, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return None
    text = done.stdout + done.stderr
    found = re.search(r"(?:version:?|solver|ipopt|v)\s*(\d+(?:\.\d+)+)|(git:\w+)", text, re.I)
    return found.group(1) or found.group(2) if found else "unknown version"


ipopt_version = partial(executable_version, "ipopt", "-v")


def run_ipopt(model: Any, options: Options, time_limit: float | None, tee: bool) -> Run:
    """Run the ipopt executable on PATH."""
    refuse_integers("ipopt", model.component_data_objects(pyo.Var, active=True))
    return _run_nl("ipopt", Ipopt(), model, options, time_limit, tee)


def pounce_version() -> str | None:
    """Return the version of pounce, or None."""
    try:
        import pounce
        import pyomo_pounce  # noqa: F401
    except ImportError:
        return None
    return str(getattr(pounce, "__version__", "unknown version"))


def run_pounce(model: Any, options: Options, time_limit: float | None, tee: bool) -> Run:
    """Run POUNCE through its own Pyomo plugin."""
    import pyomo_pounce  # noqa: F401
    from pyomo.contrib.solver.common.factory import SolverFactory

    refuse_integers("pounce", model.component_data_objects(pyo.Var, active=True))
    return _run_nl("pounce", SolverFactory("pounce"), model, options, time_limit, tee)


def _run_nl(name: str, solver: Any, model: Any, options: Options, time_limit: float | None, tee: bool) -> Run:
    """Run a solver of Pyomo's new interface that reads .nl files."""
    start = time.perf_counter()
    for variable in model.component_data_objects(pyo.Var, active=True):
        low, up = variable.bounds
        if low is not None and up is not None and low > up:
            return Run("provenInfeasible", message=f"the bounds of {variable.name} cross")
    chosen = {"obj_scaling_factor": ipopt.objective_scale(model), **options}
    words = {key: ("yes" if v else "no") if isinstance(v, bool) else v for key, v in chosen.items()}
    fill_unused(model)  # the interfaces evaluate the objective themselves, with variables that the .nl file leaves out
    solver.config.writer_config.linear_presolve = False  # else rows that it removes have no multiplier
    results = solver.solve(
        model,
        load_solutions=False,
        raise_exception_on_nonoptimal_result=False,
        time_limit=time_limit,
        solver_options=words,
        tee=tee,
    )
    _refuse_unknown_option(name, options, str(results.solver_log or ""))
    stopped, holds = results.termination_condition.name, results.solution_status.name
    if stopped == "emptyModel":
        return _constant(model)
    if holds in ("noSolution", "infeasible") or stopped in NO_POINT:
        message = f"{name} failed; use --tee to see its log" if stopped == "error" else ""
        return Run(stopped, "noSolution", None, None, words, time.perf_counter() - start, message)
    loader = results.solution_loader
    loader.load_vars()
    fill_unused(model)
    _fill(model, "dual", loader.get_duals)
    _fill(model, "rc", loader.get_reduced_costs)
    return Run(stopped, holds, _objective(model), None, words, time.perf_counter() - start)


def _refuse_unknown_option(name: str, options: Options, log: str) -> None:
    """Raise for an option that the solver's log calls unknown or invalid."""
    for line in log.splitlines():
        if re.search(r"unknown|invalid|not a valid|unrecogni[sz]ed|not found|no match|out of range", line, re.I):
            for option, chosen in options.items():
                if re.search(rf"(?<![\w]){re.escape(option)}(?![\w])", line):
                    raise bad_option(name, option, chosen, known="out of range" in line.lower())


def _fill(model: Any, name: str, read: Any) -> None:
    """Fill a suffix that the model declares."""
    suffix = model.component(name)
    if isinstance(suffix, pyo.Suffix) and suffix.import_enabled():
        suffix.clear()
        suffix.update(read())


def _objective(model: Any) -> float:
    goal = one_objective(model)
    return 0.0 if goal is None else float(value(goal))


def _constant(model: Any) -> Run:
    """Return the run of a model without free variables."""
    fill_unused(model)
    return Run(SOLVED, "optimal", _objective(model))


def run_linear(name: str, model: Any, options: Options, time_limit: float | None, tee: bool) -> Run:
    """Run cbc or glpsol on a linear model."""
    start = time.perf_counter()
    program = compile_program(model)  # classifies, and finds rows without variables
    if program.problem_class not in LINEAR_TAKES:
        raise cannot_take(name, program.problem_class, "scip, highs, ipopt")
    if program.contradiction:
        return Run("provenInfeasible", message=program.contradiction)
    if not program.variables:
        return _constant(model)
    chosen = dict(options)
    limit = time_limit if time_limit is None or name == "cbc" else max(1, math.ceil(time_limit))  # glpk: whole seconds
    solver = pyo.SolverFactory(name, executable=locate("glpsol" if name == "glpk" else name))
    try:
        results = solver.solve(model, load_solutions=False, options=chosen, timelimit=limit, tee=tee)
    except Exception as error:  # Pyomo raises where the executable refuses its command line
        _refuse_unknown_option(name, options, f"{error}\n{getattr(solver, '_log', '')}")
        raise
    _refuse_unknown_option(name, options, str(getattr(solver, "_log", "")))
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
    return Run(stopped, holds, _objective(model), bound, chosen, time.perf_counter() - start)


def _legacy_bound(results: Any, sense: int) -> float | None:
    bound = results.problem.lower_bound if sense == 1 else results.problem.upper_bound
    return float(bound) if isinstance(bound, (int, float)) and math.isfinite(bound) else None
