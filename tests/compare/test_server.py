"""Runs are forked from a process that has imported once, and harm neither it nor each other."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from bigopt.compare import forking
from bigopt.compare.forking import Forks
from bigopt.compare.plan import Plan, tasks
from bigopt.compare.run import compare, run_task

pytestmark = pytest.mark.skipif(not forking.available(), reason="this system does not fork safely")


def server(solvers: list[str]) -> Forks:
    return Forks(["toy"], solvers)


def run(folder: Path, solver: str, forks: Forks, **given: float) -> dict[str, object]:
    """Run a solver on the root of 4 in a child of a server, and return its row."""
    (task,) = tasks(Plan([str(folder / "small/four.json")], [solver], **given))
    row: dict[str, object] = json.loads(run_task(json.dumps(task), {solver: forks}))
    return row


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def status(pid: int, field: str) -> str:
    text = Path(f"/proc/{pid}/status").read_text()
    return next(line.split()[1] for line in text.splitlines() if line.startswith(field))


def test_the_server_has_one_thread_and_its_children_are_its_own(folder: Path) -> None:
    """A fork of a process with several threads may wait for ever for a lock that another of them held."""
    with server(["exact", "highs", "scip", "ipopt", "parent"]) as forks:
        assert forks.usable()
        pid = forks._process.pid
        assert status(pid, "Threads:") == "1"
        before = Path(f"/proc/{pid}/maps").read_text()
        assert "highs" in before and "scip" in before and "casadi" in before
        row = run(folder, "parent", forks)
        assert row["outcome"] == "solved" and str(row["note"]).endswith(f" of {pid}")
        child = int(str(row["note"]).split()[0])
        assert not alive(child)
        sleepers = [p for p in Path("/proc").glob("[0-9]*") if _group(p) == child]
        assert sleepers == []  # what the run started has ended with it
    assert not alive(pid)


def _group(folder: Path) -> int:
    """Return the process group of a process that runs."""
    try:
        words = (folder / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return 0 if words[0] == "Z" else int(words[2])


@pytest.mark.parametrize(
    ("solver", "outcome", "note"),
    [
        ("crash", "crashed", "SIGSEGV"),
        ("leaver", "failed", "exit code 3"),
        ("deaf", "time limit", "killed after 2.1 s"),
        ("thrower", "failed", "RuntimeError: inside the binding second line"),
    ],
)
def test_a_run_that_ends_badly_harms_no_other(folder: Path, solver: str, outcome: str, note: str) -> None:
    with server(["good", solver]) as forks:
        bad = run(folder, solver, forks, time_limit=1.0)
        assert (bad["outcome"], bad["note"]) == (outcome, note)
        assert run(folder, "good", forks)["outcome"] == "solved"


def test_memory_is_limited_and_measured_for_each_run_alone(folder: Path) -> None:
    """A run of 300 MB: the next one's peak does not show it, and neither limit holds for another."""
    with server(["fat", "good"]) as forks:
        large = run(folder, "fat", forks)
        small = run(folder, "good", forks)
        assert large["outcome"] == small["outcome"] == "solved"
        assert float(str(large["peak_mb"])) > 286 > 200 > float(str(small["peak_mb"]))
        assert run(folder, "fat", forks, memory_mb=250.0)["outcome"] == "memory limit"
        assert run(folder, "fat", forks)["outcome"] == "solved"


def test_several_at_a_time_are_each_told_their_own_end(folder: Path, tmp_path: Path) -> None:
    plan = Plan([str(folder / "small")], ["good", "crash", "leaver", "liar"], time_limit=300.0, repeat=2)
    found = compare(plan, tmp_path / "out", jobs=4)
    ended = {"good": "solved", "crash": "crashed", "leaver": "failed", "liar": "wrong"}
    assert [row["outcome"] for row in found] == [ended[row["solver"]] for row in found]
    assert len(found) == 16


def test_a_server_that_dies_is_replaced_by_interpreters(folder: Path) -> None:
    with server(["good"]) as forks:
        assert forks.usable()
        os.kill(forks._process.pid, signal.SIGKILL)
        forks._process.wait()
        assert run(folder, "good", forks)["outcome"] == "solved"


def test_a_server_that_cannot_start_is_replaced_by_interpreters(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(forking, "MODULE", "bigopt.compare.nosuch")
    with server(["good"]) as forks:
        assert not forks.usable()
        assert run(folder, "good", forks)["outcome"] == "solved"


def test_a_child_dies_with_its_server(folder: Path, tmp_path: Path) -> None:
    """Nobody is left to keep the clock of an orphan."""
    with server(["deaf"]) as forks, (tmp_path / "in").open("w+b") as given, (tmp_path / "out").open("w+b") as out:
        (task,) = tasks(Plan([str(folder / "small/four.json")], ["deaf"]))
        given.write(json.dumps(task | {"instance": task["source"]}).encode())
        given.seek(0)
        assert forks.usable()
        child = forks.start(given, out, out)
        assert child.poll() is None and alive(child.pid)
        os.kill(forks._process.pid, signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
        end = time.monotonic() + 300
        while alive(child.pid) and time.monotonic() < end:  # the kernel is on its way
            time.sleep(0.01)
        assert not alive(child.pid)
