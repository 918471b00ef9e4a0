"""Tables in the users' formats (CSV, TSV, Parquet; pandas, polars, pyarrow frames) as columns of numbers or texts."""

from __future__ import annotations

import io
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from bigopt.arithmetic.columns import Columns
from bigopt.concepts.concept import Game
from bigopt.errors import InstanceError, UsageError, first_line
from bigopt.files.instance import FORMAT
from bigopt.files.writing import write_bytes, write_text

LARGEST = 60_000_000  # cells: refused before they are read
BLOCK = 1 << 20
BESIDE = 2_000  # numbers of one array: longer ones stand in a sidecar
EXTRA = "pip install 'bigopt[tables]'"


def read(path: str | Path) -> Columns:
    """Read a table file; its ending says what it is.

    Raises
    ------
    InstanceError
        One line: the file, what is wrong, what was expected.
    UsageError
        The packages that read tables are not installed.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in (".csv", ".tsv", ".parquet"):
        raise InstanceError(f"{path}: ends in {ending or 'nothing'!r}, expected .csv, .tsv or .parquet")
    narwhals = _narwhals("pyarrow")
    try:
        _check_size(path, ending)
        if ending == ".parquet":
            frame = narwhals.read_parquet(path, backend="pyarrow")
        else:
            frame = narwhals.read_csv(path, backend="pyarrow", separator="\t" if ending == ".tsv" else ",")
        return columns(frame)
    except (InstanceError, UsageError):
        raise
    except OSError as error:
        raise InstanceError(f"{path}: {error.strerror or first_line(error)}: expected a readable table") from None
    except MemoryError:
        raise InstanceError(f"{path}: out of memory: take fewer rows or columns") from None
    except Exception as error:  # pyarrow has its own tree of errors
        raise InstanceError(f"{path}: {first_line(error)[:120]}: expected a table with one line of names") from None


def columns(frame: Any) -> Columns:
    """Return the columns of a pandas, polars or pyarrow frame by name."""
    narwhals = _narwhals()
    try:
        data = narwhals.from_native(frame, eager_only=True)
    except TypeError:
        what = " ".join(repr(frame).split())[:40]
        raise UsageError(f"{what}: no table, expected a file, or a pandas, polars or pyarrow frame") from None
    if data.shape[0] * data.shape[1] > LARGEST:
        raise UsageError(f"{data.shape[0]} rows of {data.shape[1]} columns, more than {LARGEST} cells: take fewer")
    if len(set(data.columns)) < len(data.columns):
        raise InstanceError("two columns have one name, expected different names")
    found: dict[str, Any] = {}
    for name in data.columns:
        series = data[name]
        if series.dtype.is_numeric():
            found[name] = np.asarray(series.cast(narwhals.Float64).to_numpy(), dtype=float)
        else:
            found[name] = np.array(series.to_list(), dtype=object)
    return found


def _narwhals(*others: str) -> Any:
    """Return the package that reads all frames alike; `others` are what it reads files with."""
    try:
        import narwhals

        for other in others:
            import_module(other)
    except ImportError as error:
        raise UsageError(f"tables: {error.name} is not installed: {EXTRA}") from None
    return narwhals


def _check_size(path: Path, ending: str) -> None:
    """Refuse a table with more cells than fit, before they are read."""
    rows, width = _parquet_shape(path) if ending == ".parquet" else _text_shape(path, ending)
    if rows * width > LARGEST:
        raise InstanceError(f"{path}: {rows} rows of {width} columns, expected at most {LARGEST} cells: take fewer")


def _parquet_shape(path: Path) -> tuple[int, int]:
    from pyarrow import parquet

    meta = parquet.ParquetFile(path).metadata
    return int(meta.num_rows), int(meta.num_columns)


def _text_shape(path: Path, ending: str) -> tuple[int, int]:
    """Return the lines and columns of a text table; counting ends where they are too many."""
    with path.open("rb") as file:
        width = file.readline(BLOCK).count(b"\t" if ending == ".tsv" else b",") + 1
        lines = 0
        while block := file.read(BLOCK):
            lines += block.count(b"\n")
            if lines * width > LARGEST:
                break
    return lines, width


def write_beside(game: Game, path: Path, **common: Any) -> list[Path]:
    """Write an instance file whose long arrays stand in an npz beside it; return the files that were written."""
    import json

    data: dict[str, Any] = {"format": FORMAT, "kind": game.kind, "name": game.name} | common | game.to_instance()
    sidecar = path.with_suffix(".npz")
    beside: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, dict):
            data[key] = {name: _apart(entry, f"{key}.{name}", sidecar, beside) for name, entry in value.items()}
        else:
            data[key] = _apart(value, key, sidecar, beside)
    text = json.dumps(data, indent=1, allow_nan=False) + "\n"
    if not beside:
        return [write_text(path, text)]
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **beside)
    return [write_bytes(sidecar, stream.getvalue()), write_text(path, text)]


def _apart(value: Any, key: str, sidecar: Path, beside: dict[str, Any]) -> Any:
    """Put a long array among those beside the file and return the reference to it; anything else stays."""
    try:
        array = np.asarray(value) if isinstance(value, list) else None
    except ValueError:  # rows of different lengths, as of states with different policies
        return value
    if array is None or array.dtype.kind not in "iuf" or array.size <= BESIDE:
        return value
    beside[key] = array
    return {"npz": sidecar.name, "key": key}
