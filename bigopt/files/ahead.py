"""What is imported before a clock starts: the wing of the game that stands in a file."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from bigopt.concepts.concept import Kind
from bigopt.errors import UsageError
from bigopt.files.generate import known
from bigopt.games import kinds

START = 1 << 16  # bytes of a file that are looked at


def prepare(path: str | Path) -> Kind | None:
    """Import the wing of a file's kind, as far as its start tells, and return its row: no time limit counts that."""
    with contextlib.suppress(OSError, ValueError, UsageError):  # whatever is wrong with it is said where it is read
        if Path(path).is_file():
            with Path(path).open("rb") as stream:
                start = stream.read(START)
            if Path(path).suffix == ".toml":
                _prepare_family(start)
                return None
            found = re.search(rb'"kind"\s*:\s*"(\w+)"', start)
            if found is not None:
                return kinds.find(found.group(1).decode())
    return None


def _prepare_family(start: bytes) -> None:
    """Import the wing of a recipe's family."""
    found = re.search(rb'^family\s*=\s*"([\w-]+)"', start, re.M)
    if found is not None:
        known(found.group(1).decode())
