"""Float solutions of linear systems, completed to exact ones nearby."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from bigopt.arithmetic.flint_or_fractions import fmpq_mat
from bigopt.arithmetic.rationals import flint, python

ROUNDED = 10**15  # the largest denominator of a number that is rounded
Exact = list[Fraction]


def rounded(value: float) -> Fraction:
    """Return a fraction of moderate size within 1e-15 of a float."""
    return Fraction(value).limit_denominator(ROUNDED)


def completed(rows: Sequence[Sequence[Fraction]], sides: Sequence[Fraction], near: Sequence[float]) -> Exact | None:
    """Return an exact solution of ``rows x = sides`` near a float one, None where there is none.

    The variables of largest absolute value are solved for; the others keep their rounded values.

    Parameters
    ----------
    rows : m rows of n fractions
    sides : m fractions
    near : n floats
    """
    order = sorted(range(len(near)), key=lambda k: -abs(near[k]))
    table = fmpq_mat(
        len(rows),
        len(near) + 1,
        [flint(value) for row, side in zip(rows, sides, strict=True) for value in (*(row[k] for k in order), side)],
    )
    reduced, rank = table.rref()
    lines = reduced.tolist()[:rank]
    pivots = [next(k for k, value in enumerate(line) if value) for line in lines]
    if pivots and pivots[-1] == len(near):
        return None
    solved = set(pivots)
    values = [Fraction(0) if k in solved else rounded(near[order[k]]) for k in range(len(near))]
    for line, pivot in zip(lines, pivots, strict=True):
        rest = sum((python(line[k]) * values[k] for k in range(pivot + 1, len(near)) if k not in solved), Fraction(0))
        values[pivot] = python(line[-1]) - rest
    result = [Fraction(0)] * len(near)
    for k, value in zip(order, values, strict=True):
        result[k] = value
    return result
