"""Persuasion in fractions, written anew for comparison: a textbook simplex method, and two states by their breakpoints.

Nothing of bigopt's own algorithms is used: every obedience row of every action is written down, and with two states
the sender's value is computed on each interval of beliefs and at each of its ends.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

Matrix = list[list[Fraction]]
ZERO, ONE = Fraction(0), Fraction(1)


def optimum(c: list[Fraction], A: Matrix, b: list[Fraction]) -> Fraction | None:
    """Maximize ``c'x`` over ``A x = b >= 0``, ``x >= 0`` by Bland's rule in two phases; None if infeasible."""
    m, n = len(A), len(c)
    table = [
        [*row, *(ONE if i == k else ZERO for k in range(m)), right]
        for i, (row, right) in enumerate(zip(A, b, strict=True))
    ]
    basis = list(range(n, n + m))
    if _pivots(table, basis, [ZERO] * n + [-ONE] * m, n + m) != 0:
        return None
    for i in range(m):
        if basis[i] >= n:
            j = next((k for k in range(n) if table[i][k] != 0), None)
            if j is not None:
                _pivot(table, basis, i, j)
    rows = [i for i in range(m) if basis[i] < n]
    table, basis = [[*table[i][:n], table[i][-1]] for i in rows], [basis[i] for i in rows]
    return _pivots(table, basis, c, n)


def _pivots(table: Matrix, basis: list[int], c: list[Fraction], n: int) -> Fraction:
    while True:
        gain = [c[j] - sum(c[basis[i]] * table[i][j] for i in range(len(table)) if table[i][j]) for j in range(n)]
        j = next((k for k in range(n) if gain[k] > 0), None)
        if j is None:
            return sum((c[basis[i]] * table[i][-1] for i in range(len(table))), ZERO)
        ratios = [(row[-1] / row[j], basis[i], i) for i, row in enumerate(table) if row[j] > 0]
        _pivot(table, basis, min(ratios)[2], j)


def _pivot(table: Matrix, basis: list[int], i: int, j: int) -> None:
    head = table[i][j]
    table[i] = [v / head for v in table[i]]
    for k, row in enumerate(table):
        if k != i and row[j]:
            table[k] = [v - row[j] * w if w else v for v, w in zip(row, table[i], strict=True)]
    basis[i] = j


def single(p: list[Fraction], u: Matrix, U: Matrix, first: bool, margin: Fraction) -> Fraction | None:
    """Return one sender's supremum from the full program; under `first` over the actions that are somewhere first."""
    live = [s for s in range(len(p)) if p[s] > 0]
    actions = range(len(u[0]))
    taken = [a for a in actions if not first or _first_somewhere([u[s] for s in live], a)]
    pairs = [(a, b) for a in taken for b in actions if b != a]
    columns = [(s, a) for s in live for a in taken]
    A = [[ONE if s == t else ZERO for s, _ in columns] + [ZERO] * len(pairs) for t in live]
    for k, (a, b) in enumerate(pairs):
        row = [u[s][b] - u[s][a] + margin if c == a else ZERO for s, c in columns]
        A.append(row + [ONE if i == k else ZERO for i in range(len(pairs))])
    cost = [U[s][a] for s, a in columns] + [ZERO] * len(pairs)
    return optimum(cost, A, [*(p[s] for s in live), *([ZERO] * len(pairs))])


def _first_somewhere(u: Matrix, a: int) -> bool:
    """Whether some belief makes an action strictly better than all before it and no worse than those after it."""
    states, count = len(u), len(u[0])
    others = [b for b in range(count) if b != a]
    A = [[*(row[b] - row[a] for row in u), ONE if b < a else ZERO] for b in others]  # <= 0, the last column is t
    A.append([ONE] * states + [ZERO])
    A.append([ZERO] * states + [ONE])  # t <= 1
    slack = [i for i in range(len(A)) if i != len(others)]
    for i, row in enumerate(A):
        row.extend(ONE if i == k else ZERO for k in slack)
    cost = [ZERO] * states + [ONE] + [ZERO] * len(slack)
    found = optimum(cost, A, [ZERO] * len(others) + [ONE, ONE])
    return found is not None and (found > 0 or a == 0)


def two_states(
    p: tuple[Fraction, Fraction], u: Matrix, U: Matrix, kernel: Matrix, order: list[Matrix] | None
) -> Fraction:
    """Return a sender's supremum beside a kernel [2][M]; `order` decides ties, then the index; None: as he likes."""
    if 0 in p:
        live = 0 if p[0] > 0 else 1
        return value_at(Fraction(live), u, U, kernel, order)
    mu = p[1] / (p[0] + p[1])
    marks = _marks(u, kernel, [u, *(order or [])])
    points = [(x, value_at(x, u, U, kernel, order)) for x in marks]
    for left, right in pairwise(marks):
        one, two = (2 * left + right) / 3, (left + 2 * right) / 3  # V is linear between marks: two points tell its ends
        v1, v2 = value_at(one, u, U, kernel, order), value_at(two, u, U, kernel, order)
        points += [(left, 2 * v1 - v2), (right, 2 * v2 - v1)]
    best = max(v for x, v in points if x == mu) if any(x == mu for x, _ in points) else None
    for x, v in points:
        for y, w in points:
            if x < mu < y:
                height = v + (w - v) * (mu - x) / (y - x)
                best = height if best is None or height > best else best
    assert best is not None
    return best


def _marks(u: Matrix, kernel: Matrix, tables: list[Matrix]) -> list[Fraction]:
    found = {ZERO, ONE}
    for m in range(len(kernel[0])):
        for table in tables:
            for a in range(len(u[0])):
                for b in range(a):
                    low = kernel[0][m] * (table[0][a] - table[0][b])
                    high = kernel[1][m] * (table[1][a] - table[1][b])
                    if low != high and 0 < low / (low - high) < 1:
                        found.add(low / (low - high))
    return sorted(found)


def value_at(x: Fraction, u: Matrix, U: Matrix, kernel: Matrix, order: list[Matrix] | None) -> Fraction:
    """Return a sender's value at a belief, Alice answering every message of the kernel by her tie rule."""
    total = ZERO
    for m in range(len(kernel[0])):
        weight = (kernel[0][m] * (1 - x), kernel[1][m] * x)

        def worth(table: Matrix, a: int, weight: tuple[Fraction, Fraction] = weight) -> Fraction:
            return weight[0] * table[0][a] + weight[1] * table[1][a]

        tied = list(range(len(u[0])))
        for table in [u, *([U] if order is None else order)]:
            best = max(worth(table, a) for a in tied)
            tied = [a for a in tied if worth(table, a) == best]
        total += worth(U, tied[0])
    return total
