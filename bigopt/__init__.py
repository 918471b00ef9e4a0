"""bigopt: equilibria of AI-alignment games, stated as Pyomo models, solved with open solvers, and proved.

Names are imported when they are first asked for, so that ``import bigopt`` costs little.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bigopt.action_sets import Ball, Box, Hull, Polytope, Simplex
    from bigopt.alice.bob import Bob
    from bigopt.compare.sweep import sweep
    from bigopt.concepts.solution import Certificate, Check, Solution
    from bigopt.engine.check import check_solution as check
    from bigopt.engine.plot import plot_game as plot
    from bigopt.engine.solve import build, solve
    from bigopt.errors import (
        BigoptError,
        InstanceError,
        LimitReached,
        SolverFailed,
        SolverNotFound,
        UnsupportedProblem,
        UsageError,
        VerificationError,
    )
    from bigopt.files.importing import read_table
    from bigopt.files.instance import load, read, save
    from bigopt.games.conversation.game import Conversation
    from bigopt.games.influencers.game import Influencers
    from bigopt.games.market.game import Market
    from bigopt.games.mechanism.game import Mechanism
    from bigopt.games.persuasion.game import Persuasion
    from bigopt.games.preferences.game import Preferences
    from bigopt.games.subsets.game import Subsets
    from bigopt.version import VERSION as __version__

PLACES = {
    **dict.fromkeys(("Ball", "Box", "Hull", "Polytope", "Simplex"), "bigopt.action_sets"),
    **dict.fromkeys(("Certificate", "Check", "Solution"), "bigopt.concepts.solution"),
    **dict.fromkeys(("build", "solve"), "bigopt.engine.solve"),
    **dict.fromkeys(
        (
            "BigoptError",
            "InstanceError",
            "LimitReached",
            "SolverFailed",
            "SolverNotFound",
            "UnsupportedProblem",
            "UsageError",
            "VerificationError",
        ),
        "bigopt.errors",
    ),
    **dict.fromkeys(("load", "read", "save"), "bigopt.files.instance"),
    "Conversation": "bigopt.games.conversation.game",
    "Influencers": "bigopt.games.influencers.game",
    "Market": "bigopt.games.market.game",
    "Mechanism": "bigopt.games.mechanism.game",
    "Bob": "bigopt.alice.bob",
    "Persuasion": "bigopt.games.persuasion.game",
    "read_table": "bigopt.files.importing",
    "Preferences": "bigopt.games.preferences.game",
    "Subsets": "bigopt.games.subsets.game",
    "sweep": "bigopt.compare.sweep",
}
RENAMED = {
    "__version__": "bigopt.version:VERSION",
    "check": "bigopt.engine.check:check_solution",
    "plot": "bigopt.engine.plot:plot_game",
}

__all__ = [
    "Ball",
    "BigoptError",
    "Bob",
    "Box",
    "Certificate",
    "Check",
    "Conversation",
    "Hull",
    "Influencers",
    "InstanceError",
    "LimitReached",
    "Market",
    "Mechanism",
    "Persuasion",
    "Polytope",
    "Preferences",
    "Simplex",
    "Solution",
    "SolverFailed",
    "SolverNotFound",
    "Subsets",
    "UnsupportedProblem",
    "UsageError",
    "VerificationError",
    "__version__",
    "build",
    "check",
    "load",
    "plot",
    "read",
    "read_table",
    "save",
    "solve",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """Import a public name, or a room of the package, when it is first asked for."""
    module, _, attribute = RENAMED.get(name, f"{PLACES[name]}:{name}" if name in PLACES else "").partition(":")
    if module:
        value = globals()[name] = getattr(import_module(module), attribute)
        return value
    try:
        return import_module(f"bigopt.{name}") if not name.startswith("_") else _unknown(name)
    except ModuleNotFoundError as error:
        if error.name != f"bigopt.{name}":
            raise
        return _unknown(name)


def _unknown(name: str) -> Any:
    raise AttributeError(f"module 'bigopt' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
