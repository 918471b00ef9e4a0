"""Cbc: branch and cut, as an executable."""

from __future__ import annotations

from functools import partial

from bigopt.solvers.executables import executable_version
from bigopt.solvers.lp_files import TAKES, run_linear
from bigopt.solvers.row import Solver

NAMES = (  # of `cbc -?`, in full: Cbc takes their beginnings too, as the first six
    "primalT", "dualT", "ratio", "allow", "integerT", "sec", "allowableGap", "autoScale", "bothScaling",
    "cliqueCuts", "combineSolutions", "costStrategy", "crash", "crossover", "cutDepth", "cutLength", "cutoff",
    "cutsOnOff", "depthMiniBab", "diveSolve", "dualBound", "dualPivot", "dualSimplex", "dualTolerance", "dualize",
    "factorization", "feasibilityPump", "flowCoverCuts", "gomoryCuts", "greedyHeuristic", "heuristicsOnOff",
    "idiotCrash", "increment", "integerTolerance", "knapsackCuts", "lagomoryCuts", "latwomirCuts",
    "liftAndProjectCuts", "maxIterations", "maxNodes", "maxSolutions", "mixedIntegerRoundingCuts", "nodeStrategy",
    "objectiveScale", "passCuts", "passPresolve", "perturbation", "preprocess", "presolve", "primalPivot",
    "primalSimplex", "primalTolerance", "primalWeight", "probingCuts", "proximitySearch", "randomCbcSeed",
    "randomSeed", "ratioGap", "Rens", "Rins", "roundingHeuristic", "scaling", "seconds", "strategy",
    "strongBranching", "threads", "trustPseudoCosts", "twoMirCuts", "zeroHalfCuts",
)  # fmt: skip
REFUSALS = (  # lines of its log: Cbc goes on without what it refuses
    r"Illegal parameter value (?P<value>\S+)",
    r"(?P<value>\S+) was provided for (?P<name>\w+) - valid range is",
    r"Possible options for (?P<name>\w+) are:",
)
_TIGHT = {"primalT": 1e-9, "dualT": 1e-9, "ratio": 0.0, "allow": 1e-9, "randomSeed": 1}

SOLVER = Solver(
    name="cbc",
    title="Cbc: branch and cut",
    takes=TAKES,
    repair="pip install cbcbox",
    version=partial(executable_version, "cbc", "-quit"),
    run=partial(run_linear, "cbc", names=NAMES, refusals=REFUSALS),
    settings={"default": _TIGHT, "high-accuracy": {**_TIGHT, "allow": 0.0, "integerT": 1e-9}},
    limits={"time": "sec", "gap": "ratio", "tolerance": "primalT", "threads": "threads"},
)
