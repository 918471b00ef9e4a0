"""The instances that a command is given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bigopt.cli import standard_input
from bigopt.concepts.deadline import Deadline
from bigopt.engine import arguments as engine_arguments
from bigopt.files import instance
from bigopt.files import library as stored

Found = TypeVar("Found")


def path(text: str) -> Path:
    """Return the path of an instance: a file, a stored one's name, or - for standard input."""
    return standard_input.path() if text == standard_input.SIGN else stored.instance_path(text)


def game(text: str) -> Any:
    """Return the game of an instance."""
    return instance.load(path(text))


def within(text: str, seconds: float | None, read: Callable[[Path], Found]) -> tuple[Found, Deadline]:
    """Read an instance under a time limit, which starts once its wing is imported; return what is left of it too."""
    engine_arguments.check(time_limit=seconds)
    file = path(text)
    instance.prepare(file)
    deadline = Deadline(seconds)
    with deadline.interrupting("reading the instance"):
        return read(file), deadline
