"""The process's edge: standard output is bigopt's own text, and nothing else reaches it.

Solvers write to descriptor 1 behind Python's back, Pyomo logs, a user's model prints. While a command runs, the
descriptor and `sys.stdout` lead to standard error, and `say` and `output` to what standard output was.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import TextIO

from bigopt.errors import Expired, UsageError

BROKEN_PIPE = 128 + signal.SIGPIPE if hasattr(signal, "SIGPIPE") else 1  # what a shell reports of a closed pipe
INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM


class Terminated(BaseException):
    """SIGTERM came; no handler of `SystemExit` on the way takes it for a user's own."""


class Interrupted(BaseException):
    """Ctrl-C came, and nobody has said so yet."""


_kept: list[TextIO | None] = []  # standard output as it was, the innermost command's last


def output() -> TextIO:
    """Return the stream for bigopt's own text.

    Raises
    ------
    UsageError
        Standard output is closed.
    """
    stream = _kept[-1] if _kept else sys.stdout
    if stream is None:
        raise UsageError("standard output: closed: open it, or write to a file with -o")
    return stream


def say(text: object, end: str = "\n") -> None:
    """Print bigopt's own text, at once."""
    print(text, end=end, file=output(), flush=True)


@contextlib.contextmanager
def own_output() -> Iterator[None]:
    """Keep standard output for `say` and `output`; whatever else is printed goes to standard error."""
    before = sys.stdout
    if before is not None:
        before.flush()
    _open_standard_streams()
    keeper = os.dup(1)
    os.dup2(2, 1)
    ours = _own_stream(before, keeper)
    _kept.append(ours)
    try:
        with open(os.devnull, "w") as nowhere:
            sys.stdout = sys.stderr or nowhere
            yield
    finally:
        sys.stdout = before
        _kept.pop()
        os.dup2(keeper, 1)
        if ours is None or ours is before:
            os.close(keeper)
        else:
            _close(ours)


@contextlib.contextmanager
def unheard() -> Iterator[None]:
    """Say nothing of a time limit that strikes in a destructor, where Python forgets it: it strikes again."""
    before = sys.unraisablehook

    def tell(what: sys.UnraisableHookArgs) -> None:
        if not isinstance(what.exc_value, Expired):
            before(what)

    sys.unraisablehook = tell
    try:
        yield
    finally:
        sys.unraisablehook = before


@contextlib.contextmanager
def ended_by_signal() -> Iterator[list[int]]:
    """Let SIGTERM end a command as Ctrl-C does, so that what it started ends with it; yield the signals that came."""
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield came
        return

    def end(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a second one ends at once
        came.append(number)
        raise Terminated

    signal.signal(signal.SIGTERM, end)
    try:
        yield came
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def forget_output() -> None:
    """Send what is left of standard output nowhere: its reader is gone, or its disk is full."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _own_stream(before: TextIO | None, keeper: int) -> TextIO | None:
    """Return the stream to standard output: a new one on `keeper`, unless Python's leads elsewhere already."""
    try:
        if before is None or before.fileno() != 1:
            return before
    except (OSError, ValueError):  # a stream in memory, as a test's
        return before
    # what the terminal cannot print is shown as its escape
    return open(keeper, "w", encoding=before.encoding, errors="backslashreplace")


def _open_standard_streams() -> None:
    """Open the standard descriptors that are closed: else the next file gets their number, and a log goes into it."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number


def _close(stream: TextIO) -> None:
    """Close a stream; what could not be written was reported where it was printed."""
    with contextlib.suppress(OSError, ValueError):
        stream.close()
