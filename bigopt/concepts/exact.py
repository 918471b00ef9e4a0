"""Exact values beside floats: which fractions a solution's fields are known to be."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

SHORT = 10**6  # the largest numerator and denominator of a fraction that people are shown
LONGEST = 60  # characters of a field's fractions that people are shown


def parted(fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part what a verifier computed: (fields with floats for fractions, the fields that are fractions, by name)."""
    exact = {key: _lists(value) for key, value in fields.items() if holds_fraction(value)}
    return {key: _floats(value) if key in exact else value for key, value in fields.items()}, exact


def holds_fraction(value: Any) -> bool:
    """Whether there is a fraction in a value, at any depth."""
    if isinstance(value, Mapping):
        return any(map(holds_fraction, value.values()))
    if isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.dtype == object):
        return any(map(holds_fraction, value))
    return isinstance(value, Fraction)


def only_numbers(value: Any) -> bool:
    """Whether a claim is a fraction or a whole number, or lists of these: no interval, text or flag."""
    if isinstance(value, (list, tuple)):
        return all(map(only_numbers, value))
    return isinstance(value, (int, Fraction)) and not isinstance(value, bool)


def texts(value: Any) -> Any:
    """Return fractions as JSON data: "p/q", at any depth."""
    if isinstance(value, Mapping):
        return {str(key): texts(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [texts(item) for item in value]
    return str(value) if isinstance(value, Fraction) else value


def shown(value: Any) -> str:
    """Return fractions as a short text for people, "" where they are too long."""
    if isinstance(value, (list, tuple)):
        parts = [shown(item) for item in value[:LONGEST]]
        text = f"({', '.join(parts)})" if parts and all(parts) and len(value) <= LONGEST else ""
        return text if len(text) <= LONGEST else ""
    if isinstance(value, Mapping) or value is None or isinstance(value, str):
        return ""
    number = Fraction(value)
    return str(number) if abs(number.numerator) <= SHORT and number.denominator <= SHORT else ""


def _lists(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _lists(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return _lists(value.tolist())
    return [_lists(item) for item in value] if isinstance(value, (list, tuple)) else value


def _floats(value: Any) -> Any:
    """Return the nearest floats, in the same containers; an array of fractions becomes one of floats."""
    if isinstance(value, np.ndarray):
        return value.astype(float)
    if isinstance(value, Mapping):
        return {key: _floats(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(_floats, value))
    return float(value) if isinstance(value, Fraction) else value
