"""Squares of sums of binaries as linear rows, for solvers of MILPs: one statement that the subset models share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from bigopt.algebra.expressions import dot
from bigopt.arithmetic.arrays import Floats


def copies(items: int, size: int, repeats: bool) -> list[tuple[int, int]]:
    """Return (item, copy) for every binary of a player: one an item, or `size` an item where it may repeat."""
    return [(j, c) for j in range(items) for c in range(size if repeats else 1)]


def add_copies(m: pyo.ConcreteModel, owners: Sequence[tuple[int, ...]]) -> None:
    """Add a binary ``m.y[a]`` a copy, tied to ``m.shown[owners[a]]``; copies of one owner stand together."""
    of: dict[tuple[int, ...], list[int]] = {}
    for a, owner in enumerate(owners):
        of.setdefault(owner, []).append(a)
    m.y = pyo.Var(range(len(owners)), domain=pyo.Binary)
    later = [a for group in of.values() for a in group[1:]]

    @m.Constraint(list(of))
    def copied(m: Any, *owner: int) -> Any:
        group = of[owner]
        return dot([1.0] + [-1.0] * len(group), [m.shown[owner], *(m.y[a] for a in group)]) == 0

    @m.Constraint(later)
    def ordered(m: Any, a: int) -> Any:
        return m.y[a] - m.y[a - 1] <= 0


def add_square(
    m: pyo.ConcreteModel,
    vectors: Floats,
    fixed: Floats,
    sizes: Sequence[tuple[Sequence[int], int]],
    both_sides: bool = False,
) -> object:
    """Add products of the binaries ``m.y[a]`` and return | fixed + sum_a vectors[a] y[a] |^2, linear in them.

    The square is |fixed|^2 + sum_a (|u_a|^2 + 2 fixed.u_a) y_a + 2 sum_{a<b} u_a.u_b both[a,b], since y_a^2 = y_a, with

    - both <= y_a, both <= y_b          (y_b <= 1, y_a <= 1), needed where u_a.u_b < 0 and the minimum pushes up;
    - both >= y_a + y_b - 1, both >= 0  ((1 - y_a)(1 - y_b) >= 0), needed where u_a.u_b > 0 and it pushes down;
    - sum_{b != a in G} both[a,b] == (k - 1) y_a for each player's binaries G, which add up to k (that times y_a).

    With `both_sides` every product gets all rows, and is exact in any constraint. Every constant of the linearization
    is 1 or k - 1, and none is a large M.
    """
    gram = vectors @ vectors.T
    count = len(vectors)
    together = {(a, b) for group, _ in sizes for s, a in enumerate(group) for b in group[s + 1 :]}
    pairs = [
        (a, b) for a in range(count) for b in range(a + 1, count) if both_sides or gram[a, b] != 0 or (a, b) in together
    ]
    m.both = pyo.Var(pairs, bounds=(0, 1))
    rising = [p for p in pairs if both_sides or gram[p] < 0]
    falling = [p for p in pairs if both_sides or gram[p] > 0]
    m.first = pyo.Constraint(rising, rule=lambda m, a, b: m.both[a, b] - m.y[a] <= 0)
    m.second = pyo.Constraint(rising, rule=lambda m, a, b: m.both[a, b] - m.y[b] <= 0)
    m.least = pyo.Constraint(falling, rule=lambda m, a, b: m.both[a, b] - m.y[a] - m.y[b] >= -1)
    m.rows = pyo.ConstraintList()
    for group, k in sizes:
        for a in group:
            terms = [m.both[min(a, b), max(a, b)] for b in group if b != a]
            if terms:
                m.rows.add((LinearExpression(None, 0.0, [1.0] * len(terms) + [1.0 - k], [*terms, m.y[a]]), 0))
    alone = (gram.diagonal() + 2 * vectors @ fixed).tolist()
    coefficients = [*alone, *(2 * float(gram[p]) for p in pairs)]
    variables = [*(m.y[a] for a in range(count)), *(m.both[p] for p in pairs)]
    return LinearExpression(None, float(fixed @ fixed), coefficients, variables)
