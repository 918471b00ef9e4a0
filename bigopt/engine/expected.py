"""Expected answers of an instance: floats within a tolerance, fractions exactly where the solution knows them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from bigopt.concepts.solution import Check, Solution, plain
from bigopt.engine.comparison import compare

FRACTION = re.compile(r"-?\d{1,400}(/[1-9]\d{0,399})?$")


def against(solution: Solution, known: Mapping[str, Any], tolerance: float) -> Check:
    """Return the check of a solution's fields against the expected ones; its note says which were compared exactly.

    An expected "p/q" stands for a number. Where `solution.exact` has the field it must be that fraction; elsewhere the
    field's float must be within the tolerance, as for expected decimals.
    """
    written = {key for key, value in known.items() if _has_fraction(value, plain(solution.fields.get(key)))}
    decimals = {key: _decimals(value, plain(solution.fields.get(key))) for key, value in known.items()}
    check = compare("expected", solution.fields, decimals, tolerance)
    if not written or not check.passed:
        return check
    exact = solution.fractions if written <= set(solution.fractions) else solution.exact
    exactly = sorted(written & set(exact))
    for key in exactly:
        wrong = _mismatch(exact[key], known[key])
        if wrong:
            return replace(check, value=math.inf, note=f"{key}: exactly {wrong}")
    floats = sorted(written - set(exactly))
    said = [f"exactly: {', '.join(exactly)}"] if exactly else []
    said += [f"in floats: {', '.join(floats)}"] if floats else []
    return replace(check, note="; ".join([*said, check.note] if check.note else said))


def _is_fraction(known: Any, found: Any) -> bool:
    number = isinstance(found, (int, float)) and not isinstance(found, bool)
    return number and isinstance(known, str) and FRACTION.match(known) is not None


def _pairs(known: Any, found: Any) -> list[tuple[Any, Any]]:
    """Return (expected, found) of every leaf of the expected value that has a counterpart."""
    if isinstance(known, Mapping) and isinstance(found, Mapping):
        return [pair for key in known if key in found for pair in _pairs(known[key], found[key])]
    if isinstance(known, (list, tuple)) and isinstance(found, (list, tuple)):
        return [pair for a, b in zip(known, found, strict=False) for pair in _pairs(a, b)]
    return [(known, found)]


def _has_fraction(known: Any, found: Any) -> bool:
    return any(_is_fraction(a, b) for a, b in _pairs(known, found))


def _decimals(known: Any, found: Any) -> Any:
    """Return the expected value with floats for fractions, where a number was found."""
    if isinstance(known, Mapping) and isinstance(found, Mapping):
        return {key: _decimals(value, found.get(key)) for key, value in known.items()}
    if isinstance(known, list) and isinstance(found, list) and len(known) == len(found):
        return [_decimals(a, b) for a, b in zip(known, found, strict=True)]
    return float(Fraction(known)) if _is_fraction(known, found) else known


def _mismatch(exact: Any, known: Any) -> str:
    """Return "found, expected" of the first expected fraction or whole number that an exact value is not."""
    for a, b in _pairs(known, exact):
        told = isinstance(a, str) or (isinstance(a, int) and not isinstance(a, bool))
        if told and isinstance(b, (int, Fraction)) and Fraction(a) != b:
            return f"{str(b)[:40]}, expected {str(a)[:40]}"
    return ""
