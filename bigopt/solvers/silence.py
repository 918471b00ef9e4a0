"""Keep the C libraries' own printing off the terminal."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def silenced(active: bool = True) -> Iterator[None]:
    """Send file descriptors 1 and 2 to the null device: no pipe, so nothing can fill up and block."""
    if not active:
        yield
        return
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(1), os.dup(2)]
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 1)
        os.dup2(null, 2)
        yield
    finally:
        for target, copy in zip((1, 2), kept, strict=True):
            os.dup2(copy, target)
            os.close(copy)
        os.close(null)


@contextlib.contextmanager
def unlogged(active: bool = True) -> Iterator[None]:
    """Keep Pyomo's log quiet: what it reports there comes back as a status or an error of ours."""
    logger = logging.getLogger("pyomo")
    level = logger.level
    if active:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)
