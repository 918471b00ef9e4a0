"""Solvers that read .nl files through Pyomo's new interface: ipopt as an executable, and pounce."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.common.errors import InfeasibleConstraintException
from pyomo.core.expr.numvalue import value
from pyomo.repn.plugins.nl_writer import NLWriter

from bigopt.concepts.deadline import Deadline
from bigopt.solvers.arrays import fill_unused
from bigopt.solvers.executables import Contained
from bigopt.solvers.program import one_objective
from bigopt.solvers.row import NO_POINT, SOLVED, Options, Run, bad_option
from bigopt.solvers.silence import silenced

SCALE = "obj_scaling_factor"
VALUE = re.compile(r"out of range|failed to set|value expected|invalid value", re.IGNORECASE)  # an option that there is
LARGEST_SCALE = 1e8  # of the objective


def run_nl(
    name: str,
    solver: Any,
    model: Any,
    options: Options,
    time_limit: float | None,
    tee: bool,
    names: Collection[str] = (),
) -> Run:
    """Run a solver of Pyomo's new interface that reads .nl files; `names` are options that there are."""
    start = time.perf_counter()
    for variable in model.component_data_objects(pyo.Var, active=True):
        low, up = variable.bounds
        if low is not None and up is not None and low > up:
            return Run("provenInfeasible", message=f"the bounds of {variable.name} cross")
    known = {} if SCALE in options else {SCALE: objective_scale(model)}
    chosen = {**known, **options}
    words = {key: ("yes" if v else "no") if isinstance(v, bool) else v for key, v in chosen.items()}
    fill_unused(model)  # the interfaces evaluate the objective themselves, with variables that the .nl file leaves out
    solver.config.writer_config.linear_presolve = False  # else rows that it removes have no multiplier
    with Contained(str(solver.config.executable.path()), Deadline(time_limit)) as contained:
        solver.config.executable = contained.command
        try:
            results = solver.solve(
                model,
                load_solutions=False,
                raise_exception_on_nonoptimal_result=False,
                time_limit=time_limit,
                solver_options=words,
                tee=tee,
            )
        except Exception:  # Pyomo raises what it likes where the executable is killed
            if not contained.killed:
                raise
    if contained.killed:
        return Run("maxTimeLimit", options=words, seconds=time.perf_counter() - start)
    refuse_unknown_option(name, options, str(results.solver_log or ""), names)
    stopped, holds = results.termination_condition.name, results.solution_status.name
    if stopped == "emptyModel":
        return constant(model)
    if holds in ("noSolution", "infeasible") or stopped in NO_POINT:
        message = f"{name} failed; use --tee to see its log" if stopped == "error" else ""
        return Run(stopped, "noSolution", None, None, words, time.perf_counter() - start, message)
    loader = results.solution_loader
    loader.load_vars()
    fill_unused(model)
    _fill(model, "dual", loader.get_duals)
    _fill(model, "rc", loader.get_reduced_costs)
    return Run(stopped, holds, objective(model), None, words, time.perf_counter() - start)


def refuse_unknown_option(name: str, options: Options, log: str, names: Collection[str] = ()) -> None:
    """Raise for an option that the solver's log calls unknown or invalid; `names` are options that there are."""
    for line in log.splitlines():
        if re.search(r"unknown|invalid|not a valid|unrecogni[sz]ed|not found|no match|out of range", line, re.I):
            for option, chosen in options.items():
                if re.search(rf"(?<![\w]){re.escape(option)}(?![\w])", line):
                    raise bad_option(name, option, chosen, known=bool(VALUE.search(line)), names=names)


def _fill(model: Any, name: str, read: Any) -> None:
    """Fill a suffix that the model declares."""
    suffix = model.component(name)
    if isinstance(suffix, pyo.Suffix) and suffix.import_enabled():
        suffix.clear()
        suffix.update(read())


def objective(model: Any) -> float:
    """Return the objective at the point that is loaded, 0 where the model has none."""
    goal = one_objective(model)
    return 0.0 if goal is None else float(value(goal))


def constant(model: Any) -> Run:
    """Return the run of a model without free variables."""
    fill_unused(model)
    return Run(SOLVED, "optimal", objective(model))


def write_nl(model: Any, folder: Path) -> tuple[Path, Any]:
    """Write the .nl file: without labels (comments stop the import) and with every column kept."""
    path = folder / "model.nl"
    with path.open("w") as file:
        info = NLWriter().write(
            model, file, linear_presolve=False, symbolic_solver_labels=False, scale_model=False, column_order=None
        )
    return path, info


def import_nl(path: Path, tee: bool = False) -> Any:
    """Import an .nl file into CasADi."""
    import casadi

    problem = casadi.NlpBuilder()
    with silenced(not tee):
        problem.import_nl(str(path))
    return problem


def objective_scale(model: Any) -> float:
    """Return the objective's factor for an executable: 1 where CasADi is missing or cannot import the model."""
    try:
        import casadi  # noqa: F401
    except ImportError:
        return 1.0
    with tempfile.TemporaryDirectory(prefix="bigopt-") as folder:
        try:
            return scale_of(import_nl(write_nl(model, Path(folder))[0]))
        except (RuntimeError, InfeasibleConstraintException):
            return 1.0


def scale_of(problem: Any) -> float:
    """Return a factor for objectives whose gradient is small almost everywhere.

    Ipopt's tolerance is absolute. With weights 1/n at n = 1e5 every player's gradient is about 1e-5 and it "succeeds"
    far from the optimum; its own scaling only scales down. The median of the gradient's sizes becomes 1.
    """
    import casadi

    if problem.f.numel() != 1:  # no objective
        return 1.0
    x = casadi.vertcat(*problem.x)
    gradient = casadi.Function("gradient", [x], [casadi.gradient(problem.f, x)])
    sizes = np.abs(np.array(gradient(problem.x_init)).ravel())
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    if not sizes.size:
        return 1.0
    return float(np.clip(1 / np.median(sizes), 1.0, LARGEST_SCALE))
