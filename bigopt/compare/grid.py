"""The grid of a sweep: numbers of a game by their JSON paths, and the values that they take."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bigopt.compare.rows import Row
from bigopt.concepts.solution import plain
from bigopt.errors import UsageError, close_to

LARGEST = 1_000_000  # points: refused before the grid is made
STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]|\.")


def grid(data: Any, changes: Mapping[str, Sequence[float]]) -> list[Row]:
    """Return the points, each a number a path."""
    if not isinstance(changes, Mapping) or not changes:
        raise UsageError("sweep: no changes, expected a mapping from JSON paths to values, as {'weights[0]': [0, 1]}")
    axes: list[list[float]] = []
    for path, values in changes.items():
        _check_path(data, path)
        axes.append(_values(path, values))
    count = math.prod(map(len, axes))
    if count > LARGEST:
        raise UsageError(f"sweep: {count} points, expected at most {LARGEST}: take fewer values")
    return [dict(zip(changes, values, strict=True)) for values in itertools.product(*axes)]


def _values(path: str, values: Any) -> list[float]:
    """Return the values of a path as plain numbers, whole ones as ints."""
    given = plain(values) if not isinstance(values, (str, bytes)) else values
    given = list(given) if isinstance(given, (list, tuple, range)) else [given]
    for i, value in enumerate(given):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise UsageError(f"sweep: values of {path}[{i}]: {str(value)[:40]!r}, expected a finite number")
    if not given:
        raise UsageError(f"sweep: {path}: no values, expected at least one")
    return list(dict.fromkeys(given))


def steps(path: str) -> list[str | int]:
    """Split a JSON path, as bobs[1].utility[0], into keys and indices."""
    found: list[str | int] = []
    end = 0
    for match in STEP.finditer(path):
        if match.start() != end:
            break
        end = match.end()
        if match[1] is not None:
            found.append(match[1])
        elif match[2] is not None:
            found.append(int(match[2]))
    if end != len(path) or not found:
        raise UsageError(f"sweep: {path[:60]!r} is not a path, expected one as weights[0] or bobs[1].utility[0][2]")
    return found


def _check_path(data: Any, path: str) -> None:
    """Refuse a path that does not lead to a number, naming what stands there."""
    here, walked = data, ""
    for step in steps(path):
        if isinstance(here, Mapping) and isinstance(step, str):
            if step not in here:
                raise UsageError(f"sweep: {walked or 'the game'} has no {step[:40]!r}{close_to(step, here)}")
        elif isinstance(here, list) and isinstance(step, int):
            if step >= len(here):
                raise UsageError(f"sweep: {walked}[{step}]: there are {len(here)} entries, counted from 0")
        else:
            raise UsageError(f"sweep: {walked or path}: no {step!r} below it, expected the path of a number")
        here = here[step]
        walked += f"[{step}]" if isinstance(step, int) else f".{step}" if walked else step
    if isinstance(here, (Mapping, list, str, bool)) or here is None:
        what = f"{len(here)} entries" if isinstance(here, (list, Mapping)) else repr(here)[:40]
        raise UsageError(f"sweep: {path}: {what}, expected the path of one number, as {path}[0]")


def put(data: Any, path: str, value: float) -> None:
    """Change the number at a path."""
    *before, last = steps(path)
    for step in before:
        data = data[step]
    data[last] = value


def parse_change(text: str) -> tuple[str, list[float]]:
    """Read ``PATH=FROM:TO:COUNT`` (evenly spaced, both ends) or ``PATH=A,B,C``.

    Raises
    ------
    UsageError
        The text is neither.
    """
    path, equals, values = text.rpartition("=")
    try:
        if not equals:
            raise ValueError
        if ":" in values:
            low, high, count = values.split(":")
            return path, _spaced(float(low), float(high), int(count))
        return path, [_number(each) for each in values.split(",")]
    except ValueError:
        raise UsageError(f"--set {text[:60]!r}, expected PATH=FROM:TO:COUNT or PATH=A,B,C with numbers") from None


def _spaced(low: float, high: float, count: int) -> list[float]:
    """Return evenly spaced numbers, as decimals near what was written: 0.3 rather than 0.30000000000000004."""
    if not 1 <= count <= LARGEST or not math.isfinite(low + high):
        raise ValueError
    gaps = max(count - 1, 1)
    return [float(f"{low + (high - low) * i / gaps:.15g}") for i in range(count)]


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError
    return int(text) if re.fullmatch(r"[-+]?\d+", text.strip()) else value
