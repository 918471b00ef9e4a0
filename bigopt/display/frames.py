"""Nested data as rows of a tidy table, and tables as frames of whatever library is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from bigopt.errors import UsageError

BACKENDS = ("pandas", "polars", "pyarrow")  # the first that is installed makes the frame
INDICES = ("i", "j", "k", "l", "m")

Cell = tuple[str, tuple[Any, ...], Any]  # field, where in it, value


def cells(data: Mapping[str, Any]) -> Iterator[Cell]:
    """Yield every entry of nested data: lists add an index, mappings a part of the field's name."""
    for key, value in data.items():
        yield from _entries(str(key), (), value)


def _entries(field: str, at: tuple[int, ...], value: Any) -> Iterator[Cell]:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _entries(f"{field}.{key}", at, item)
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            yield from _entries(field, (*at, i), item)
    else:
        yield field, at, value.item() if isinstance(value, np.generic) else value


def tidy(
    data: Mapping[str, Any],
    names: Mapping[str, Sequence[Sequence[str] | None]],
    by_name: Mapping[str, Any] = {},
) -> dict[str, list[Any]]:
    """Return columns ``field, i, j, ..., value`` with a row an entry.

    `names` has by field what its indices stand for, an axis at a time; None where they are numbers. `by_name` is
    the data with names where numbers stand for them: with any of these there is a last column ``name``.
    """
    found = list(cells(data))
    depth = max((len(at) for _, at, _ in found), default=0)
    columns: dict[str, list[Any]] = {"field": [field for field, _, _ in found]}
    for axis in range(depth):
        columns[INDICES[axis]] = [_name(names.get(field, ()), axis, at) for field, at, _ in found]
    columns["value"] = [value for _, _, value in found]
    called = {(field, at): name for field, at, name in cells(by_name)}
    named = [name if (name := called.get((field, at), value)) != value else None for field, at, value in found]
    if any(isinstance(name, str) for name in named):
        columns["name"] = [name if isinstance(name, str) else None for name in named]
    return columns


def _name(names: Sequence[Sequence[str] | None], axis: int, at: tuple[int, ...]) -> Any:
    if axis >= len(at):
        return None
    known = names[axis] if axis < len(names) else None
    return known[at[axis]] if known is not None and at[axis] < len(known) else at[axis]


def frame(columns: Mapping[str, Sequence[Any]]) -> Any:
    """Return a frame of pandas, or of polars or pyarrow where that is what is installed.

    Raises
    ------
    UsageError
        None of them is installed.
    """
    for name in BACKENDS:
        try:
            library = import_module(name)
        except ImportError:
            continue
        if name == "pandas":
            return library.DataFrame({key: _nullable(values, library) for key, values in columns.items()})
        whole = {key: _one_type(values) for key, values in columns.items()}
        return library.DataFrame(whole, strict=False) if name == "polars" else library.table(whole)
    raise UsageError("to_frame: no frames here: pip install 'bigopt[tables]', or pandas, or polars")


def _nullable(values: Sequence[Any], pandas: Any) -> Any:
    """Return whole numbers with gaps as pandas's integers, which have gaps; anything else as it is."""
    whole = all(value is None or (isinstance(value, int) and not isinstance(value, bool)) for value in values)
    return pandas.array(values, dtype="Int64") if whole and any(value is None for value in values) else list(values)


def _one_type(values: Sequence[Any]) -> list[Any]:
    """Return values of one type, for libraries whose columns have one: numbers as floats, else texts."""
    if all(value is None or isinstance(value, (bool, int, float)) for value in values):
        if any(isinstance(value, float) for value in values):
            return [None if value is None else float(value) for value in values]
        return [None if value is None else int(value) for value in values]
    return [None if value is None else str(value) for value in values]
