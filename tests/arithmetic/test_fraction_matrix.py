"""Matrices of the standard library's fractions answer as FLINT's do, which share no code with them."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from flint import fmpq, fmpq_mat

from bigopt.arithmetic.fraction_matrix import FractionMatrix

SIZES = [(1, 1), (3, 3), (2, 4), (4, 2), (5, 5), (0, 3)]


def pair(rows: int, columns: int, seed: int) -> tuple[FractionMatrix, Any]:
    """Return the same matrix twice, with zeros and dependent rows."""
    draw = random.Random(seed)
    table = [[Fraction(draw.choice((0, 0, 1, -3, 7)), draw.randint(1, 5)) for _ in range(columns)] for _ in range(rows)]
    if rows > 2 and seed % 2:
        table[2] = [a - 2 * b for a, b in zip(table[0], table[1], strict=True)]
    flat = [value for row in table for value in row]
    return FractionMatrix(rows, columns, flat), fmpq_mat(
        rows, columns, [fmpq(v.numerator, v.denominator) for v in flat]
    )


def same(one: FractionMatrix, other: Any) -> bool:
    shapes = (one.nrows(), one.ncols()) == (other.nrows(), other.ncols())
    return shapes and [str(v) for v in one.entries()] == [str(v) for v in other.entries()]


@pytest.mark.parametrize("shape", SIZES)
def test_elimination_products_and_sums_are_flints(shape: tuple[int, int]) -> None:
    for seed in range(20):
        (a, fa), (b, fb) = pair(*shape, seed), pair(*shape, seed + 100)
        (reduced, rank), (expected, flints) = a.rref(), fa.rref()
        assert rank == flints == a.rank()
        assert same(reduced, expected)
        assert same(a.transpose() * b, fa.transpose() * fb)
        assert same(a + b, fa + fb)
        assert same(a - b, fa - fb)
        assert same(-a * Fraction(2, 3), -fa * fmpq(2, 3))
        assert same(Fraction(2, 3) * a / 5, fmpq(2, 3) * fa / 5)
        assert (a == b) == (fa == fb)
        assert [list(map(str, row)) for row in a.tolist()] == [list(map(str, row)) for row in fa.tolist()]


@pytest.mark.parametrize("size", [1, 2, 4])
def test_systems_are_solved_as_flint_solves_them_or_refused_alike(size: int) -> None:
    singular = 0
    for seed in range(30):
        (a, fa), (b, fb) = pair(size, size, seed), pair(size, 2, seed + 100)
        try:
            expected = fa.solve(fb)
        except ZeroDivisionError:
            singular += 1
            with pytest.raises(ZeroDivisionError):
                a.solve(b)
            continue
        assert same(a.solve(b), expected)
        assert same(a.inv(), fa.inv())
    assert 0 < singular < 30


def test_numbers_are_written_in_place_and_floats_refused() -> None:
    a = FractionMatrix(2, 2)
    a[0, 1] = 3
    assert a[0, 1] == 3
    assert a == FractionMatrix([[0, 3], [0, 0]])
    with pytest.raises(TypeError):
        FractionMatrix([[0.5]])
    with pytest.raises(ValueError, match="entries"):
        FractionMatrix(2, 2, [1])
    with pytest.raises(ValueError, match="fit"):
        a * FractionMatrix(3, 1)
