"""Compiled code without a time limit of its own is stopped from outside."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import bigopt
from bigopt.games.influencers.generate import influencers
from bigopt.solvers.limited import within

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")


def children() -> set[str]:
    """Return the processes that this thread has started and that are still there."""
    return set(Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split())


def test_compiled_code_ends_at_the_limit(tmp_path: Path) -> None:
    before = children()
    assert within(0.2, lambda: asleep(tmp_path / "woken")) is None
    assert children() <= before  # nobody is left
    assert not (tmp_path / "woken").exists()


def test_a_copy_dies_with_the_process_that_it_was_made_from(tmp_path: Path) -> None:
    """A killed process cannot clean up: its copy's end of a pipe is closed by the kernel."""
    code = "import ctypes, os; from bigopt.solvers.limited import within"
    code += "; within(300, lambda: (os.write(1, b'here'), ctypes.CDLL(None).sleep(300)))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.read(4) == b"here"
        parent.kill()
        assert parent.stdout.read() == b""  # returns when nobody holds the other end


def asleep(mark: Path) -> None:
    """Sleep in compiled code for longer than anybody waits; leave a mark when woken."""
    ctypes.CDLL(None).sleep(300)
    mark.touch()


def test_answers_errors_and_crashes_come_back() -> None:
    large = np.arange(1_000_000.0)
    found = within(60, lambda: large)
    assert found is not None and (found == large).all()
    with pytest.raises(ZeroDivisionError):
        within(60, lambda: 1 // 0)
    with pytest.raises(RuntimeError, match="died"):
        within(60, lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert within(None, os.getpid) == os.getpid() != within(60, os.getpid)


def test_piqp_keeps_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("piqp")
    game = influencers(players=5, dimension=2, seed=1)
    assert bigopt.solve(game, solver="piqp", time_limit=60).exit_code == 0
    monkeypatch.setattr("bigopt.solvers.piqp._once", lambda *arguments: asleep(tmp_path / "woken"))
    found = bigopt.solve(game, solver="piqp", time_limit=0.5)
    assert found.exit_code == 4 and found.stopped == "maxTimeLimit"
    assert not (tmp_path / "woken").exists()


@pytest.mark.parametrize("name", ["clarabel", "osqp", "scs", "daqp"])
def test_a_factorization_beyond_the_limit_is_stopped(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """These look at the clock between iterations; of large programs what comes before the first may take minutes."""
    pytest.importorskip(name)
    monkeypatch.setattr("bigopt.solvers.arrays.LARGE", 0)
    monkeypatch.setattr(f"bigopt.solvers.{name}._once", lambda *arguments: asleep(tmp_path / "woken"))
    found = bigopt.solve(influencers(players=5, dimension=2, seed=1), solver=name, time_limit=0.5)
    assert found.exit_code == 4 and found.stopped == "maxTimeLimit"
    assert not (tmp_path / "woken").exists()


def test_importing_solvers_counts_within_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bigopt.engine.solve.load_solvers", lambda *arguments: time.sleep(0.2))
    assert bigopt.solve(influencers(players=5, dimension=2, seed=1), time_limit=0.1).exit_code == 4
