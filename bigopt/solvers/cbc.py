"""Cbc: branch and cut, as an executable."""

from __future__ import annotations

from functools import partial

from bigopt.solvers.executables import executable_version
from bigopt.solvers.lp_files import TAKES, run_linear
from bigopt.solvers.row import Solver

_TIGHT = {"primalT": 1e-9, "dualT": 1e-9, "ratio": 0.0, "allow": 1e-9, "randomSeed": 1}

SOLVER = Solver(
    name="cbc",
    title="Cbc: branch and cut",
    takes=TAKES,
    repair="pip install cbcbox",
    version=partial(executable_version, "cbc", "-quit"),
    run=partial(run_linear, "cbc"),
    settings={"default": _TIGHT, "high-accuracy": {**_TIGHT, "allow": 0.0, "integerT": 1e-9}},
    limits={"time": "sec", "gap": "ratio", "tolerance": "primalT", "threads": "threads"},
)
