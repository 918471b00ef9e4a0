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
from bigopt.solve import build, solve, version_of

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
    "__version__",
    "build",
    "load",
    "save",
    "solve",
]

__version__ = version_of("exact")
