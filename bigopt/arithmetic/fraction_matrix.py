"""Matrices of the standard library's fractions, with the part of `flint.fmpq_mat` that is used here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

Row = list[Fraction]


class FractionMatrix:
    """A matrix of fractions, as FLINT's is made: from a table, or from so many rows, columns and their entries."""

    def __init__(self, rows: Any, columns: int | None = None, entries: Iterable[Any] | None = None) -> None:
        """Read a table of rows; or numbers row by row, all 0 where none are given."""
        if columns is None:
            self._rows: list[Row] = [[_fraction(value) for value in row] for row in rows]
            self._columns = len(self._rows[0]) if self._rows else 0
            return
        flat = [Fraction(0)] * (rows * columns) if entries is None else [_fraction(value) for value in entries]
        if len(flat) != rows * columns:
            raise ValueError(f"{len(flat)} entries for a matrix of {rows} x {columns}")
        self._rows = [flat[i * columns : (i + 1) * columns] for i in range(rows)]
        self._columns = columns

    def nrows(self) -> int:
        """Return the number of rows."""
        return len(self._rows)

    def ncols(self) -> int:
        """Return the number of columns."""
        return self._columns

    def entries(self) -> Row:
        """Return all numbers, row by row."""
        return [value for row in self._rows for value in row]

    def tolist(self) -> list[Row]:
        """Return the rows, as lists of their own."""
        return [list(row) for row in self._rows]

    def __getitem__(self, at: tuple[int, int]) -> Fraction:
        """Return the number in a row and a column."""
        return self._rows[at[0]][at[1]]

    def __setitem__(self, at: tuple[int, int], value: Any) -> None:
        """Write a number."""
        self._rows[at[0]][at[1]] = _fraction(value)

    def __eq__(self, other: object) -> bool:
        """Whether shape and numbers are the same."""
        if not isinstance(other, FractionMatrix):
            return NotImplemented
        return self._columns == other._columns and self._rows == other._rows

    __hash__ = None  # type: ignore[assignment]  # as FLINT's: its numbers can be written

    def __repr__(self) -> str:
        """Return the shape and the numbers."""
        return f"FractionMatrix({self.nrows()}, {self.ncols()}, {list(map(str, self.entries()))})"

    def _like(self, entries: Iterable[Fraction]) -> FractionMatrix:
        return FractionMatrix(self.nrows(), self.ncols(), entries)

    def _same_shape(self, other: FractionMatrix) -> None:
        if (self.nrows(), self.ncols()) != (other.nrows(), other.ncols()):
            raise ValueError("matrices of different shapes")

    def __add__(self, other: FractionMatrix) -> FractionMatrix:
        """Add number by number."""
        self._same_shape(other)
        return self._like(a + b for a, b in zip(self.entries(), other.entries(), strict=True))

    def __sub__(self, other: FractionMatrix) -> FractionMatrix:
        """Subtract number by number."""
        self._same_shape(other)
        return self._like(a - b for a, b in zip(self.entries(), other.entries(), strict=True))

    def __neg__(self) -> FractionMatrix:
        """Turn every sign."""
        return self._like(-a for a in self.entries())

    def __mul__(self, other: Any) -> FractionMatrix:
        """Multiply by a matrix or a number."""
        if not isinstance(other, FractionMatrix):
            factor = _fraction(other)
            return self._like(a * factor for a in self.entries())
        if self.ncols() != other.nrows():
            raise ValueError("matrices whose shapes do not fit")
        columns = other.transpose()._rows
        products = [_inner(row, column) for row in self._rows for column in columns]
        return FractionMatrix(self.nrows(), other.ncols(), products)

    __rmul__ = __mul__  # by a number: of two matrices, the left one is asked first

    def __truediv__(self, number: Any) -> FractionMatrix:
        """Divide by a number."""
        return self * (1 / _fraction(number))

    def transpose(self) -> FractionMatrix:
        """Return the rows as columns."""
        return FractionMatrix(self.ncols(), self.nrows(), [row[j] for j in range(self.ncols()) for row in self._rows])

    def rref(self) -> tuple[FractionMatrix, int]:
        """Return the reduced row echelon form and the rank, by elimination in whole numbers."""
        table = [_whole(row) for row in self._rows]
        pivots: list[int] = []
        for column in range(self.ncols()):
            at = len(pivots)
            chosen = next((i for i in range(at, len(table)) if table[i][column]), None)
            if chosen is None:
                continue
            table[at], table[chosen] = table[chosen], table[at]
            pivot = table[at]
            table = [row if row is pivot else _without(row, pivot, column) for row in table]
            pivots.append(column)
        reduced = [Fraction(0)] * (self.nrows() * self.ncols())
        for i, column in enumerate(pivots):
            for j in range(column, self.ncols()):
                reduced[i * self.ncols() + j] = Fraction(table[i][j], table[i][column])
        return self._like(reduced), len(pivots)

    def rank(self) -> int:
        """Return the number of independent rows."""
        return self.rref()[1]

    def solve(self, right: FractionMatrix) -> FractionMatrix:
        """Return X with ``self X = right``; ZeroDivisionError where a square matrix is singular."""
        n = self.nrows()
        if n != self.ncols() or n != right.nrows():
            raise ValueError("a square matrix and as many right-hand rows are needed")
        whole = FractionMatrix(
            n, n + right.ncols(), [v for a, b in zip(self._rows, right._rows, strict=True) for v in (*a, *b)]
        )
        reduced, _ = whole.rref()
        if any(reduced[i, i] != 1 for i in range(n)):
            raise ZeroDivisionError("singular matrix in solve()")
        return FractionMatrix(n, right.ncols(), [value for row in reduced._rows for value in row[n:]])

    def inv(self) -> FractionMatrix:
        """Return the inverse; ZeroDivisionError where there is none."""
        n = self.nrows()
        return self.solve(FractionMatrix(n, n, [int(i == j) for i in range(n) for j in range(n)]))


def _fraction(value: Any) -> Fraction:
    if isinstance(value, float):
        raise TypeError("an exact matrix takes no floats")
    return value if type(value) is Fraction else Fraction(value)


def _inner(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((p * q for p, q in zip(a, b, strict=True) if p and q), Fraction(0))


def _whole(row: Row) -> list[int]:
    """Return a row times its denominators, divided by what its numbers have in common."""
    unit = math.lcm(*(value.denominator for value in row))
    return _short([value.numerator * (unit // value.denominator) for value in row])


def _short(row: list[int]) -> list[int]:
    common = math.gcd(*row)
    return [value // common for value in row] if common > 1 else row


def _without(row: list[int], pivot: list[int], column: int) -> list[int]:
    """Return the row less the multiple of the pivot's that leaves 0 in a column."""
    if not row[column]:
        return row
    common = math.gcd(row[column], pivot[column])
    up, down = pivot[column] // common, row[column] // common
    return _short([up * a - down * b for a, b in zip(row, pivot, strict=True)])
