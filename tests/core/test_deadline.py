"""The one clock: code that never looks at it is interrupted, and alarms are left as they were."""

from __future__ import annotations

import importlib
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import bigopt
from bigopt.algebra import library
from bigopt.concepts import interruption
from bigopt.concepts.deadline import Deadline
from bigopt.errors import LimitReached

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarms on this system")


def test_code_that_does_not_look_at_the_clock_is_interrupted() -> None:
    before = signal.getsignal(signal.SIGALRM)
    woken = False
    with pytest.raises(LimitReached, match="while idling"), Deadline(0.05).interrupting("idling"):
        time.sleep(300)
        woken = True
    assert not woken
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_without_a_limit_nothing_is_set() -> None:
    with Deadline().interrupting("idling"):
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_other_threads_are_checked_at_the_end() -> None:
    caught: list[BaseException] = []

    def run() -> None:
        try:
            with Deadline(0.01).interrupting("idling"):
                time.sleep(0.05)
        except LimitReached as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert len(caught) == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # an alarm in a destructor comes again
def test_building_a_model_ends_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred thousand actions take Pyomo far longer than a fifth of a second: the model is never finished."""
    from bigopt.games.influencers.generate import influencers

    built: list[object] = []
    model = library.model(str(bigopt.solve(influencers(players=2, dimension=4), solver="highs").model))
    build = model.build
    monkeypatch.setattr(model, "build", lambda game, **data: built.append(build(game, **data)))
    monkeypatch.setattr(library, "model", lambda name: model)
    found = bigopt.solve(influencers(players=50_000, dimension=2), solver="highs", time_limit=0.2)
    assert found.exit_code == 4 and not built


def test_a_callers_own_alarm_keeps_its_time_and_its_handler() -> None:
    rung: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, frame: rung.append(number))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with Deadline(300).interrupting("idling"):
            while not rung:  # during ours
                time.sleep(0.01)
        assert len(rung) == 1
        signal.setitimer(signal.ITIMER_REAL, 600.0, 7.0)
        with pytest.raises(LimitReached), Deadline(0.05).interrupting("idling"):
            time.sleep(300)
        left, interval = signal.getitimer(signal.ITIMER_REAL)
        assert 1 < left < 600 and interval == 7.0  # after ours
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("thread", [False, True])
def test_code_that_swallows_errors_is_stopped_all_the_same(thread: bool) -> None:
    caught: list[BaseException] = []

    def stubborn() -> None:
        first = True
        try:
            with Deadline(0.05).interrupting("idling"):
                while True:
                    try:
                        while True:
                            time.sleep(0.001)
                    except Exception:  # noqa: S112
                        continue
                    except BaseException:
                        if not first:
                            raise
                        first = False
        except LimitReached as error:
            caught.append(error)

    if thread:
        runner = threading.Thread(target=stubborn)
        runner.start()
        runner.join()
    else:
        stubborn()
    assert len(caught) == 1


def test_limits_within_limits() -> None:
    with pytest.raises(LimitReached, match="outside"), Deadline(0.1).interrupting("outside"):
        try:
            with Deadline(300).interrupting("inside"):
                time.sleep(300)
        except LimitReached:
            time.sleep(300)


@pytest.mark.parametrize("grace", [0.0, 1.0])
def test_an_alarm_at_any_line_of_the_machinery_leaves_no_clock_behind(
    grace: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Struck while a block was entered or left, its clock went on and rang in whatever came next."""
    before = signal.getsignal(signal.SIGALRM)
    now: float = 0.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    for line in range(1000):
        now, lines = 0.0, 0

        def trace(frame: FrameType, event: str, argument: object, line: int = line) -> Any:
            nonlocal now, lines
            if frame.f_code.co_filename not in interruption.MACHINERY:
                return None
            if event == "line" and (handler := signal.getsignal(signal.SIGALRM)) is not before:
                lines += 1
                if lines > line:
                    sys.settrace(None)
                    now = 1e6
                    assert callable(handler)
                    handler(signal.SIGALRM, frame)
            return trace

        with pytest.raises(LimitReached):
            sys.settrace(trace)
            try:
                with Deadline(1000).interrupting("idling", grace):
                    now = 1e6
                    signal.raise_signal(signal.SIGALRM)
                    time.sleep(300)
            finally:
                sys.settrace(None)
        assert signal.getsignal(signal.SIGALRM) is before
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
        if lines <= line:
            break
    assert 10 < line < 999


@pytest.mark.parametrize("thread", [False, True])
def test_a_library_is_imported_to_its_end(thread: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of one would stay, without what its other half defines, and fail whoever imports it next."""
    name = f"slow_library_{thread}"
    (tmp_path / f"{name}.py").write_text("import time\nfor _ in range(30):\n    time.sleep(0.01)\nwhole = True\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    raised: list[BaseException] = []

    def load() -> None:
        try:
            with Deadline(0.05).interrupting("importing"):
                importlib.import_module(name)
        except LimitReached as error:
            raised.append(error)

    if thread:
        worker = threading.Thread(target=load)
        worker.start()
        worker.join()
    else:
        load()
    assert len(raised) == 1 and sys.modules[name].whole
