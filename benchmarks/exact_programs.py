"""Convex quadratic and linear programs in exact fractions: slow, short, and another algorithm than the package's own.

Lemke's complementary pivoting (Bimatrix equilibrium points and mathematical programming, 1965) with the lexicographic
ratio test, which cannot cycle: on the optimality conditions of a convex program it ends at a solution, or at a ray that
proves that there is none. It is the yardstick of the reliability runs and of tests; keep programs below 40 columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import fmpq

Row = list[fmpq]


def minimum(
    hessian: Sequence[Sequence[fmpq]], cost: Sequence[fmpq], rows: Sequence[Sequence[fmpq]], sides: Sequence[fmpq]
) -> Row | None:
    """Return x >= 0 with rows x = sides that minimizes x.hessian x / 2 + cost.x, or None where there is none."""
    n, m = len(cost), len(rows)
    size = n + 2 * m
    table = [[fmpq(0)] * size for _ in range(size)]
    for i in range(n):
        for j in range(n):
            table[i][j] = hessian[i][j]
        for r in range(m):
            table[i][n + r], table[i][n + m + r] = -rows[r][i], rows[r][i]
            table[n + r][i], table[n + m + r][i] = rows[r][i], -rows[r][i]
    found = complementary(table, [*cost, *(-s for s in sides), *sides])
    return None if found is None else found[:n]


def complementary(matrix: Sequence[Sequence[fmpq]], q: Sequence[fmpq]) -> Row | None:
    """Return z >= 0 with w = matrix z + q >= 0 and w.z = 0, or None at a ray."""
    n = len(q)
    if min(q) >= 0:
        return [fmpq(0)] * n
    # columns: w (the identity, for the lexicographic rule as well), z, the artificial one, the right side
    table = [[fmpq(int(i == j)) for j in range(n)] + [-v for v in matrix[i]] + [fmpq(-1), q[i]] for i in range(n)]
    basis = list(range(n))
    entering = 2 * n
    leaving = min(range(n), key=lambda i: (q[i], -i))  # of those that tie the lexicographically least
    while True:
        _pivot(table, leaving, entering)
        left, basis[leaving] = basis[leaving], entering
        if left == 2 * n:
            z = [fmpq(0)] * n
            for i, column in enumerate(basis):
                if n <= column < 2 * n:
                    z[column - n] = table[i][-1]
            return z
        entering = left + n if left < n else left - n
        ratios = [i for i in range(n) if table[i][entering] > 0]
        if not ratios:
            return None
        for column in (2 * n + 1, *range(n)):
            least = min(table[i][column] / table[i][entering] for i in ratios)
            ratios = [i for i in ratios if table[i][column] / table[i][entering] == least]
            if len(ratios) == 1:
                break
            if column == 2 * n + 1 and any(basis[i] == 2 * n for i in ratios):
                ratios = [next(i for i in ratios if basis[i] == 2 * n)]
                break
        leaving = ratios[0]


def _pivot(table: list[Row], row: int, column: int) -> None:
    scale = 1 / table[row][column]
    table[row] = [v * scale for v in table[row]]
    pivot = table[row]
    for i, other in enumerate(table):
        factor = other[column]
        if i != row and factor != 0:
            table[i] = [a - factor * b if b != 0 else a for a, b in zip(other, pivot, strict=True)]


def exact(value: float | Fraction) -> fmpq:
    """Return the decimal that a float was written as."""
    fraction = value if isinstance(value, Fraction) else Fraction(repr(float(value)))
    return fmpq(fraction.numerator, fraction.denominator)


def binary(value: float) -> fmpq:
    """Return the float itself, exactly."""
    fraction = Fraction(float(value))
    return fmpq(fraction.numerator, fraction.denominator)
