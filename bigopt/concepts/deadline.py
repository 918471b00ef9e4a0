"""One wall clock for everything that is done to one instance."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from bigopt.errors import LimitReached


class Deadline:
    """A wall-clock limit shared by building, solving and verifying.

    Parameters
    ----------
    seconds : float or None
        The limit from now on; None is no limit.
    """

    def __init__(self, seconds: float | None = None) -> None:
        """Start the clock."""
        self.seconds = seconds
        self._end = math.inf if seconds is None else time.monotonic() + seconds

    @property
    def remaining(self) -> float | None:
        """Seconds left (never below 0), or None without a limit."""
        return None if math.isinf(self._end) else max(0.0, self._end - time.monotonic())

    @property
    def expired(self) -> bool:
        """Whether the limit has passed."""
        return time.monotonic() >= self._end

    def check(self, doing: str) -> None:
        """Raise `LimitReached` if the limit has passed while `doing` something."""
        if self.expired:
            raise LimitReached(self._message(doing))

    def pieces(self, count: int, doing: str, size: int = 256) -> Iterator[slice]:
        """Yield slices of `size` that cover `count` rows; `check` the clock before each."""
        for start in range(0, count, size):
            self.check(doing)
            yield slice(start, min(start + size, count))

    @contextmanager
    def interrupting(self, doing: str) -> Iterator[None]:
        """Raise `LimitReached` the moment the limit passes, in code that does not look at the clock.

        What that code was making is lost half-made. Needs alarms (not on Windows) and the main thread; elsewhere the
        limit is checked at the end only.
        """
        alarms = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        if self.remaining is None or not alarms:
            yield
        else:
            self.check(doing)

            def stop(number: int, frame: FrameType | None) -> None:
                raise LimitReached(self._message(doing))

            before = signal.signal(signal.SIGALRM, stop)
            signal.setitimer(signal.ITIMER_REAL, max(self.remaining, 1e-3))
            try:
                yield
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0.0)
                signal.signal(signal.SIGALRM, before)
        self.check(doing)

    def _message(self, doing: str) -> str:
        return f"time limit of {self.seconds:g} s reached while {doing}: raise --time-limit"
