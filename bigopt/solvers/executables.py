"""Executables on PATH, or beside this Python, where wheels put theirs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from functools import cache


def locate(name: str) -> str | None:
    """Return the path of an executable on PATH or beside this Python, where wheels put theirs."""
    return shutil.which(name) or shutil.which(name, path=sysconfig.get_path("scripts"))


def executable_version(name: str, *arguments: str) -> str | None:
    """Return the version that an executable prints, None where there is no executable."""
    path = locate(name)
    return None if path is None else _printed_version(path, arguments)


@cache
def _printed_version(path: str, arguments: tuple[str, ...]) -> str | None:
    try:
        done = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=10, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return None
    text = done.stdout + done.stderr
    found = re.search(r"(?:version:?|solver|ipopt|v)\s*(\d+(?:\.\d+)+)|(git:\w+)", text, re.I)
    return found.group(1) or found.group(2) if found else "unknown version"
