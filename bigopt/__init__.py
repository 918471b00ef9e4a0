"""bigopt: equilibria of AI-alignment games, stated as Pyomo models, solved with open solvers, and proved."""

from bigopt.action_sets import Ball, Box, Hull, Polytope, Simplex
from bigopt.errors import (
    BigoptError,
    InstanceError,
    LimitReached,
    SolverNotFound,
    UnsupportedProblem,
    UsageError,
    VerificationError,
)
from bigopt.influencers import Influencers
from bigopt.instance import load, save
from bigopt.market.game import Market
from bigopt.persuasion import Persuasion
from bigopt.solution import Certificate, Check, Solution
from bigopt.solve import build, solve, version_of
from bigopt.subsets import Subsets

__all__ = [
    "Ball",
    "BigoptError",
    "Box",
    "Certificate",
    "Check",
    "Hull",
    "Influencers",
    "Persuasion",
    "InstanceError",
    "LimitReached",
    "Market",
    "Solution",
    "Polytope",
    "Simplex",
    "SolverNotFound",
    "Subsets",
    "UnsupportedProblem",
    "UsageError",
    "VerificationError",
    "__version__",
    "build",
    "load",
    "save",
    "solve",
]

__version__ = version_of("exact")
