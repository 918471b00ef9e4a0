"""A comparison that is ended leaves nothing running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from functools import partial
from pathlib import Path

import pytest


def running(marker: str) -> list[int]:
    """Return the processes that carry a marker in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if marker.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the system does not list processes")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_signal_ends_the_workers_too(number: signal.Signals, folder: Path, tmp_path: Path) -> None:
    marker = uuid.uuid4().hex
    words = [sys.executable, "-m", "bigopt", "compare", str(folder / "small")]
    words += ["--solvers", "hang", "--reference", "0", "--jobs", "2", "--time-limit", "100", "--out", "rows"]
    environment = os.environ | {"MARKER": marker}
    heard = partial(signal.signal, signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
    process = subprocess.Popen(words, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, preexec_fn=heard)
    try:
        end = time.monotonic() + 300
        while len(running(marker)) < 4 and time.monotonic() < end:  # it, the process that forks, and two runs
            assert process.poll() is None, process.stderr.read() if process.stderr else ""
            time.sleep(0.1)
        process.send_signal(number)
        assert process.wait(300) == (-number if number == signal.SIGKILL else 128 + number)
        end = time.monotonic() + 300
        while running(marker) and time.monotonic() < end:
            time.sleep(0.1)
        assert running(marker) == []
        said = process.stderr.read().decode() if process.stderr else ""
        safe = "bigopt: interrupted: 0 of 2 rows are safe in rows/rows.jsonl: run the same command again to go on\n"
        assert said == ("" if number == signal.SIGKILL else safe)
    finally:
        process.kill()
        process.communicate()
        for pid in running(marker):
            os.kill(pid, signal.SIGKILL)
