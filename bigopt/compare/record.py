"""What a comparison writes beside its rows: how it was started, and a reference run that is repeated meanwhile.

The reference is one small stored instance under `exact`. Equal work that takes other times shows how much the machine
itself varied, and so which rankings mean nothing.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bigopt.compare.plan import Plan, Task, tasks
from bigopt.concepts.solution import compact
from bigopt.engine.choose import OURS
from bigopt.errors import InstanceError, UsageError

STARTS = "starts.jsonl"
REFERENCES = "reference.jsonl"
INSTANCE = "big/simplex/players-1000-dimension-3.toml"  # a tenth of a second of matrix work
LIMIT = 60.0  # seconds of one reference run

Line = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """The starts of a comparison (time, command, jobs, load, machine, versions) and its reference runs' seconds."""

    starts: tuple[Line, ...] = ()
    reference: tuple[float, ...] = ()


def read(folder: str | Path) -> Record:
    """Return the record of the comparison in `folder`; an empty one where there is none.

    Raises
    ------
    InstanceError
        A line that is not one of a record.
    """
    starts = _lines(Path(folder) / STARTS, {"started": str, "command": str})
    runs = _lines(Path(folder) / REFERENCES, {"seconds": (int, float)})
    return Record(tuple(starts), tuple(float(run["seconds"]) for run in runs))


def note_start(folder: Path, command: str, jobs: int, here: Mapping[str, Any]) -> None:
    """Append one start: when, by which command, how many runs at a time, how busy the machine was."""
    load = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
    _append(folder / STARTS, {"started": now(), "command": command, "jobs": jobs, "load": load, **here})


def now() -> str:
    """Return the time in UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


class Reference:
    """Repeats the reference run between others, every so many seconds, in the thread that is about to run one.

    Parameters
    ----------
    folder : Path
        Where `reference.jsonl` is.
    every : float
        Seconds from one to the next; 0: there is none.
    """

    def __init__(self, folder: Path, every: float) -> None:
        """Plan the task; nothing runs yet."""
        self.path, self.every = folder / REFERENCES, every
        self.tasks: list[Task] = tasks(Plan([INSTANCE], [OURS], time_limit=LIMIT)) if every > 0 else []
        self._lock, self._next = threading.Lock(), 0.0

    def due(self, run: Callable[[str], str]) -> None:
        """Run it, if it is time and no other thread is at it."""
        if self.tasks and time.monotonic() >= self._next and self._lock.acquire(blocking=False):
            try:
                self._once(run)
            finally:
                self._lock.release()

    def last(self, run: Callable[[str], str]) -> None:
        """Run it once more, at the end."""
        if self.tasks:
            self._once(run)

    def _once(self, run: Callable[[str], str]) -> None:
        row = json.loads(run(json.dumps(self.tasks[0])))
        self._next = time.monotonic() + self.every
        seconds = row.get("seconds") or {}
        if row["outcome"] == "solved":
            _append(self.path, {"started": row["started"], "seconds": seconds["build"] + seconds["solve"]})


def _append(path: Path, line: Line) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(compact(line) + "\n")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}: make room and run the command again") from None


def _lines(path: Path, needed: Mapping[str, Any]) -> list[Line]:
    """Return the whole lines of a file; none where there is no file."""
    if not path.is_file():
        return []
    found = []
    for number, text in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True), 1):
        if not text.endswith("\n"):  # torn by a crash
            continue
        try:
            line = json.loads(text)
            whole = all(isinstance(line[name], types) for name, types in needed.items())
        except (ValueError, KeyError, TypeError):
            whole = False
        if not whole:
            raise InstanceError(f"{path}: line {number}: not of a comparison's record: remove that line")
        found.append(line)
    return found
