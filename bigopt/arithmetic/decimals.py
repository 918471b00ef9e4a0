"""Exact arithmetic on data that people wrote as decimals.

A JSON number such as 0.1 becomes a binary float; its shortest decimal text gives the number that was written back,
so that ties can be decided in integers or fractions.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt


def fraction(value: float) -> Fraction:
    """Return the decimal that `value` was written as, exactly."""
    return Fraction(repr(float(value)))


def fractions(values: npt.ArrayLike) -> npt.NDArray[np.object_]:
    """Return an object array of exact decimals, of the shape of `values`."""
    array = np.asarray(values, dtype=float)
    flat = [fraction(value) for value in array.ravel().tolist()]
    exact = np.empty(array.size, dtype=object)
    exact[:] = flat
    return exact.reshape(array.shape)


def integers(values: npt.ArrayLike) -> tuple[npt.NDArray[np.object_], int]:
    """Return (N, q) with Python integers N such that `values` = N / q exactly, q the least common denominator."""
    exact = fractions(values)
    q = math.lcm(1, *(f.denominator for f in exact.ravel()))
    scaled = np.empty(exact.size, dtype=object)
    scaled[:] = [int(f * q) for f in exact.ravel()]
    return scaled.reshape(exact.shape), q
