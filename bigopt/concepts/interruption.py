"""Stopping code that does not look at the clock: by alarms in the main thread, from a watching thread elsewhere."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import math
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, FunctionType
from typing import Protocol

from bigopt.errors import Expired

PERIOD = 0.25  # seconds between repetitions: one may be swallowed, in a callback of compiled code or by `except:`
SOON = 1e-3  # seconds until the next try where it would strike the machinery itself
FARTHEST = 1e6  # seconds that a clock is set ahead
IMPORT = 60.0  # seconds beyond the end that a library may take to be imported: half of one would fail ever after


class _Clock(Protocol):
    armed: bool

    def start(self) -> None: ...

    def stop(self) -> None: ...


@contextlib.contextmanager
def raising_at(end: float) -> Iterator[None]:
    """Raise `Expired` in this thread's code at `end` (of `time.monotonic`), and again until the block is left.

    An alarm that the caller had set rings at its own time, with its own handler, and is set again afterwards. Where
    there are neither alarms nor threads, as in a browser, only code that looks at the clock itself stops.
    """
    main = threading.current_thread() is threading.main_thread()
    clock: _Clock = _Alarm(end) if main and hasattr(signal, "setitimer") else _Watcher(end)
    try:
        clock = _started(clock)
        try:
            yield
        finally:
            clock.armed = False
    finally:
        _stop(clock)


# Python's context managers, and those of this folder
MACHINERY = {
    contextlib.contextmanager.__code__.co_filename,
    *(str(Path(__file__).with_name(name)) for name in ("interruption.py", "deadline.py", "process_wide.py")),
}
LOCKS = {
    function.__code__
    for function in vars(logging).values()
    if isinstance(function, FunctionType) and function.__name__ in ("_acquireLock", "_releaseLock", "_removeHandlerRef")
}


def _imports(frame: FrameType | None) -> int:
    """Count the import statements that are being carried out (the loading of a user's file by its path is none)."""
    count = 0
    while frame is not None:
        count += frame.f_code.co_name == "_find_and_load"
        frame = frame.f_back
    return count


def _started(clock: _Clock) -> _Clock:
    """Start a clock; return one that never strikes where no thread can be started."""
    try:
        clock.start()
    except RuntimeError:
        return _Silent()
    return clock


def _stop(clock: _Clock) -> None:
    """Stop a clock, also where it strikes meanwhile."""
    while True:
        try:
            return clock.stop()
        except Expired:
            continue


class _Waiting:
    """What both clocks know: when to strike, and when to wait a moment with that."""

    def __init__(self, end: float) -> None:
        self.end = end
        self.imports = _imports(sys._getframe())  # under way already: they are not what the limit is for

    def waits(self, frame: FrameType | None) -> bool:
        """Say whether a block is just being entered or left, or a library is being imported.

        Raised on entry or exit, `Expired` would leave a clock that goes on. A collection of garbage, which can take
        longer than `PERIOD`, begins where objects are made, as there; it may also forget a handler of a log, whose lock
        would be kept for ever.
        """
        if frame is None:
            return False
        importing = time.monotonic() < self.end + IMPORT and _imports(frame) > self.imports
        return importing or frame.f_code.co_filename in MACHINERY or frame.f_code in LOCKS


class _Silent:
    """A clock that does not strike."""

    armed = False

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""


class _Alarm(_Waiting):
    """The system's alarm, which interrupts sleep and input too."""

    armed = False

    def start(self) -> None:
        """Remember the caller's alarm and set ours, or theirs where it comes first."""
        now = time.monotonic()
        self.handler = signal.getsignal(signal.SIGALRM)
        delay, self.interval = signal.getitimer(signal.ITIMER_REAL)
        self.due = now + delay if delay else math.inf  # of the caller's alarm
        self.armed = True
        signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, min(max(min(self.end, self.due) - now, 1e-3), FARTHEST), PERIOD)

    def stop(self) -> None:
        """Set the caller's alarm to what is left of it."""
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL if self.handler is None else self.handler)
        if math.isfinite(self.due):
            signal.setitimer(signal.ITIMER_REAL, max(self.due - time.monotonic(), 1e-6), self.interval)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if now >= self.due:
            self.due = now + self.interval if self.interval else math.inf
            if callable(self.handler):
                self.handler(number, frame)
            elif self.handler != signal.SIG_IGN:
                signal.signal(number, signal.SIG_DFL)
                signal.raise_signal(number)
        if self.armed and now >= self.end:
            if self.waits(frame):
                signal.setitimer(signal.ITIMER_REAL, SOON, PERIOD)
            else:
                raise Expired


class _Watcher(_Waiting):
    """A thread that raises in the one that made it, between two of its bytecodes."""

    def __init__(self, end: float) -> None:
        super().__init__(end)
        self.thread, self.armed = threading.Thread(target=self._watch, daemon=True, name="bigopt-watcher"), True
        self.caller = threading.get_ident()
        self.lock, self.done = threading.Lock(), threading.Event()

    def start(self) -> None:
        """Begin the watch."""
        self.thread.start()

    def _watch(self) -> None:
        wait = self.end - time.monotonic()
        while not self.done.wait(min(max(0.0, wait), FARTHEST)):
            with self.lock:
                held = self.waits(sys._current_frames().get(self.caller))
                if self.armed and time.monotonic() >= self.end and not held:
                    _raise_in(self.caller)
            wait = SOON if held else PERIOD

    def stop(self) -> None:
        """End the watch; what was asked for and has not struck yet strikes in the loop, which looks for it.

        To take it back instead would leave Python 3.11 a mark on which it hangs under tracers, as that of coverage.
        """
        self.done.set()
        with self.lock:
            self.armed = False
        for _ in range(2):
            pass


def _raise_in(thread: int) -> None:
    """Ask the interpreter to raise in a thread."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(Expired))
