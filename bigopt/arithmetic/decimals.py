"""Exact arithmetic on data that people wrote as decimals.

A JSON number such as 0.1 becomes a binary float; its shortest decimal text gives the number that was written back,
so that ties can be decided in integers or fractions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats, Ints

WHOLE = 2.0**53  # whole numbers below it are floats, exactly

FLOATS_KEEP = 15  # significant digits that every float gives back
EXPONENTS = 400  # beyond, a float is 0 or infinite, and exact decimals are too long to keep


class Written(float):
    """A float that remembers the decimal of more digits that it was written as."""

    exact: Fraction
    text: str


def written(text: str) -> float:
    """Read a JSON number: a plain float where its shortest text is the same number, else a `Written`."""
    value = float(text)
    mantissa, _, exponent = text.lower().partition("e")
    if sum(c.isdigit() for c in mantissa) <= FLOATS_KEEP or abs(int(exponent or 0)) > EXPONENTS:
        return value
    exact = Fraction(text)
    if not math.isfinite(value) or exact == fraction(value):
        return value
    kept = Written(value)
    kept.exact, kept.text = exact, text
    return kept


def fraction(value: Any) -> Fraction:
    """Return the decimal that `value` was written as, exactly; whole numbers and fractions as they are."""
    if isinstance(value, Written):
        return value.exact
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    return Fraction(*_ratio(float(value)))


def seen(value: Fraction) -> float:
    """Return a number as a float that is 0 where the number is: what is too small for floats is the least above 0."""
    return float(value) or math.ulp(0.0) * (value > 0)


def _ratio(value: Any) -> tuple[int, int]:
    """Return the numerator and denominator, in lowest terms, of `fraction(value)`: several times as fast."""
    if isinstance(value, float) and not isinstance(value, Written):
        return Decimal(float.__repr__(value)).as_integer_ratio()
    return fraction(value).as_integer_ratio()


def fractions(values: npt.ArrayLike) -> npt.NDArray[np.object_]:
    """Return an object array of exact decimals, of the shape of `values`."""
    array = np.asarray(values)
    array = array if array.dtype == object else array.astype(float)
    flat = [fraction(value) for value in array.ravel().tolist()]
    exact = np.empty(array.size, dtype=object)
    exact[:] = flat
    return exact.reshape(array.shape)


def integers(values: npt.ArrayLike) -> tuple[npt.NDArray[np.object_], int]:
    """Return (N, q) with Python integers N such that `values` = N / q exactly, q the least common denominator."""
    array = np.asarray(values)
    array = array if array.dtype == object else array.astype(float)
    pairs = [_ratio(value) for value in array.ravel().tolist()]
    q = math.lcm(1, *{denominator for _, denominator in pairs})
    scaled = np.empty(array.size, dtype=object)
    scaled[:] = [numerator * (q // denominator) for numerator, denominator in pairs]
    return scaled.reshape(array.shape), q


@dataclass(frozen=True, eq=False)
class Decimals:
    """A table of decimals as two floats each: the nearest one, and what it leaves out, shapes [S][A].

    Differences of entries are right to the last digits of a float, however far from 0 the entries are and however
    unlike in size: 1000000000.3 - 1000000000 is .3.
    """

    nearest: Floats
    rest: Floats

    @classmethod
    def of(cls, values: Floats) -> Decimals:
        """Read the decimals that floats were written as."""
        rest = np.zeros(values.shape)
        broken = (values != np.round(values)) | (np.abs(values) >= WHOLE)
        rest[broken] = [float(fraction(v) - Fraction(v)) for v in values[broken].tolist()]
        return cls(values, rest)

    def lead(self, told: Ints | int, instead: Ints | int | slice) -> Floats:
        """Return by how much columns `told` exceed columns `instead`, shape [S][pairs]."""
        own = [told] if isinstance(told, (int, np.integer)) else told
        parts = (table[:, own] - table[:, instead] for table in (self.nearest, self.rest))
        total: Floats = sum(parts, np.zeros(()))
        return total
