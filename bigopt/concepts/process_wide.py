"""Changes of the whole process that several threads may want at once: the first makes one, the last undoes it."""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager


class ProcessWide:
    """A context manager that several threads may hold, and one thread several times.

    Each of them alone would put back what it found, and the last to leave would find the change of another.

    Parameters
    ----------
    change : callable
        ``change()`` returns the context manager that makes the change and undoes it.
    """

    def __init__(self, change: Callable[[], AbstractContextManager[object]]) -> None:
        """Nothing is changed yet."""
        self._change = change
        self._lock = threading.Lock()
        self._holders = 0
        self._made: AbstractContextManager[object] = contextlib.nullcontext()

    @contextlib.contextmanager
    def __call__(self, active: bool = True) -> Iterator[None]:
        """Hold the change while the block runs; without `active` do nothing."""
        if not active:
            yield
            return
        with self._lock:
            if not self._holders:
                made = self._change()
                made.__enter__()
                self._made = made
            self._holders += 1
        try:
            yield
        finally:
            with self._lock:
                self._holders -= 1
                if not self._holders:
                    self._made.__exit__(None, None, None)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


uncollected = ProcessWide(_uncollected)  # no collection of garbage: where objects only become more it finds nothing
