"""Players who show so many of a set of items each, as variables: one statement that the subset models share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyomo.environ as pyo

from bigopt.algebra.expressions import dot


def add_choices(m: pyo.ConcreteModel, players: pyo.Set, size: Sequence[int], repeats: bool) -> None:
    """Add how often each of `players` shows an item of m.M: `size[i]` of them in all, each once or with repeats.

    shown[i, j]  in {0, 1}, or in {0..size[i]} with repeats
    count[i]:    sum_j shown[i, j] == size[i]
    """
    bounds = {i: (0, size[i] if repeats else 1) for i in players}
    m.shown = pyo.Var(players, m.M, domain=pyo.NonNegativeIntegers, bounds=lambda m, i, j: bounds[i])

    @m.Constraint(players)
    def count(m: Any, i: int) -> Any:
        return dot([1.0] * len(m.M), [m.shown[i, j] for j in m.M]) == size[i]


def choices_of(m: pyo.ConcreteModel) -> list[list[int]]:
    """Return each player's items, each as often as it is shown; values are rounded to whole numbers."""
    players, items = m.shown.index_set().subsets()
    return [[j for j in items for _ in range(round(pyo.value(m.shown[i, j])))] for i in players]
