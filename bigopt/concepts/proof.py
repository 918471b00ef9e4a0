"""What a wing's prover hands over: claims, and the witness from which anybody can derive them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import Any

from bigopt.concepts.process_wide import ProcessWide
from bigopt.errors import SolverFailed
from bigopt.places import folder, load

SHORT = 10**60  # an end of a wide interval with a longer denominator is rounded outward to multiples of 1 / SHORT


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


def proved(
    kind: str,
    concept: str,
    data: Mapping[str, Any],
    witness: Mapping[str, Any],
    words: tuple[str, ...],
    fields: Collection[str] = (),
) -> Proof:
    """Return a proof whose claims are what the shipped checker derives from a witness.

    Parameters
    ----------
    kind, concept : str
    data : mapping
        The instance, numbers as fractions.
    witness : mapping
    words : texts
        The claims in sentences.
    fields : names, optional
        What is claimed of all that can be derived; default: everything.

    Raises
    ------
    SolverFailed
        The witness proves nothing.
    """
    with long_numbers():
        rules = checker()
        try:
            facts = rules.derived(dict(data) | {"kind": kind}, concept, written(witness, Fraction))
        except (rules.Refuted, KeyError, TypeError, ValueError, IndexError, ArithmeticError) as error:
            raise SolverFailed(f"prove: {str(error)[:200]}: no proof was found, use `bigopt solve`", "error") from None
    return Proof({key: claimed(fact) for key, fact in facts.items() if not fields or key in fields}, witness, words)


def claimed(fact: Any) -> Any:
    """Return the claim that a derived fact proves: ends of intervals of moderate length."""
    if isinstance(fact, list):
        return [claimed(item) for item in fact]
    if not isinstance(fact, tuple):
        return fact
    low, up = map(Fraction, fact)
    if low == up:
        return low
    unit = max(SHORT, 10 ** len(str(ceil(1000 / (up - low)))))  # rounding widens no interval by more than a thousandth
    return Interval(
        low if low.denominator <= unit else Fraction(floor(low * unit), unit),
        up if up.denominator <= unit else Fraction(ceil(up * unit), unit),
    )


@contextmanager
def _checkers_digits() -> Iterator[None]:
    """Let numbers be as long as the checker takes them: it sets Python's limit when it is loaded."""
    kept = sys.get_int_max_str_digits()
    try:
        sys.set_int_max_str_digits(checker().DIGITS)
        yield
    finally:
        sys.set_int_max_str_digits(kept)


long_numbers = ProcessWide(_checkers_digits)


@cache
def checker() -> Any:
    """Return the checker that the package ships; call it within `long_numbers`."""
    return load(folder("checker") / "check_proof.py")


def between(lower: Fraction, upper: Fraction) -> Fraction | Interval:
    """Return an interval, the number itself where both ends agree."""
    return lower if lower == upper else Interval(lower, upper)


def written(value: Any, number: Callable[[Any], Any] = lambda value: str(Fraction(value))) -> Any:
    """Return JSON data: fractions as "p/q" (or whatever `number` makes of them), intervals as objects."""
    if isinstance(value, Fraction):
        return number(value)
    if isinstance(value, Interval):
        return {"lower": written(value.lower, number), "upper": written(value.upper, number)}
    if isinstance(value, Mapping):
        return {key: written(item, number) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [written(item, number) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    return number(value)
