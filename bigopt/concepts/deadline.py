"""One wall clock for everything that is done to one instance."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bigopt.concepts.interruption import raising_at
from bigopt.errors import Expired, LimitReached

LONGEST = 1e9  # seconds; alarms and solvers don't take every number beyond


class Deadline:
    """A wall-clock limit shared by building, solving and verifying.

    Parameters
    ----------
    seconds : float or None
        The limit from now on; None, and what is longer than thirty years, is no limit.
    """

    def __init__(self, seconds: float | None = None) -> None:
        """Start the clock."""
        self.seconds = seconds
        self._end = math.inf if seconds is None or seconds > LONGEST else time.monotonic() + seconds

    @property
    def remaining(self) -> float | None:
        """Seconds left (never below 0), or None without a limit."""
        return None if math.isinf(self._end) else max(0.0, self._end - time.monotonic())

    @property
    def grace(self) -> float:
        """Seconds beyond the limit for code that looks at the clock itself and keeps what it has found."""
        return 0.3 + 0.06 * (self.seconds or 0.0)

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
    def interrupting(self, doing: str, grace: float = 0.0) -> Iterator[None]:
        """Raise `LimitReached` the moment the limit passes, in code that does not look at the clock.

        What that code was making is lost half-made. `grace` seconds are left to code that does look at it. A long call
        of compiled code is interrupted when it returns.
        """
        if math.isinf(self._end):
            yield
            return
        if not grace:
            self.check(doing)
        try:
            with raising_at(self._end + grace):
                yield
        except Expired:
            raise LimitReached(self._message(doing)) from None
        if not grace:
            self.check(doing)

    def _message(self, doing: str) -> str:
        return f"time limit of {self.seconds:g} s reached while {doing}: raise --time-limit"
