"""The one clock: code that never looks at it is interrupted, and alarms are left as they were."""

from __future__ import annotations

import signal
import threading
import time

import pytest

import bigopt
from bigopt.concepts import interruption
from bigopt.concepts.deadline import Deadline
from bigopt.errors import LimitReached

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarms on this system")


def test_code_that_does_not_look_at_the_clock_is_interrupted() -> None:
    before = signal.getsignal(signal.SIGALRM)
    start = time.monotonic()
    with pytest.raises(LimitReached, match="while idling"), Deadline(0.05).interrupting("idling"):
        time.sleep(60)
    assert time.monotonic() - start < 30
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
def test_building_a_model_ends_at_the_limit() -> None:
    """A million actions take Pyomo far longer than a fifth of a second, and than what this allows."""
    from bigopt.games.influencers.generate import influencers

    bigopt.solve(influencers(players=2, dimension=1), solver="highs")  # imports are not limited
    game = influencers(players=250_000, dimension=4)
    start = time.monotonic()
    found = bigopt.solve(game, solver="highs", time_limit=0.2)
    assert found.exit_code == 4
    assert time.monotonic() - start < 10.0


def test_a_callers_own_alarm_keeps_its_time_and_its_handler() -> None:
    rung: list[float] = []
    before = signal.signal(signal.SIGALRM, lambda number, frame: rung.append(time.monotonic()))
    start = time.monotonic()
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(LimitReached), Deadline(0.3).interrupting("idling"):
            time.sleep(60)
        assert len(rung) == 1 and 0.1 <= rung[0] - start < 0.3  # during ours
        signal.setitimer(signal.ITIMER_REAL, 60.0, 7.0)
        with pytest.raises(LimitReached), Deadline(0.05).interrupting("idling"):
            time.sleep(60)
        left, interval = signal.getitimer(signal.ITIMER_REAL)
        assert 1 < left < 60 and interval == 7.0  # after ours
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
        runner.join(30)
    else:
        stubborn()
    assert len(caught) == 1


def test_limits_within_limits() -> None:
    with pytest.raises(LimitReached, match="outside"), Deadline(0.1).interrupting("outside"):
        try:
            with Deadline(60).interrupting("inside"):
                time.sleep(60)
        except LimitReached:
            time.sleep(60)


def test_a_stroke_while_a_block_is_left_does_not_keep_the_clock_running(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine so busy that a period passes there: strokes follow each other within microseconds."""
    monkeypatch.setattr(interruption, "PERIOD", 3e-5)
    before = signal.getsignal(signal.SIGALRM)
    for _ in range(100):
        with pytest.raises(LimitReached, match="while counting"), Deadline(0.001).interrupting("counting"):
            sum(iter(int, 1))  # for ever
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
        assert signal.getsignal(signal.SIGALRM) is before
