"""Exact linear algebra on the decimals that floats were written as, by FLINT; a vector is a matrix of one column."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact, localcontext
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.decimals import fraction
from bigopt.arithmetic.flint_or_fractions import fmpq, fmpq_mat

MANY = 100_000  # numbers: with more, differences are taken in floats
DIGITS = 2_000  # more than any sum of floats has


def rational(value: float) -> fmpq:
    """Return the decimal that `value` was written as, exactly."""
    exact = fraction(value)
    return flint(exact)


def flint(value: Fraction) -> fmpq:
    """Return a fraction of the standard library as FLINT's."""
    return fmpq(value.numerator, value.denominator)


def python(value: fmpq) -> Fraction:
    """Return a fraction of FLINT's as the standard library's."""
    return Fraction(int(value.numerator), int(value.denominator))


def matrix(values: npt.ArrayLike) -> fmpq_mat:
    """Return a matrix of exact decimals; a one-dimensional array is a column."""
    array = np.asarray(values, dtype=float)
    rows, columns = array.shape if array.ndim == 2 else (len(array), 1)
    return fmpq_mat(rows, columns, [rational(value) for value in array.ravel().tolist()])


def floats(exact: fmpq_mat) -> Floats:
    """Return the nearest floats, of the same shape."""
    values = [int(q.numerator) / int(q.denominator) if q else 0.0 for q in exact.entries()]
    return np.array(values, dtype=float).reshape(exact.nrows(), exact.ncols())


def total(values: Floats) -> fmpq:
    """Return the exact sum of many decimals."""
    with localcontext(Context(prec=DIGITS, traps=[Inexact])):
        numerator, denominator = sum(map(Decimal, map(repr, values.tolist())), Decimal(0)).as_integer_ratio()
    return fmpq(numerator, denominator)


def minus(values: Floats, origin: fmpq_mat) -> Floats:
    """Return each row of `values` minus a column, taken on the decimals and rounded once; of many numbers in floats."""
    place = floats(origin)[:, 0]
    moved = [k for k in range(len(place)) if origin[k, 0] != 0]
    if values.size > MANY:
        return np.asarray(values - place)
    result = np.array(values, dtype=float)
    for k in moved:
        column = values[..., k].ravel().tolist()
        differences = fmpq_mat(len(column), 1, [rational(value) - origin[k, 0] for value in column])
        result[..., k] = floats(differences)[:, 0].reshape(values.shape[:-1])
    return result


def dot(a: fmpq_mat, b: fmpq_mat) -> fmpq:
    """Return the inner product of two columns."""
    return (a.transpose() * b)[0, 0]


def stacked(parts: list[fmpq_mat], columns: int) -> fmpq_mat:
    """Put matrices of so many columns below one another."""
    rows = sum(part.nrows() for part in parts)
    return fmpq_mat(rows, columns, [value for part in parts for value in part.entries()])


def chosen(exact: fmpq_mat, rows: list[int]) -> fmpq_mat:
    """Return some of the rows."""
    table = exact.tolist()
    return fmpq_mat(len(rows), exact.ncols(), [value for k in rows for value in table[k]])


def row_space(exact: fmpq_mat) -> fmpq_mat:
    """Return a basis of the space that the rows span, as rows."""
    reduced, rank = exact.rref()
    return chosen(reduced, list(range(rank)))


def null_space(exact: fmpq_mat) -> fmpq_mat:
    """Return a basis of {y : exact y = 0}, as rows."""
    reduced, rank = exact.rref()
    columns = exact.ncols()
    table = reduced.tolist()
    pivots = [next(k for k, value in enumerate(row) if value) for row in table[:rank]]
    free = [k for k in range(columns) if k not in set(pivots)]
    basis = fmpq_mat(len(free), columns)
    for at, k in enumerate(free):
        basis[at, k] = 1
        for row, pivot in enumerate(pivots):
            basis[at, pivot] = -table[row][k]
    return basis


def independent(exact: fmpq_mat) -> list[int]:
    """Return the first rows that are linearly independent of those before them."""
    reduced, rank = exact.transpose().rref()
    table = reduced.tolist()
    return [next(k for k, value in enumerate(row) if value) for row in table[:rank]]
