"""What an executable starts ends with it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bigopt import solvers
from bigopt.solvers import executables
from bigopt.solvers.doctor import linear

SECONDS = "86437"  # of sleep: a number that no other process has
SCRIPT = f"""#!/bin/sh
case "$1" in -v|--version) echo "{{says}}"; exit 0;; esac
sleep {SECONDS} &
wait
"""


def sleeping() -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if SECONDS.encode() in (folder / "cmdline").read_bytes():
                found.append(folder.name)
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the system does not show environments")
@pytest.mark.parametrize(
    ("solver", "command", "says"),
    [("glpk", "glpsol", "GLPSOL--GLPK LP/MIP Solver 5.0"), ("ipopt", "ipopt", "Ipopt 3.14.99 (x86_64)")],
)
def test_a_child_does_not_outlive_the_limit(
    solver: str, command: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / command
    fake.write_text(SCRIPT.format(says=says))
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    run = solvers.run(solver, linear(), "LP", time_limit=1)
    assert run.stopped == "maxTimeLimit"
    end = time.monotonic() + 300
    while sleeping() and time.monotonic() < end:
        time.sleep(0.05)
    assert sleeping() == []


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the system does not show environments")
def test_what_hangs_when_asked_its_version_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "glpsol"
    fake.write_text(f"#!/bin/sh\nsleep {SECONDS} &\nwait\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(executables, "PATIENCE", 0.3)
    assert executables.executable_version("glpsol", "-v") is None
    end = time.monotonic() + 300
    while sleeping() and time.monotonic() < end:
        time.sleep(0.05)
    assert sleeping() == []
