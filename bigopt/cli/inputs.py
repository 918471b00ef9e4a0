"""The instances that a command is given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bigopt.concepts.deadline import Deadline
from bigopt.engine import arguments as engine_arguments
from bigopt.files import instance
from bigopt.files import library as stored

Found = TypeVar("Found")


def game(text: str) -> Any:
    """Return the game of a file or a stored instance."""
    return instance.load(stored.instance_path(text))


def within(text: str, seconds: float | None, read: Callable[[Path], Found]) -> tuple[Found, Deadline]:
    """Read an instance under a time limit, which starts once its wing is imported; return what is left of it too."""
    engine_arguments.check(time_limit=seconds)
    path = stored.instance_path(text)
    instance.prepare(path)
    deadline = Deadline(seconds)
    with deadline.interrupting("reading the instance"):
        return read(path), deadline
