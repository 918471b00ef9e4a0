"""The instances that a command is given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bigopt.cli import standard_input
from bigopt.concepts.deadline import Deadline
from bigopt.engine import arguments as engine_arguments
from bigopt.engine.choose import load_solvers
from bigopt.files import ahead, instance
from bigopt.files import library as stored
from bigopt.files.text import refuse_slow

Found = TypeVar("Found")


def path(text: str) -> Path:
    """Return the path of an instance: a file, a stored one's name, or - for standard input."""
    return standard_input.path() if text == standard_input.SIGN else stored.instance_path(text)


def game(text: str) -> Any:
    """Return the game of an instance."""
    return instance.load(path(text))


def within(
    text: str,
    seconds: float | None,
    read: Callable[[Path], Found],
    concept: str | None = None,
    solver: str = "",
) -> tuple[Found, Deadline]:
    """Read an instance under a time limit; return what is left of it too.

    The limit starts once the wing is imported, and where a solver is named ("auto" too) what will solve.
    """
    engine_arguments.check(time_limit=seconds)
    file = path(text)
    refuse_slow(file, seconds)
    kind = ahead.prepare(file)
    if kind is not None and solver:
        load_solvers(kind, concept, solver)
    deadline = Deadline(seconds)
    with deadline.interrupting("reading the instance"):
        return read(file), deadline
