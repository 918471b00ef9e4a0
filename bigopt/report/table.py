"""The rows of a comparison as one flat table, for other programs: CSV or Parquet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bigopt.compare.rows import Row, contender_of
from bigopt.display.formats import as_csv
from bigopt.errors import UsageError, close_to
from bigopt.files.writing import write_bytes
from bigopt.report.measures import answer_seconds, regret_of

FORMATS = ("csv", "parquet")
WORDS = ("instance", "kind", "family", "status", "class", "concept", "solver", "version", "settings", "outcome")
NUMBERS = ("numbers", "repeat", "time_limit", "memory_mb", "wall", "peak_mb", "objective", "bound")
SECONDS = ("load", "build", "solve", "verify")
LATER = ("verified", "stopped", "holds", "model", "used", "note", "started", "key")


def columns(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Return the columns: what was run, how it ended, times and sizes; None where a row has no such number."""
    found: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in WORDS}
    found["contender"] = [contender_of(row) for row in rows]
    found["options"] = [" ".join(f"{k}={v}" for k, v in row.get("options", {}).items()) for row in rows]
    found |= {name: [_number(row.get(name)) for row in rows] for name in NUMBERS}
    found["answer_seconds"] = [_number(answer_seconds(row)) for row in rows]
    found |= {f"{name}_seconds": [_number((row.get("seconds") or {}).get(name)) for row in rows] for name in SECONDS}
    found["regret"] = [_number(regret_of(row)) for row in rows]
    found |= {name: [row.get(name) for row in rows] for name in LATER}
    found["processor"] = [(row.get("machine") or {}).get("processor") for row in rows]
    return found


def write(rows: Sequence[Row], form: str, path: Path) -> Path:
    """Write the rows to a file.

    Raises
    ------
    UsageError
        An unknown format; Parquet without `pyarrow`.
    """
    if form not in FORMATS:
        raise UsageError(f"--to {form[:40]!r}{close_to(form, FORMATS)}")
    table = columns(rows)
    return write_bytes(path, as_csv(table).encode() if form == "csv" else _parquet(table))


def _parquet(table: dict[str, list[Any]]) -> bytes:
    try:
        import pyarrow
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise UsageError("--to parquet: pyarrow is not installed; run: pip install 'bigopt[tables]'") from None
    stream = io.BytesIO()
    arrays = {name: pyarrow.array(values, _type(name)) for name, values in table.items()}
    parquet.write_table(pyarrow.table(arrays), stream)
    return stream.getvalue()


def _type(name: str) -> Any:
    import pyarrow

    if name == "verified":
        return pyarrow.bool_()
    return pyarrow.float64() if name in NUMBERS or "seconds" in name or name == "regret" else pyarrow.string()


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None
