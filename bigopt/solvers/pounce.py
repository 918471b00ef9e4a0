"""POUNCE: an Ipopt in Rust, through its own Pyomo plugin."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from bigopt.solvers import ipopt
from bigopt.solvers.arrays import refuse_integers
from bigopt.solvers.nl_files import run_nl
from bigopt.solvers.row import Options, Run, Solver

TAKES = frozenset({"LP", "QP", "QCP", "NLP"})
SETTINGS = {"default": {"tol": 1e-10}, "high-accuracy": {"tol": 1e-12}}


def version() -> str | None:
    """Return the version of pounce, or None."""
    try:
        import pounce
        import pyomo_pounce  # noqa: F401
    except ModuleNotFoundError:
        return None
    return str(getattr(pounce, "__version__", "unknown version"))


def run(model: Any, options: Options, time_limit: float | None, tee: bool) -> Run:
    """Run POUNCE through its own Pyomo plugin."""
    import pyomo_pounce  # noqa: F401
    from pyomo.contrib.solver.common.factory import SolverFactory

    refuse_integers("pounce", model.component_data_objects(pyo.Var, active=True))
    return run_nl("pounce", SolverFactory("pounce"), model, options, time_limit, tee, ipopt.COMMON)


SOLVER = Solver(
    name="pounce",
    title="POUNCE: an Ipopt in Rust, young: for cross-checks",
    takes=TAKES,
    repair="pip install pyomo-pounce==0.13.0",
    version=version,
    run=run,
    settings=SETTINGS,
    limits=ipopt.LIMITS,
)
