"""GLPK: simplex, branch and bound, as an executable."""

from __future__ import annotations

from functools import partial

from bigopt.solvers.executables import executable_version
from bigopt.solvers.keywords import looked_at
from bigopt.solvers.lp_files import TAKES, run_linear
from bigopt.solvers.row import Options, Solver

FLAGS = (  # of glpsol --help, without those that choose another input or output
    "adv", "amd", "bestb", "bestp", "bfs", "bib", "binarize", "btf", "cbg", "cgr", "clique", "cover", "cuts", "dfs",
    "drtom", "dual", "exact", "first", "flip", "fpump", "ft", "gomory", "interior", "intopt", "last", "luf", "mir",
    "mostf", "nointopt", "nomip", "nopresol", "nord", "norelax", "noscale", "nosteep", "pcost", "presol", "primal",
    "qmd", "relax", "scale", "simplex", "std", "steep", "symamd", "xcheck",
)  # fmt: skip
KINDS = {**dict.fromkeys(FLAGS, bool), "mipgap": float, "tmlim": int, "memlim": int, "seed": int, "proxy": int}


def written(options: Options) -> Options:
    """Return options as glpsol takes them: a flag is there without a value (None), or not there."""
    there = {name: True if name in FLAGS and value is None else value for name, value in options.items()}
    read = looked_at("glpk", there, KINDS, ("seed",))
    return {name: None if value is True else value for name, value in read.items() if value is not False}


SOLVER = Solver(
    name="glpk",
    title="GLPK: simplex, branch and bound",
    takes=TAKES,
    repair="apt-get install glpk-utils",
    version=partial(executable_version, "glpsol", "--version"),
    run=partial(run_linear, "glpk", written=written),
    settings={"default": {"mipgap": 0.0}, "high-accuracy": {"mipgap": 0.0, "xcheck": None}},
    limits={"time": "tmlim", "gap": "mipgap", "tolerance": "", "threads": ""},
)
