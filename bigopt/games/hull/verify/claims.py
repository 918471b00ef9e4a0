"""Numbers that a solution claims beside those computed here, each in its own size."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from bigopt.concepts import Check
from bigopt.concepts.solution import plain

SAME = 1e-6  # relative: two exact solvers differ by less


def recorded(point: Mapping[str, Any], fields: Mapping[str, Any], scale: float) -> Check:
    """Return the check that the point's own numbers, where it has any, are those of `fields`.

    `scale` is a size below which numbers are rounding: errors of perfect fits are told from 0 no further than that.
    """
    worst, note = 0.0, ""
    for key, found in fields.items():
        if point.get(key) is not None:
            gap = _difference(plain(found), plain(point[key]), scale)
            if not gap <= worst:
                worst, note = gap, f"{key} is another here"
    return Check("recorded", worst, SAME, "own size", note, grade="recomputed")


def _difference(found: Any, given: Any, scale: float) -> float:
    """Return the largest relative difference of two values, infinity where they are not alike."""
    if isinstance(found, dict) and isinstance(given, dict):
        if set(given) != set(found):
            return math.inf
        return max((_difference(found[key], given[key], scale) for key in found), default=0.0)
    if isinstance(found, list) and isinstance(given, list):
        if len(found) != len(given):
            return math.inf
        return max((_difference(a, b, scale) for a, b in zip(found, given, strict=True)), default=0.0)
    if isinstance(found, (int, float)) and isinstance(given, (int, float)) and type(found) is type(given):
        return abs(found - given) / max(abs(found), abs(given), scale) if found != given else 0.0
    if isinstance(found, float) and isinstance(given, int) and not isinstance(given, bool):
        return _difference(found, float(given), scale)
    return 0.0 if found == given else math.inf
