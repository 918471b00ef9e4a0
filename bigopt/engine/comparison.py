"""What an answer says against what was claimed or expected of it, field by field."""

from __future__ import annotations

import math
from collections.abc import Container, Mapping
from typing import Any

import numpy as np

from bigopt.concepts.solution import Check, plain

SMALLEST_SIZE = 1e-9  # of the middle one of all fields' largest numbers: a field of zeros is compared in this unit


def sizes(found: Mapping[str, Any]) -> dict[str, float]:
    """Return the size of the numbers in each field, so that claims of small games are held to small differences."""
    own = {key: largest(plain(value)) for key, value in found.items()}
    floor = smallest(found)
    return {key: max(size, floor) or 1.0 for key, size in own.items()}


def smallest(found: Mapping[str, Any]) -> float:
    """Return the unit of fields of zeros; one huge field, as a bound that says nothing, does not blunt the others."""
    own = sorted(size for value in found.values() if (size := largest(plain(value))) > 0)
    return SMALLEST_SIZE * own[len(own) // 2] if own else 0.0


def own_difference(found: Any, known: Any, floor: float) -> float:
    """Return the largest difference of two values, each key's numbers in their own size, at least `floor`."""
    if isinstance(found, dict) and isinstance(known, dict):
        if set(known) - set(found):
            return math.inf
        return max((own_difference(found[key], known[key], floor) for key in known), default=0.0)
    if isinstance(found, list) and isinstance(known, list) and any(isinstance(entry, dict) for entry in found):
        if len(found) != len(known):
            return math.inf
        return max((own_difference(a, b, floor) for a, b in zip(found, known, strict=True)), default=0.0)
    return difference(found, known, max(largest(found), floor) or 1.0)


def largest(value: Any) -> float:
    """Return the largest absolute float of JSON data; whole numbers are counts or indices."""
    if isinstance(value, dict):
        return max(map(largest, value.values()), default=0.0)
    if isinstance(value, list):
        return max(map(largest, value), default=0.0)
    return abs(value) if isinstance(value, float) else 0.0


def compare(
    name: str,
    found: Mapping[str, Any],
    known: Mapping[str, Any],
    tolerance: float,
    floor: float | None = None,
    unitless: Container[str] = (),
) -> Check:
    """Return the worst difference over the known fields; its note names the field.

    Relative to at least 1, or to each field's own size and the `floor` that is given: amounts of a large unit say
    nothing of the `unitless` fields, whose floor is that of amounts near 1.
    """
    worst, note = 0.0, ""
    for key, value in known.items():
        if key not in found:
            return Check(name, math.inf, tolerance, note=f"{key}: the solution has no such field")
        here, there = plain(found[key]), plain(value)
        if floor is None:
            gap = difference(here, there)
        else:
            gap = own_difference(here, there, SMALLEST_SIZE if key in unitless else floor)
        if not gap <= worst:
            worst, note = gap, f"{key}: {_short(found[key])}, {name} {_short(value)}"
    return Check(name, worst, tolerance, note=note)


def difference(found: Any, known: Any, size: float = 1.0) -> float:
    """Return the largest difference of two values of one shape, relative to max(size, |known|); infinity if unlike."""
    if isinstance(known, dict) and isinstance(found, dict):
        if set(known) - set(found):
            return math.inf
        return max((difference(found[key], known[key], size) for key in known), default=0.0)
    if isinstance(known, list) and isinstance(found, list):
        if len(known) != len(found):
            return math.inf
        try:
            a, b = np.asarray(found, dtype=float), np.asarray(known, dtype=float)
            if a.shape == b.shape and not np.isnan(a).any() and not np.isnan(b).any():  # None became NaN
                return float(np.max(np.abs(a - b) / np.maximum(size, np.abs(b)), initial=0.0))
        except (TypeError, ValueError, OverflowError):
            pass
        return max((difference(x, y, size) for x, y in zip(found, known, strict=True)), default=0.0)
    if isinstance(known, bool) or isinstance(found, bool) or isinstance(known, str) or known is None or found is None:
        return 0.0 if found == known and type(found) is type(known) else math.inf
    try:
        return abs(float(found) - float(known)) / max(size, abs(float(known)))
    except (TypeError, ValueError, OverflowError):
        return math.inf


def _short(value: Any) -> str:
    text = str(plain(value))
    return text if len(text) <= 60 else text[:57] + "..."
