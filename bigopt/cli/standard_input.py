"""Standard input as an instance: kept in a file, so that whatever takes an instance's path takes it too."""

from __future__ import annotations

import atexit
import re
import shutil
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from bigopt.errors import UsageError
from bigopt.files.text import LARGEST_FILE

SIGN = "-"
NAME = "standard-input"  # of a game whose text names none
RECIPE = re.compile(rb"^\s*family\s*=", re.MULTILINE)


def path() -> Path:
    """Return a file with what stands on standard input, JSON or a recipe; it is read once.

    Raises
    ------
    UsageError
        Standard input is closed.
    """
    if sys.stdin is None:
        raise UsageError("standard input: closed: give an instance file")
    return _kept(sys.stdin)


def named(text: str) -> str:
    """Return a message that says `standard input` where it named our copy of it."""
    return re.sub(rf"\S*/bigopt-[^/\s]+/{NAME}\.(json|toml)", "standard input", text)


@lru_cache(maxsize=1)
def _kept(stream: TextIO) -> Path:
    """Copy a stream into a folder that is removed when the process ends."""
    try:
        data = stream.buffer.read(LARGEST_FILE + 1)  # a larger one is refused as a larger file is
    except (OSError, ValueError) as error:
        raise UsageError(f"standard input: {error}: give an instance file") from None
    folder = Path(tempfile.mkdtemp(prefix="bigopt-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    recipe = not data.lstrip().startswith(b"{") and RECIPE.search(data)
    file = folder / f"{NAME}{'.toml' if recipe else '.json'}"
    file.write_bytes(data)
    return file
