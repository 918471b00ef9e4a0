r"""The simplex method in rational numbers: integers go in, an exact optimum with exact prices comes out.

.. math:: \max\; c \cdot x \quad \text{s.t.}\quad A x = b,\; x \ge 0

For small programs whose answer must not depend on the size of their numbers. The largest reduced cost enters; where
the objective stands still for long the lowest index does (Bland 1977), so that the method always ends.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.flint_or_fractions import fmpq_mat
from bigopt.arithmetic.rationals import python

Integers = npt.NDArray[Any]  # Python integers, dtype object


LARGEST = 10**300  # what a float holds


class Unbounded(ArithmeticError):
    """The objective has no largest value."""


@dataclass(frozen=True)
class Optimum:
    """A basic optimum: `value` = cost.x = prices.b, and prices.A >= cost in every column.

    Attributes
    ----------
    basis : tuple [rows]
        Column indices.
    basic : tuple of Fraction [rows]
        The values of these columns; all others are 0.
    prices : tuple of Fraction [rows]
        d value / d b.
    """

    value: Fraction
    basis: tuple[int, ...]
    basic: tuple[Fraction, ...]
    prices: tuple[Fraction, ...]

    def point(self, columns: int) -> list[Fraction]:
        """Return x as a list of so many entries."""
        x = [Fraction(0)] * columns
        for column, value in zip(self.basis, self.basic, strict=True):
            x[column] = value
        return x


def maximize(
    A: Integers,
    b: Sequence[int],
    cost: Sequence[int],
    basis: Sequence[int],
    watch: Callable[[], None] = lambda: None,
    real: int | None = None,
) -> Optimum:
    """Maximize from a feasible basis.

    Parameters
    ----------
    A : integers [rows, columns], of full row rank
    b : integers [rows]
    cost : integers [columns]
    basis : column indices [rows] whose basic solution is feasible
    watch : callable
        Called before each pivot; may raise.
    real : int
        Columns from this one on never enter, and those of the basis that are 0 stay 0 (default: there are none).

    Raises
    ------
    ArithmeticError
        The basis is singular or infeasible.
    Unbounded
        The program is.
    """
    rows, columns = A.shape
    real = columns if real is None else real
    costs = np.array([int(c) for c in cost], dtype=object)
    right = fmpq_mat(rows, 1, [int(v) for v in b])
    chosen, stalled, last = list(basis), 0, None
    size = np.maximum(
        1.0, np.minimum(np.abs(A).max(axis=0), LARGEST).astype(float)
    )  # Dantzig's rule by columns of size one
    while True:
        watch()
        square = _square(A, chosen)
        try:
            basic = _fractions(square.solve(right))
            prices = _fractions(square.transpose().solve(_column(costs[chosen])))
        except ZeroDivisionError:
            raise ArithmeticError("a singular basis") from None
        if min(basic) < 0:
            raise ArithmeticError("an infeasible basis")
        value = sum((p * int(v) for p, v in zip(prices, b, strict=True)), Fraction(0))
        stalled, last = stalled + 1 if value == last else 0, value
        reduced = _reduced(A[:, :real], costs[:real], prices)
        open_to = np.flatnonzero(reduced > 0)
        if not open_to.size:
            return Optimum(value, tuple(chosen), tuple(basic), tuple(prices))
        entering = int(
            open_to[0] if stalled > 2 * rows else open_to[np.argmax(_steepness(reduced[open_to]) / size[open_to])]
        )
        chosen[_leaving(square, A[:, entering], basic, chosen, real)] = entering


def _square(A: Integers, chosen: Sequence[int]) -> fmpq_mat:
    rows = A.shape[0]
    return fmpq_mat(rows, rows, [int(v) for v in A[:, list(chosen)].ravel()])


def _column(values: Integers) -> fmpq_mat:
    return fmpq_mat(len(values), 1, [int(v) for v in values])


def _fractions(column: fmpq_mat) -> list[Fraction]:
    return [python(q) for q in column.entries()]


def _reduced(A: Integers, costs: Integers, prices: Sequence[Fraction]) -> Integers:
    """Return the reduced costs times the prices' common denominator."""
    common = math.lcm(*(p.denominator for p in prices))
    whole = np.array([int(p * common) for p in prices], dtype=object)
    found: Integers = costs * common - whole @ A
    return found


def _steepness(reduced: Integers) -> npt.NDArray[np.float64]:
    """Return positive integers as floats of at most 1."""
    top = int(reduced.max())
    shift = max(0, top.bit_length() - 900)
    return np.array([float(int(v) >> shift) for v in reduced])


def _leaving(square: fmpq_mat, column: Integers, basic: Sequence[Fraction], chosen: Sequence[int], real: int) -> int:
    """Return the row of the basis that reaches zero first, the lowest column where several do."""
    step = _fractions(square.solve(_column(column)))
    held = [i for i, d in enumerate(step) if d != 0 and chosen[i] >= real and basic[i] == 0]
    if held:
        return min(held, key=lambda i: chosen[i])
    ratios = [(basic[i] / d, chosen[i], i) for i, d in enumerate(step) if d > 0]
    if not ratios:
        raise Unbounded("an unbounded program")
    return min(ratios)[2]
