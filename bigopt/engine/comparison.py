"""What an answer says against what was claimed or expected of it, field by field."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from bigopt.concepts.solution import Check, plain

SMALLEST_SIZE = 1e-9  # of the largest number of all fields: a field of zeros is compared in this unit


def sizes(found: Mapping[str, Any]) -> dict[str, float]:
    """Return the size of the numbers in each field, so that claims of small games are held to small differences."""
    own = {key: largest(plain(value)) for key, value in found.items()}
    floor = SMALLEST_SIZE * max(own.values(), default=0.0)
    return {key: max(size, floor) or 1.0 for key, size in own.items()}


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
    sizes: Mapping[str, float] = MappingProxyType({}),
) -> Check:
    """Return the worst difference over the known fields, relative to at least `sizes` (1); its note names the field."""
    worst, note = 0.0, ""
    for key, value in known.items():
        if key not in found:
            return Check(name, math.inf, tolerance, note=f"{key}: the solution has no such field")
        gap = difference(plain(found[key]), plain(value), sizes.get(key, 1.0))
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
