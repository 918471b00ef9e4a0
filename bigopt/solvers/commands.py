"""Solvers that are executables, driven by Pyomo's own interfaces: ipopt."""

from __future__ import annotations

import time
from typing import Any

import pyomo.environ as pyo
from pyomo.contrib.solver.solvers.ipopt import Ipopt

from bigopt.solvers.arrays import fill_unused
from bigopt.solvers.row import Options, Run, bad_option


def ipopt_version() -> str | None:
    """Return the version of the executable on PATH."""
    found = Ipopt().version()
    return None if found is None else ".".join(str(part) for part in found)


def run_ipopt(model: Any, options: Options, time_limit: float | None, tee: bool) -> Run:
    """Run the ipopt executable on PATH."""
    start = time.perf_counter()
    words = {name: ("yes" if v else "no") if isinstance(v, bool) else v for name, v in options.items()}
    results = Ipopt().solve(
        model,
        load_solutions=False,
        raise_exception_on_nonoptimal_result=False,
        time_limit=time_limit,
        solver_options=words,
        tee=tee,
    )
    log = results.solver_log or ""
    for name in options:
        if "is not a valid option" in log and f'"{name}"' in log:
            raise bad_option("ipopt", name)
    stopped, holds = results.termination_condition.name, results.solution_status.name
    if holds in ("noSolution", "infeasible"):
        return Run(stopped, "noSolution", None, None, words, time.perf_counter() - start)
    results.solution_loader.load_vars()
    fill_unused(model)
    for name, read in (
        ("dual", results.solution_loader.get_duals),
        ("rc", results.solution_loader.get_reduced_costs),
    ):
        suffix = model.component(name)
        if isinstance(suffix, pyo.Suffix) and suffix.import_enabled():
            suffix.clear()
            suffix.update(read())
    return Run(stopped, holds, results.incumbent_objective, None, words, time.perf_counter() - start)
