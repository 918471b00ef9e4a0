"""Keep the C libraries' own printing off the terminal."""

from __future__ import annotations

import contextlib
import ctypes
import io
import logging
import os
import sys
from collections.abc import Iterator

from bigopt.concepts.process_wide import ProcessWide


@contextlib.contextmanager
def _descriptors_to_nowhere() -> Iterator[None]:
    """Send file descriptors 1 and 2 to the null device: no pipe, so nothing can fill up and block."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):  # full or closed: its owner will hear of it
                stream.flush()
    _flush_c()
    kept = {number: _copy(number) for number in (1, 2)}
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        for number in kept:
            os.dup2(null, number)
        yield
    finally:
        _flush_c()
        for number, copy in kept.items():
            if copy is None:
                os.close(number)
            else:
                os.dup2(copy, number)
                os.close(copy)
        if null not in kept:
            os.close(null)


def _copy(number: int) -> int | None:
    """Return a copy of a descriptor, None where it is closed."""
    try:
        return os.dup(number)
    except OSError:
        return None


@contextlib.contextmanager
def _quiet_log() -> Iterator[None]:
    logger = logging.getLogger("pyomo")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


@contextlib.contextmanager
def _output_to_errors() -> Iterator[None]:
    """Send what compiled code writes to descriptor 1, and Python code to standard output, to standard error."""
    if sys.stdout is not None:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
    kept, errors = _copy(1), _copy(2)
    try:
        if errors is not None:
            os.dup2(errors, 1)
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        _flush_c()
        if kept is not None:
            os.dup2(kept, 1)
            os.close(kept)
        if errors is not None:
            os.close(errors)


def _flush_c() -> None:
    """Write out what C's own buffers hold, which would come later and elsewhere."""
    with contextlib.suppress(OSError, AttributeError, TypeError):  # where there is no C library to load
        ctypes.CDLL(None).fflush(None)


muted = ProcessWide(lambda: contextlib.redirect_stdout(io.StringIO()))  # CasADi prints through Python
logged = ProcessWide(_output_to_errors)  # a solver's log: standard output is the caller's
silenced = ProcessWide(_descriptors_to_nowhere)  # what other threads print meanwhile goes nowhere too
unlogged = ProcessWide(_quiet_log)  # what Pyomo reports in its log comes back as a status or an error of ours
