"""bigopt: equilibria of AI-alignment games, stated as Pyomo models, solved with open solvers, and proved."""

from bigopt.action_sets import Ball, Box, Hull, Polytope, Simplex
from bigopt.concepts.solution import Certificate, Check, Solution
from bigopt.engine.solve import build, solve, version_of
from bigopt.errors import (
    BigoptError,
    InstanceError,
    LimitReached,
    SolverNotFound,
    UnsupportedProblem,
    UsageError,
    VerificationError,
)
from bigopt.files.instance import load, save
from bigopt.games.conversation import Conversation
from bigopt.games.influencers import Influencers
from bigopt.games.market.game import Market
from bigopt.games.persuasion import Persuasion
from bigopt.games.subsets import Subsets

__all__ = [
    "Ball",
    "BigoptError",
    "Box",
    "Certificate",
    "Check",
    "Conversation",
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
