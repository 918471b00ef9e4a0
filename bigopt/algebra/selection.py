"""Choosing so many of a set of items, as variables: one statement that the subset models share."""

from __future__ import annotations

from collections.abc import Sequence

import pyomo.environ as pyo

from bigopt.algebra.expressions import dot


def add_shown(m: pyo.ConcreteModel, items: int, size: int, repeats: bool) -> None:
    """Add the set M of items, how often each is shown, and ``count``: `size` of them, each once or with repeats."""
    m.M = pyo.RangeSet(0, items - 1)
    m.shown = pyo.Var(m.M, domain=pyo.NonNegativeIntegers, bounds=(0, size if repeats else 1))
    m.count = pyo.Constraint(expr=dot([1.0] * items, m.shown.values()) == size)


def picked(shown: pyo.Var, places: Sequence[object] | None = None) -> list[int]:
    """Return the items shown, each as often as it is; values are rounded to whole numbers."""
    keys = list(shown) if places is None else places
    return [j for j, key in enumerate(keys) for _ in range(round(pyo.value(shown[key])))]
