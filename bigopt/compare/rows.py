"""The rows of a comparison: one JSON object a line, appended whole or not at all, each with the key of its run."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bigopt.concepts.solution import compact, plain
from bigopt.errors import InstanceError, UsageError

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no such lock
    fcntl = None  # type: ignore[assignment]

NAME = "rows.jsonl"
UNSUPPORTED = ("unsupported", "refused", "not installed", "does not work")  # nothing was run
Row = dict[str, Any]
NUMBER = (int, float)
FIELDS: dict[str, tuple[Any, bool]] = {  # of a row: its type, and whether every row has it
    **dict.fromkeys(("instance", "concept", "kind", "solver", "settings", "outcome"), (str, True)),
    **dict.fromkeys(("time_limit", "numbers"), (NUMBER, True)),
    **dict.fromkeys(("family", "version", "class", "note", "stopped", "file"), (str, False)),
    **dict.fromkeys(("options", "certificate", "seconds", "versions", "machine"), (dict, False)),
    "peak_mb": (NUMBER, False),
}


def key_of(parts: Mapping[str, Any]) -> str:
    """Return the key of a run: a hash of everything that decides what is run."""
    text = json.dumps(plain(parts), sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def contender_of(row: Row) -> str:
    """Return a contender's name: the solver, its settings where they are not the default, and its options."""
    settings = [] if row["settings"] == "default" else [str(row["settings"])]
    options = [f"{name}={value}" for name, value in row.get("options", {}).items()]
    return " ".join([str(row["solver"]), *settings, *options])


def read(folder: str | Path) -> list[Row]:
    """Return the rows of a comparison in the order of their runs; a key that was run again has its last row.

    A last line without its newline was torn by a crash and is left out.

    Raises
    ------
    InstanceError
        There is no ``rows.jsonl``, or a line that is not a row.
    """
    path = Path(folder) / NAME
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InstanceError(f"{path}: {error.strerror}: give the --out folder of `bigopt compare`") from None
    rows = list(_parse(data, path).values())
    if any(set(row) == {"key", "row"} for row in rows):
        raise InstanceError(f"{path}: the rows of a sweep, not of a comparison: draw them by `bigopt sweep --field`")
    for row in rows:
        _check(row, path)
    return rows


@contextmanager
def journal(folder: str | Path) -> Iterator[Journal]:
    """Open the rows of `folder` for appending, for this process alone."""
    folder = Path(folder)
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}: choose another folder with --out") from None
    try:
        _lock(handle, path)
        yield Journal(handle, path)
    finally:
        os.close(handle)


class Journal:
    """An open ``rows.jsonl``; `rows` are those that stand in it, by key."""

    def __init__(self, handle: int, path: Path) -> None:
        """Read what is there and cut off a torn last line."""
        self._handle, self.path = handle, path
        data = path.read_bytes()
        whole = data.rfind(b"\n") + 1
        self.rows = _parse(data[:whole], path)
        if whole < len(data):
            os.ftruncate(handle, whole)

    def append(self, row: Row) -> None:
        """Write one row and wait until it is on the disk; on failure leave the file as it was.

        Raises
        ------
        UsageError
            The disk is full or failed; every earlier row is kept, and the same command goes on from there.
        """
        line = compact(row).encode() + b"\n"
        before = os.fstat(self._handle).st_size
        try:
            if os.write(self._handle, line) != len(line):
                raise OSError(28, "No space left on device")
            os.fsync(self._handle)
        except OSError as error:
            os.ftruncate(self._handle, before)
            kept = f"{len(self.rows)} rows are kept"
            raise UsageError(f"{self.path}: {error.strerror}: {kept}: make room and run the command again") from None
        self.rows.pop(row["key"], None)
        self.rows[row["key"]] = row


def _check(row: Row, path: Path) -> None:
    """Refuse a row without the fields that a report needs, or with one of another type."""
    for name, (types, needed) in FIELDS.items():
        value = row.get(name)
        if (needed or value is not None) and (not isinstance(value, types) or isinstance(value, bool)):
            shown = " ".join(repr(value).split())[:40]
            key = str(row["key"])[:40]
            raise InstanceError(f"{path}: row {key!r}: {name}: {shown}: not a row of a comparison: remove that line")


def _parse(data: bytes, path: Path) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        if not line.endswith(b"\n"):
            continue
        try:
            row = json.loads(line)
            key = row["key"]
            hash(key)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise InstanceError(f"{path}: line {number}: not a row of a comparison: remove that line") from None
        rows.pop(key, None)
        rows[key] = row
    return rows


def _lock(handle: int, path: Path) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise UsageError(f"{path}: another comparison is writing here: wait for it, or choose another --out") from None
