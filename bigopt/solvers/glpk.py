"""GLPK: simplex, branch and bound, as an executable."""

from __future__ import annotations

from functools import partial

from bigopt.solvers.executables import executable_version
from bigopt.solvers.lp_files import TAKES, run_linear
from bigopt.solvers.row import Solver

SOLVER = Solver(
    name="glpk",
    title="GLPK: simplex, branch and bound",
    takes=TAKES,
    repair="apt-get install glpk-utils",
    version=partial(executable_version, "glpsol", "--version"),
    run=partial(run_linear, "glpk"),
    settings={"default": {"mipgap": 0.0}, "high-accuracy": {"mipgap": 0.0, "xcheck": None}},
    limits={"time": "tmlim", "gap": "mipgap", "tolerance": "", "threads": ""},
)
