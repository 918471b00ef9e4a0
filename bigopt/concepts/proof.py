"""What a wing's prover hands over: claims, and the witness from which anybody can derive them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Interval:
    """A rational interval: the claim that a number lies in it."""

    lower: Fraction
    upper: Fraction


@dataclass(frozen=True)
class Proof:
    """Claims by field, in fractions, intervals, texts, flags and lists of these; the witness that proves them.

    `words` says the claims in sentences.
    """

    claims: Mapping[str, Any]
    witness: Mapping[str, Any]
    words: tuple[str, ...] = ()


def between(lower: Fraction, upper: Fraction) -> Fraction | Interval:
    """Return an interval, the number itself where both ends agree."""
    return lower if lower == upper else Interval(lower, upper)


def written(value: Any) -> Any:
    """Return JSON data: fractions as "p/q", intervals as objects."""
    if isinstance(value, Interval):
        return {"lower": written(value.lower), "upper": written(value.upper)}
    if isinstance(value, Mapping):
        return {key: written(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [written(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    return str(Fraction(value))
