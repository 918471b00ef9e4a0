"""Limits are real: a process that hangs, crashes, starves or fails is told apart, from outside."""

import faulthandler
import os
import signal
import time
from collections.abc import Callable

import pytest

from benchmarks.__main__ import main, markdown
from benchmarks.timing import Outcome, limited, paired, row


def test_a_callable_sees_the_parents_data_and_returns_its_value() -> None:
    data = list(range(10))
    result = limited(lambda: sum(data), seconds=600)
    assert result.done and result.value == 45
    assert result.seconds is not None and result.seconds > 0


# a clock that goes on when it is told to
CLOCK = """
import time
now = 0
def tick(seconds):
    global now
    now += seconds
time.perf_counter = lambda: now
"""


def test_code_runs_in_a_fresh_interpreter_and_the_setup_is_not_timed() -> None:
    result = limited("value = x + 1", setup=CLOCK + "tick(9); x = 1", seconds=600)
    assert result.done and result.value == 2
    assert result.seconds == 0
    assert limited("tick(2)", setup=CLOCK, seconds=600).seconds == 2


def crash() -> None:
    faulthandler.disable()  # the death is on purpose
    os.kill(os.getpid(), signal.SIGSEGV)


def hog() -> int:
    return len(bytearray(2_000_000_000))


HANG = ("import time\ntime.sleep(300)", lambda: time.sleep(300))
CRASH = ("import ctypes\nctypes.string_at(0)", crash)
HOG = ("value = len(bytearray(2_000_000_000))", hog)


@pytest.mark.parametrize("work", HANG)
def test_what_hangs_is_killed_and_counts_as_the_limit(work: str | Callable[[], object]) -> None:
    result = limited(work, seconds=1.0)
    assert result.outcome == "time limit" and result.seconds == 1.0  # and not "done" after five minutes


@pytest.mark.parametrize("work", CRASH)
def test_what_crashes_costs_one_outcome(work: str | Callable[[], object]) -> None:
    assert limited(work, seconds=600).outcome == "crashed"


@pytest.mark.parametrize("work", HOG)
def test_memory_is_limited_by_the_kernel(work: str | Callable[[], object]) -> None:
    assert limited(work, seconds=600, memory_mb=1000).outcome == "memory limit"


def test_the_peak_above_the_start_is_what_the_work_itself_took() -> None:
    result = limited(lambda: len(bytearray(b"x" * 200_000_000)), seconds=600)
    assert result.above_mb is not None and 190 < result.above_mb < 450


def test_the_ratio_is_a_median_of_paired_ratios() -> None:
    first = iter([1.0, 10.0, 1.0])
    second = iter([2.0, 30.0, 8.0])
    rows = paired(
        "case", {"a": lambda: Outcome("done", next(first)), "b": lambda: Outcome("done", next(second))}, repeats=3
    )
    assert [r["seconds"] for r in rows] == [1.0, 8.0]
    assert [r["ratio"] for r in rows] == [1.0, 3.0]  # ratios 2, 3, 8; the ratio of medians would be 8


def test_a_contender_that_failed_is_not_run_again_and_counts_as_its_limit() -> None:
    runs = []

    def late() -> Outcome:
        runs.append(1)
        return Outcome("time limit", 10.0)

    rows = paired("case", {"a": lambda: Outcome("done", 1.0), "late": late}, repeats=3)
    assert len(runs) == 1 and rows[1]["ratio"] == 10.0 and rows[1]["note"] == "time limit"


def test_an_exception_is_a_row() -> None:
    assert "ZeroDivisionError" in paired("case", {"a": lambda: 1 / 0}, repeats=2)[0]["note"]


def test_the_table_has_one_line_a_row_and_escapes_bars() -> None:
    text = markdown([row("a|b", "x", Outcome("done", 1.0)), row("c", "y", Outcome("failed", None, note="no"))])
    assert text.count("\n") == 3 and "a\\|b" in text and "failed: no" in text


def test_an_unknown_topic_is_refused() -> None:
    with pytest.raises(SystemExit):
        main(["no-such-topic"])
