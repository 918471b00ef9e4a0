"""The table of solvers; so far our own algorithms alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from bigopt.errors import UnsupportedProblem


@dataclass(frozen=True)
class Solver:
    """A row: name, the classes it takes, settings, and how it comes."""

    name: str
    takes: frozenset[str]
    repair: str = ""
    settings: dict[str, Any] = field(default_factory=dict)

    def version(self) -> str | None:
        """Return the version installed here."""
        return "built in"


SOLVERS = {"exact": Solver("exact", frozenset({"structure"}))}


def find(name: str, problem_class: str) -> Solver:
    """Refuse: there is no adapter yet."""
    raise UnsupportedProblem(f"solver {name}: cannot take {problem_class}: use --solver exact")


def capable(problem_class: str) -> list[Solver]:
    """Return the solvers that take a class."""
    return [solver for solver in SOLVERS.values() if problem_class in solver.takes]


def run(name: str, model: Any, problem_class: str, **options: Any) -> Any:
    """Refuse: there is no adapter yet."""
    find(name, problem_class)
    return SimpleNamespace()
