"""Executables on PATH, or beside this Python, where wheels put theirs."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sysconfig
import tempfile
import threading
import uuid
from functools import cache
from pathlib import Path
from typing import Self

from bigopt.concepts.deadline import Deadline

PROCESSES = Path("/proc")
PATIENCE = 10.0  # seconds for an executable to say its version


def locate(name: str) -> str | None:
    """Return the path of an executable on PATH or beside this Python, where wheels put theirs."""
    return shutil.which(name) or shutil.which(name, path=sysconfig.get_path("scripts"))


def executable_version(name: str, *arguments: str) -> str | None:
    """Return the version that an executable prints, None where there is no executable."""
    path = locate(name)
    return None if path is None else _printed_version(path, arguments)


class Contained:
    """A command that runs an executable, and whatever that starts, no longer than it may.

    Wheels put scripts beside Python that start the solver: killed at a limit, a script leaves its child running. The
    command marks the environment of all that comes of it (where the system shows it, as Linux does).

    Parameters
    ----------
    path : str
    deadline : Deadline
        All of it is killed a little later than this, where the solver did not keep its own limit.
    """

    def __init__(self, path: str, deadline: Deadline) -> None:
        """Prepare; nothing runs yet."""
        self._path, self._deadline = path, deadline
        self._marker = f"BIGOPT_RUN={uuid.uuid4().hex}"
        self._folder = tempfile.TemporaryDirectory(prefix="bigopt-")
        self.killed = False

    def __enter__(self) -> Self:
        """Write the command and start the clock."""
        command = Path(self._folder.name) / Path(self._path).name  # Pyomo knows executables by their names
        command.write_text(f'#!/bin/sh\n{self._marker} exec {shlex.quote(self._path)} "$@"\n')
        command.chmod(0o700)
        self.command = str(command) if PROCESSES.is_dir() and os.access(command, os.X_OK) else self._path
        left = self._deadline.remaining
        self._clock = None if left is None else threading.Timer(left + self._deadline.grace, self._kill)
        if self._clock is not None:
            self._clock.daemon = True
            self._clock.start()
        return self

    def __exit__(self, *error: object) -> None:
        """End what is left."""
        if self._clock is not None:
            self._clock.cancel()
        _end(self._marker)
        self._folder.cleanup()

    def _kill(self) -> None:
        self.killed = True
        _end(self._marker)


def _end(marker: str) -> None:
    """Kill every process whose environment holds the marker."""
    for folder in PROCESSES.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended, or is not ours
            if marker.encode() in (folder / "environ").read_bytes():
                os.kill(int(folder.name), signal.SIGKILL)


@cache
def _printed_version(path: str, arguments: tuple[str, ...]) -> str | None:
    try:
        text = _said([path, *arguments])
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"(?:version:?|solver|ipopt|v)\s*(\d+(?:\.\d+)+)|(git:\w+)", text, re.I)
    return found.group(1) or found.group(2) if found else "unknown version"


def _said(command: list[str]) -> str:
    """Return what a command prints within its time, and end it with all that it started."""
    own = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace", start_new_session=True,
    )  # fmt: skip
    with own:
        try:
            return own.communicate(timeout=PATIENCE)[0]
        finally:
            with contextlib.suppress(OSError, AttributeError):  # all have ended; a system without groups
                os.killpg(own.pid, signal.SIGKILL)
            own.kill()
