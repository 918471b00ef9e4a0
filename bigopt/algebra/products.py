"""Squares of sums of binaries as linear rows, for solvers of MILPs: one statement that the subset models share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.arithmetic.arrays import Floats


def add_copies(m: pyo.ConcreteModel, size: Sequence[int], repeats: bool) -> list[tuple[int, int, int]]:
    """Add binaries for the integers ``m.shown[i, j]``, and return each one's (player, item, number).

    C            copies of an item: one a player, or size[i] where items may repeat
    copy_of[a]   = (i, j, c), the player, the item and the number of copy a
    y[a]         in {0, 1}: copy a is shown
    copied[i,j]: shown[i, j] - sum of y[a] over the copies of (i, j) == 0
    ordered[a]:  y[a] - y[a-1] <= 0 for later copies of one item
    """
    names = [(i, j, c) for i, j in m.shown for c in range(size[i] if repeats else 1)]
    m.C = pyo.RangeSet(0, len(names) - 1)
    m.copy_of = pyo.Param(m.C, within=pyo.Any, initialize=dict(enumerate(names)))
    m.y = pyo.Var(m.C, domain=pyo.Binary)
    of: dict[tuple[int, int], list[Any]] = {}
    for a, (i, j, _) in enumerate(names):
        of.setdefault((i, j), []).append(m.y[a])

    @m.Constraint(m.shown.index_set())
    def copied(m: Any, i: int, j: int) -> Any:
        return dot([1.0] + [-1.0] * len(of[i, j]), [m.shown[i, j], *of[i, j]]) == 0

    @m.Constraint([a for a, (_, _, c) in enumerate(names) if c])
    def ordered(m: Any, a: int) -> Any:
        return m.y[a] - m.y[a - 1] <= 0

    return names


def add_square(m: pyo.ConcreteModel, vectors: Floats, fixed: Floats, size: Sequence[int], both_sides: bool) -> Any:
    """Add products of the binaries m.y and return | fixed + sum_a vectors[a] y[a] |^2, linear in them.

    The square is |fixed|^2 + sum_a (|u_a|^2 + 2 fixed.u_a) y_a + 2 sum_{a<b} u_a.u_b both[a,b], since y_a^2 = y_a.

    P               pairs (a, b) of copies, a < b, whose product is needed
    both[a, b]      = y[a] y[b], in [0, 1]
    first[a, b]:    both[a, b] - y[a] <= 0            needed where u_a.u_b < 0 and the minimum pushes up (y_b <= 1)
    second[a, b]:   both[a, b] - y[b] <= 0            the same (y_a <= 1)
    least[a, b]:    both[a, b] - y[a] - y[b] >= -1    where u_a.u_b > 0 and it pushes down ((1 - y_a)(1 - y_b) >= 0)
    group[a]:       sum of both[a, b] over the player's other copies b == (size[i] - 1) y[a]     the count, times y[a]

    With `both_sides` every product gets all rows, and is exact in any constraint. Every constant of the linearization
    is 1 or size[i] - 1, and none is a large M.
    """
    gram = (vectors @ vectors.T).tolist()
    owner = [m.copy_of[a][0] for a in m.C]
    pairs = [(a, b) for a, b in combinations(m.C, 2) if both_sides or gram[a][b] != 0 or owner[a] == owner[b]]
    m.P = pyo.Set(dimen=2, initialize=pairs)
    m.both = pyo.Var(m.P, bounds=(0, 1))
    rising = [(a, b) for a, b in pairs if both_sides or gram[a][b] < 0]
    falling = [(a, b) for a, b in pairs if both_sides or gram[a][b] > 0]

    @m.Constraint(rising)
    def first(m: Any, a: int, b: int) -> Any:
        return m.both[a, b] - m.y[a] <= 0

    @m.Constraint(rising)
    def second(m: Any, a: int, b: int) -> Any:
        return m.both[a, b] - m.y[b] <= 0

    @m.Constraint(falling)
    def least(m: Any, a: int, b: int) -> Any:
        return m.both[a, b] - m.y[a] - m.y[b] >= -1

    @m.Constraint(m.C)
    def group(m: Any, a: int) -> Any:
        others = list(_products_of(m, owner, a))
        return dot([*(1.0 for _ in others), 1.0 - size[owner[a]]], [*others, m.y[a]]) == 0 if others else _SKIP

    alone = [row[a] for a, row in enumerate(gram)] + 2 * vectors @ fixed
    weights = [*alone.tolist(), *(2 * gram[a][b] for a, b in pairs)]
    return dot(weights, [*m.y.values(), *m.both.values()]) + float(fixed @ fixed)


_SKIP = pyo.Constraint.Skip


def _products_of(m: pyo.ConcreteModel, owner: Sequence[int], a: int) -> Iterator[Any]:
    """Yield the products of a copy with the other copies of its player."""
    yield from (m.both[min(a, b), max(a, b)] for b in m.C if b != a and owner[b] == owner[a])
