"""A time limit for compiled code that has none of its own: it runs in a copy of this process, which can be killed."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
PIECE = 1 << 20


def die_with_parent() -> None:
    """Ask the kernel (Linux) to kill this process when its parent dies: a parent that is killed leaves no orphans."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # 1 is PR_SET_PDEATHSIG


def within(seconds: float | None, work: Callable[[], T]) -> T | None:
    """Return what `work()` returns, None where it does not within the time.

    Without a limit, and where processes cannot be copied safely (not on Linux), it runs here and to its end.

    Raises
    ------
    RuntimeError
        The copy died, as of a crash in compiled code.
    """
    if seconds is None or sys.platform != "linux":
        return work()
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the copy calls compiled code and nothing else
        pid = os.fork()
    if not pid:
        die_with_parent()
        _answer(writer, work)
    os.close(writer)
    try:
        data = _read(reader, time.monotonic() + seconds)
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    if data is None:
        return None
    if not data:
        raise RuntimeError("the solver's process died")
    done, found = pickle.loads(data)  # our own copy wrote it
    if not done:
        raise found
    result: T = found
    return result


def _answer(writer: int, work: Callable[[], Any]) -> None:
    """Write what the work returns or raises, and leave without the ends of the process that this is a copy of."""
    try:
        try:
            answer = (True, work())
        except Exception as error:
            answer = (False, error)
        with os.fdopen(writer, "wb") as stream:
            pickle.dump(answer, stream)
    finally:
        os._exit(0)


def _read(reader: int, end: float) -> bytes | None:
    """Read all that comes until the writer closes, None at the time `end`."""
    pieces: list[bytes] = []
    while True:
        ready, _, _ = select.select([reader], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            return None
        piece = os.read(reader, PIECE)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
