"""Paired timing, and runs under hard limits in a process of their own.

A topic's ``run(smoke)`` returns rows made here::

    rows = paired("box, n = 10,000", {"exact": ours, "PIQP": lambda: limited(theirs, seconds=120)}, repeats=5)

The first contender is the reference. The contenders take turns in every round, so that a busy machine slows all of
them, and what is reported is the median of each round's ratio, not the ratio of two medians.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bigopt.compare import process
from bigopt.solvers.limited import die_with_parent

Row = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What became of a contender in its own process.

    Attributes
    ----------
    outcome : str
        "done", "time limit", "memory limit", "crashed" or "failed".
    seconds : float or None
        Wall clock of the work alone (the interpreter's start and the set-up are not counted); the limit where it did
        not finish, None where there was no limit.
    peak_mb : float or None
        Largest resident memory of the process, in megabytes (2**20 bytes).
    above_mb : float or None
        The same above what was resident when the timed work began.
    value : object
        What the work returned (the variable `value` of a code string).
    note : str
        The error, where there was one.
    """

    outcome: str
    seconds: float | None
    peak_mb: float | None = None
    above_mb: float | None = None
    value: Any = None
    note: str = ""

    @property
    def done(self) -> bool:
        """Whether the work finished within its limits."""
        return self.outcome == "done"


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return (seconds, what `work` returned)."""
    start = time.perf_counter()
    value = work()
    return time.perf_counter() - start, value


def paired(
    case: str, contenders: Mapping[str, Callable[[], Any]], *, repeats: int = 5, warm: bool = False
) -> list[Row]:
    """Time `contenders` in turns and compare each with the first.

    Parameters
    ----------
    case : str
        What is solved, as "box, n = 100,000, d = 16".
    contenders : mapping of str to callable
        The first is the reference. A callable is timed, unless it returns an `Outcome` (from `limited`), whose own
        seconds count then. One that failed is not run again: it counts as its limit, and the row's note says why.
    repeats : int
        Rounds; each begins with another contender.
    warm : bool
        Whether to run each once before timing (imports, caches).

    Returns
    -------
    list of dict
        Keys case, contender, seconds (median), ratio (median over rounds of contender / reference), note, outcome,
        peak_mb, repeats.
    """
    names = list(contenders)
    times: dict[str, list[float]] = {name: [] for name in names}
    last: dict[str, Outcome] = {}
    if warm:
        for name in names:
            last[name] = _one(contenders[name])
    for round_number in range(repeats):
        shift = round_number % len(names)
        for name in names[shift:] + names[:shift]:
            if name not in last or last[name].done:
                last[name] = _one(contenders[name])
            seconds = last[name].seconds
            times[name].append(float("nan") if seconds is None else seconds)
    reference = times[names[0]]
    return [_row(case, name, times[name], reference, last[name]) for name in names]


def limited(
    work: str | Callable[[], Any], *, seconds: float = 120.0, memory_mb: float = 16_000.0, setup: str = ""
) -> Outcome:
    """Run `work` in a process of its own with hard limits.

    Parameters
    ----------
    work : str or callable
        A callable runs in a fork of this process and sees its data (what it returns must pickle). A string is Python
        code for a fresh interpreter, run after `setup` in the same names; `value`, if it sets it, must be JSON data.
    seconds : float
        Wall-clock limit, after which the process is killed (with its children).
    memory_mb : float
        Memory limit in megabytes, by ``resource.setrlimit``.
    setup : str
        Code that runs before `work` and is not timed; only with a code string.

    Returns
    -------
    Outcome
        A limit that was hit counts as `seconds`.
    """
    if isinstance(work, str):
        return _fresh(work, setup, seconds, memory_mb)
    return _forked(work, seconds, memory_mb)


def row(case: str, contender: str, outcome: Outcome, reference: Outcome | None = None) -> Row:
    """Return one row for a single run, for what is too long to repeat."""
    base = [reference.seconds or float("nan")] if reference is not None else [float("nan")]
    return _row(case, contender, [outcome.seconds or float("nan")], base, outcome)


def _one(work: Callable[[], Any]) -> Outcome:
    """Run one contender; an exception is an outcome, not the end of the benchmark."""
    start = time.perf_counter()
    try:
        value = work()
    except Exception as error:
        return Outcome("failed", time.perf_counter() - start, note=f"{type(error).__name__}: {error}"[:300])
    taken = time.perf_counter() - start
    return value if isinstance(value, Outcome) else Outcome("done", taken, value=value)


def _row(case: str, name: str, times: list[float], reference: list[float], last: Outcome) -> Row:
    if last.outcome == "failed":  # how long it took to fail is no speed
        times = [float("nan")] * len(times)
    ratios = [mine / theirs for mine, theirs in zip(times, reference, strict=True) if mine == mine and theirs > 0]
    known = [value for value in times if value == value]
    note = last.note if last.done else f"{last.outcome}{': ' + last.note if last.note else ''}"
    result: Row = {
        "case": case,
        "contender": name,
        "seconds": statistics.median(known) if known else None,
        "ratio": statistics.median(ratios) if ratios else None,
        "note": note,
        "outcome": last.outcome,
        "repeats": len(times),
    }
    if last.peak_mb is not None:
        result["peak_mb"] = round(last.peak_mb, 1)
    return result


FRESH = """
import json, sys, time
given = json.load(sys.stdin)
from bigopt.compare import process
from bigopt.solvers.limited import die_with_parent
die_with_parent()
process.limit_memory(given["memory_mb"])
names = {"__name__": "limited"}
exec(compile(given["setup"], "<setup>", "exec"), names)
before = process.resident_peak("self", "VmRSS:")
start = time.perf_counter()
exec(compile(given["work"], "<work>", "exec"), names)
taken = time.perf_counter() - start
result = {"seconds": taken, "before": before, "peak": process.resident_peak(), "value": names.get("value")}
print("\\n" + json.dumps(result))
"""


def _fresh(work: str, setup: str, seconds: float, memory_mb: float) -> Outcome:
    text = json.dumps({"work": work, "setup": setup, "memory_mb": memory_mb})
    ended = process.run([sys.executable, "-c", FRESH], text, seconds=seconds, memory_mb=memory_mb)
    if ended.outcome != "done":
        return Outcome(ended.outcome, seconds, ended.peak_mb, note=ended.note)
    return _measured(json.loads(ended.output.splitlines()[-1]))


def _forked(work: Callable[[], Any], seconds: float, memory_mb: float) -> Outcome:
    context = multiprocessing.get_context("fork")
    receive, send = context.Pipe(duplex=False)
    child = context.Process(target=_in_child, args=(work, send, memory_mb))
    child.start()
    send.close()
    assert child.pid is not None
    late, peak = process.watch(child.pid, lambda: receive.poll() or not child.is_alive(), seconds)
    try:
        data = None if late or not receive.poll() else receive.recv()
    except EOFError:  # it died before it could answer
        data = None
    if data is None or late:
        process.kill_group(child.pid)
    child.join()
    if late:
        return Outcome("time limit", seconds, peak, note=f"killed after {seconds:g} s")
    if data is None:
        outcome, note = process.name_outcome(child.exitcode or 1, "", peak, memory_mb)
        return Outcome(outcome, seconds, peak, note=note)
    return replace(_measured(data), peak_mb=max(peak or 0.0, data["peak"] or 0.0)) if data["peak"] else _measured(data)


def _in_child(work: Callable[[], Any], send: Any, memory_mb: float) -> None:
    os.setsid()
    die_with_parent()
    process.limit_memory(memory_mb)
    before = process.resident_peak("self", "VmRSS:")
    start = time.perf_counter()
    data: dict[str, Any]
    try:
        data = {"value": work()}
    except MemoryError:
        data = {"outcome": "memory limit", "note": f"more than {memory_mb:g} MB"}
    except Exception as error:
        data = {"outcome": "failed", "note": f"{type(error).__name__}: {error}"[:300]}
    data |= {"seconds": time.perf_counter() - start, "before": before, "peak": process.resident_peak()}
    send.send(data)


def _measured(data: Mapping[str, Any]) -> Outcome:
    before, peak = data.get("before"), data.get("peak")
    above = None if before is None or peak is None else max(0.0, peak - before)
    outcome = data.get("outcome", "done")
    return Outcome(outcome, data["seconds"], peak, above, data.get("value"), data.get("note", ""))
