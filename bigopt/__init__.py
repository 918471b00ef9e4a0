"""bigopt: equilibria of AI-alignment games, stated as Pyomo models, solved with open solvers, and proved."""

from bigopt.errors import (
    BigoptError,
    InstanceError,
    LimitReached,
    SolverNotFound,
    UnsupportedProblem,
    UsageError,
    VerificationError,
)
from bigopt.instance import load, save
from bigopt.solution import Certificate, Check, Solution
from bigopt.solve import build, solve

__all__ = [
    "BigoptError",
    "Certificate",
    "Check",
    "InstanceError",
    "LimitReached",
    "Solution",
    "SolverNotFound",
    "UnsupportedProblem",
    "UsageError",
    "VerificationError",
    "build",
    "load",
    "save",
    "solve",
]
