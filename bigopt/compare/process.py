"""Run a command in a process of its own, with a hard wall-clock and memory limit, and say how it ended.

A limit that the work itself must honour is no limit: compiled code hangs, crashes and allocates without asking Python.
So the clock is kept from outside, the whole process group is killed, and the memory limit is the kernel's.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

try:
    import resource
except ImportError:  # pragma: no cover - Windows has no resource limits; the clock still holds there
    resource = None  # type: ignore[assignment]

MEGABYTE = 1 << 20
LONGEST_PAUSE = 0.02  # seconds between two looks at a running process
_running: set[Started] = set()
OUT_OF_MEMORY = ("MemoryError", "bad_alloc", "Cannot allocate memory", "out of memory", "memory allocation")


@dataclass(frozen=True)
class Ended:
    """How a process ended.

    Attributes
    ----------
    outcome : str
        "done", "time limit", "memory limit", "crashed" (killed by a signal) or "failed" (a non-zero exit code).
    seconds : float
        Wall clock, start of the interpreter included.
    peak_mb : float or None
        Largest resident memory that was seen, in megabytes (2**20 bytes); None where the system does not tell.
    output, note : str
        What it printed; the last line of its standard error, or the signal's name.
    """

    outcome: str
    seconds: float
    peak_mb: float | None
    output: str = ""
    note: str = ""


class Started(Protocol):
    """A process that leads a session of its own."""

    pid: int

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal, None while it runs."""
        ...

    def wait(self) -> int:
        """Wait for its end; return the exit code."""
        ...

    def kill(self) -> None:
        """Kill it and what it started."""
        ...


class Fresh(subprocess.Popen[bytes]):
    """An interpreter of its own."""

    def kill(self) -> None:
        """Kill the group, so that executables started by a solver die with it."""
        kill_group(self.pid)


def run(
    command: Sequence[str],
    text: str = "",
    *,
    seconds: float | None = None,
    memory_mb: float | None = None,
    start_limit: float | None = None,
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """Run `command` with `text` on standard input.

    Parameters
    ----------
    command : sequence of str
        The program and its arguments; it must call `limit_memory` itself if `memory_mb` is to hold for it.
    text : str
        Standard input.
    seconds : float, optional
        The process and all its children are killed after this wall-clock time.
    memory_mb : float, optional
        Only to name the outcome: a process that died near this size hit the memory limit.
    start_limit : float, optional
        If given, `seconds` count from the first byte that the process prints, which must come within this time: the
        start of an interpreter on a busy machine is not the solver's.
    environment : mapping, optional
        Default: this process's own.

    Returns
    -------
    Ended
    """

    def start(given: IO[bytes], out: IO[bytes], err: IO[bytes]) -> Started:
        return Fresh(command, stdin=given, stdout=out, stderr=err, start_new_session=True, env=environment)

    return supervise(start, text, seconds=seconds, memory_mb=memory_mb, start_limit=start_limit)


def supervise(
    start: Callable[[IO[bytes], IO[bytes], IO[bytes]], Started],
    text: str = "",
    *,
    seconds: float | None = None,
    memory_mb: float | None = None,
    start_limit: float | None = None,
) -> Ended:
    """Run a process that `start` starts with these standard streams, in a session of its own; limits as in `run`."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(text.encode())
        given.seek(0)
        began = time.monotonic()
        process = start(given, out, err)
        _running.add(process)
        try:
            late, peak = False, None
            if start_limit is not None:
                late, _ = watch(process.pid, lambda: process.poll() is not None or _size(out) > 0, start_limit)
            if not late:
                late, peak = watch(process.pid, lambda: process.poll() is not None, seconds)
        finally:
            process.kill()
            code = process.wait()
            _running.discard(process)
        took = time.monotonic() - began
        out.seek(0)
        err.seek(0)
        output, errors = out.read().decode(errors="replace"), err.read().decode(errors="replace")
    if late:
        return Ended("time limit", took, peak, output, f"killed after {seconds:g} s")
    outcome, note = name_outcome(code, errors, peak, memory_mb)
    return Ended(outcome, took, peak, output, note)


@contextlib.contextmanager
def ending_all() -> Iterator[None]:
    """Kill what threads still supervise when the block is left by a signal or an error: nobody will read it."""
    try:
        yield
    except BaseException:
        for process in tuple(_running):
            process.kill()
        raise


def watch(pid: int, ended: Callable[[], bool], seconds: float | None) -> tuple[bool, float | None]:
    """Wait until `ended()` or the limit; return whether it was late, and the peak resident megabytes of `pid`."""
    end = None if seconds is None else time.monotonic() + seconds
    peak, pause = None, 0.0005
    while not ended():
        now = resident_peak(pid)
        peak = now if peak is None else max(peak, now or 0.0)
        if end is not None and time.monotonic() >= end:
            return True, peak
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
    return False, peak


def _size(stream: IO[bytes]) -> int:
    return os.fstat(stream.fileno()).st_size


def kill_group(pid: int) -> None:
    """Kill the process group that `pid` leads, so that executables started by a solver die with it."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def name_outcome(code: int, errors: str, peak: float | None, memory_mb: float | None) -> tuple[str, str]:
    """Return (outcome, note) of an exit code, the text on standard error, and the peak."""
    if code == 0:
        return "done", ""
    lines = [line for line in errors.splitlines() if line.strip()]
    last = lines[-1].strip()[:300] if lines else ""
    starved = any(word in errors[-4000:] for word in OUT_OF_MEMORY)
    full = memory_mb is not None and peak is not None and peak >= 0.9 * memory_mb
    if memory_mb is not None and (starved or full):
        return "memory limit", last or f"died at {peak:.0f} MB of {memory_mb:.0f} MB"
    if code < 0:
        return "crashed", _signal_name(-code)
    return "failed", last or f"exit code {code}"


def limit_memory(memory_mb: float | None) -> None:
    """Limit this process's own memory; called by the child before it does anything large.

    On Linux RLIMIT_DATA, which counts what is written to and not the address space that allocators reserve;
    elsewhere RLIMIT_AS.
    """
    if memory_mb is None or resource is None:
        return
    size = int(memory_mb * MEGABYTE)
    which = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    resource.setrlimit(which, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def resident_peak(pid: int | str = "self", field: str = "VmHWM:") -> float | None:
    """Return a process's peak resident memory in megabytes, from /proc if there (`ru_maxrss` counts the parent's)."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(field):
                return float(line.split()[1]) / 1024
    except OSError:
        pass
    if pid == "self" and resource is not None:
        unit = MEGABYTE if sys.platform == "darwin" else 1024
        return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / unit
    return None


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
