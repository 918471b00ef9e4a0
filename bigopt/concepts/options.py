"""Parsers of options: each turns a text into a value, or raises ValueError with what was expected."""

from __future__ import annotations

import math
import re
from fractions import Fraction

MOST = 10**6
DIGITS = 1000  # behind the point, of a bound that is to be proved
BOUND = re.compile(r"\d{1,1000}(\.\d{1,1000}|/[1-9]\d{0,999})?([eE][+-]?\d{1,4})?")


FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def flag(text: str) -> bool:
    """Parse true or false."""
    if text.lower() not in FLAGS:
        raise ValueError("expected true or false")
    return FLAGS[text.lower()]


def whole(text: str) -> int:
    """Parse a whole number >= 0."""
    value = int(text)
    if value < 0:
        raise ValueError("expected a whole number >= 0")
    return value


def count(text: str) -> int:
    """Parse a whole number from 1 to a million."""
    value = int(text)
    if not 1 <= value <= MOST:
        raise ValueError(f"expected a whole number from 1 to {MOST}")
    return value


def non_negative(text: str) -> float:
    """Parse a finite number >= 0."""
    value = float(text)
    if not (math.isfinite(value) and value >= 0):
        raise ValueError("expected a number of at least 0")
    return value


def positive(text: str) -> float:
    """Parse a finite number > 0."""
    value = float(text)
    if not (math.isfinite(value) and value > 0):
        raise ValueError("expected a number above 0")
    return value


def below_one(text: str) -> float:
    """Parse a number strictly between 0 and 1."""
    value = float(text)
    if not 0 < value < 1:
        raise ValueError("expected a number between 0 and 1")
    return value


def share(text: str) -> float:
    """Parse a share from 1e-6 to 1, as 0.01 or 1/100."""
    value = float(Fraction(text))
    if not 1e-6 <= value <= 1:
        raise ValueError("expected a share from 1e-6 to 1")
    return value


def bound(text: str) -> Fraction:
    """Parse a number from 1e-1000 to 1e1000 exactly, as 1e-12 or 1/1000."""
    value = Fraction(text) if BOUND.fullmatch(text) else Fraction(0)
    if not Fraction(1, 10**DIGITS) <= value <= 10**DIGITS:
        raise ValueError(f"expected a number above 0, as 1e-12 or 1/1000, of at least 1e-{DIGITS}")
    return value
