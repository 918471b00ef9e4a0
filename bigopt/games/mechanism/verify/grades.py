"""Checks by what they rest on."""

from __future__ import annotations

from bigopt.concepts.solution import Check

DIGITS = 1e-15  # of lambda: the rounding of lambda times a divergence, which no stake bounds


def proved(name: str, value: float, limit: float, unit: str, note: str) -> Check:
    """Return an inequality that was evaluated here; `note` names the theorem."""
    return Check(name, value, limit, unit, note, grade="proved")


def recomputed(name: str, value: float, limit: float, unit: str, note: str) -> Check:
    """Return a comparison with a second algorithm, which `note` names."""
    return Check(name, value, limit, unit, note)  # as all are that are not said to be otherwise


def beside(name: str, value: float, limit: float, unit: str, note: str, grade: str) -> Check:
    """Return a check of something that the concept's name does not claim."""
    return Check(name, value, limit, unit, note, grade=grade, claimed=False)
