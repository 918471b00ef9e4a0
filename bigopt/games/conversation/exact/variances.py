r"""Information substitutes (Definition 14, corrected) on rectangles: sums of squares over weights, decided exactly.

With weights m and gains g of an action (its utility counted from its smallest value, which no variance notices), all
sums below are of non-negative numbers. On a rectangle A x B of positive weight the condition reads

.. math:: \mathrm{Var}\,\mu(x_A, x_B) \le \mathrm{Var}\,\mu(x_A) + \mathrm{Var}\,\mu(x_B) \iff
   \sum_{AB} \frac{g^2}{m} + \frac{g(A,B)^2}{m(A,B)} \le
   \sum_{x_A \in A} \frac{g(x_A, B)^2}{m(x_A, B)} + \sum_{x_B \in B} \frac{g(A, x_B)^2}{m(A, x_B)}.

Floats decide where the two sides differ by more than their rounding, integers where they do not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.flint_or_fractions import fmpq
from bigopt.concepts.deadline import Deadline
from bigopt.games.conversation.game import Conversation

Masks = npt.NDArray[np.int64]
EPS = 2.0**-53
MANY = 500  # more ties than this are decided over one common denominator, not one by one
CHUNK = 64  # column sets at a time


@dataclass(frozen=True, eq=False)
class Squares:
    """The weights [X_A, X_B] and the non-negative gains [X_A, X_B] of one action, as Python integers."""

    mass: npt.NDArray[np.object_]
    gain: npt.NDArray[np.object_]

    @classmethod
    def of(cls, game: Conversation, action: int, swapped: bool = False) -> Squares:
        """Return an action's tables; `swapped` exchanges Alice and the Bobs and reverses their features."""
        mass = game.mass.astype(object)
        gain = game.gains[0][action].astype(object) - mass * min(game.units[0][0][action].tolist())
        return cls(mass.T[::-1, ::-1], gain.T[::-1, ::-1]) if swapped else cls(mass, gain)

    @cached_property
    def shape(self) -> tuple[int, int]:
        """The numbers of features."""
        return self.mass.shape[0], self.mass.shape[1]

    def slack(self) -> tuple[Floats, Floats]:
        """Return what the right side has more than the left for all rectangles [2^X_A, 2^X_B], and its rounding.

        Every sum has at most X_A X_B + X_A + X_B non-negative terms, each off by a few roundings: the error is at most
        that count (and a few more) times 2^-53 of all that was added. Squares beyond floats decide nothing: infinite.
        """
        m, g = self.mass.astype(float), self.gain.astype(float)
        with np.errstate(over="ignore", invalid="ignore"):
            by_row = subset_sums(_ratio(subset_sums(g, 1), subset_sums(m, 1)), 0)
            by_column = subset_sums(_ratio(subset_sums(g, 0), subset_sums(m, 0)), 1)
            cells = subset_sums(subset_sums(_ratio(g, m), 1), 0)
            whole = _ratio(subset_sums(subset_sums(g, 1), 0), subset_sums(subset_sums(m, 1), 0))
            a, b = self.shape
            rounding = 4 * (a * b + a + b + 8) * EPS * (by_row + by_column + cells + whole)
            slack = by_row + by_column - cells - whole
        return np.where(np.isfinite(rounding), slack, 0.0), rounding

    def worthless(self, axis: int) -> bool:
        """Whether the features along an axis add nothing to the others: then the condition holds everywhere.

        On any rectangle the variance on the left is then that of one of the two beliefs on the right.
        """
        m, g = self.mass.sum(axis=axis, keepdims=True), self.gain.sum(axis=axis, keepdims=True)
        return bool(np.all((self.gain * m == g * self.mass) | (self.mass == 0)))

    @cached_property
    def rational(self) -> npt.NDArray[np.object_]:
        """The term g^2 / m of each cell as a rational."""
        table = np.empty(self.shape, dtype=object)
        for (i, j), m in np.ndenumerate(self.mass):
            table[i, j] = fmpq(self.gain[i, j] ** 2, m) if m else fmpq(0)
        return table

    def exact(self, A: list[int], B: list[int]) -> Any:
        """Return what the right side has more than the left on one rectangle, exactly."""
        at = np.ix_(A, B)
        m, g = self.mass[at], self.gain[at]
        if not m.any():
            return fmpq(0)
        rows = zip(g.sum(axis=1).tolist(), m.sum(axis=1).tolist(), strict=True)
        columns = zip(g.sum(axis=0).tolist(), m.sum(axis=0).tolist(), strict=True)
        right = sum((fmpq(s * s, w) for s, w in (*rows, *columns) if w), fmpq(0))
        return right - sum(self.rational[at].ravel().tolist(), fmpq(0)) - fmpq(int(g.sum()) ** 2, int(m.sum()))


def violation(squares: Squares, deadline: Deadline | None = None) -> tuple[list[int], list[int]] | None:
    """Return a violating rectangle (A, B) of one action, one of the smallest that floats can tell; None if none is.

    Where one player has a single feature left both sides are equal, so those rectangles are left out.
    """
    slack, rounding = squares.slack()
    rows, columns = (np.arange(size) for size in slack.shape)
    open_ = (_bits(rows) > 1)[:, None] & (_bits(columns) > 1)
    sure = np.argwhere(open_ & (slack < -rounding))
    if len(sure):
        row, column = sure[np.argmin(_bits(sure[:, 0]) + _bits(sure[:, 1]))].tolist()
        return members(row), members(column)
    if squares.worthless(0) or squares.worthless(1):
        return None
    ties = np.argwhere(open_ & (abs(slack) <= rounding) & (rounding > 0))
    if len(ties) > MANY:
        return _by_integers(squares, open_, deadline)
    for row, column in ties.tolist():
        if deadline is not None:
            deadline.check("deciding ties of the substitutes condition")
        A, B = members(row), members(column)
        if squares.exact(A, B) < 0:
            return A, B
    return None


def _by_integers(
    squares: Squares, open_: npt.NDArray[np.bool_], deadline: Deadline | None
) -> tuple[list[int], list[int]] | None:
    """Decide all rectangles at once over one common denominator: for games with structure, where very many tie."""
    m, g = squares.mass, squares.gain
    rows_m, rows_g, columns_m, columns_g = (subset_sums(t, axis) for axis in (1, 0) for t in (m, g))
    common = math.lcm(*(w for t in (m, rows_m, columns_m) for w in t.ravel().tolist() if w))

    def over(gains: npt.NDArray[Any], weights: npt.NDArray[Any]) -> npt.NDArray[np.object_]:
        return np.array(gains * gains * (common // np.maximum(weights, 1)), dtype=object)

    by_row = over(rows_g, rows_m) - subset_sums(over(g, m), 1)  # what the cells take away stands with the rows
    by_column = over(columns_g, columns_m)
    for start in range(0, 1 << squares.shape[1], CHUNK):
        if deadline is not None:
            deadline.check("deciding ties of the substitutes condition")
        chunk = np.arange(start, min(start + CHUNK, 1 << squares.shape[1]))
        bits = (chunk[None, :] >> np.arange(squares.shape[1])[:, None] & 1).astype(object)
        right = subset_sums(by_row[:, chunk], 0) + by_column @ bits
        whole_m, whole_g = columns_m @ bits, columns_g @ bits
        broken = np.argwhere(open_[:, chunk] & (right * whole_m < whole_g * whole_g * common).astype(bool))
        if len(broken):
            return members(int(broken[0, 0])), members(int(chunk[broken[0, 1]]))
    return None


def definition(game: Conversation, action: int, A: list[int], B: list[int]) -> tuple[Fraction, Fraction]:
    """Return both sides of the corrected Definition 14 on a rectangle, by its own words: falls of mean squared error.

    Left: what learning x_A adds where x_B is known; right: what it adds where only x_B in B is.
    """
    u = [Fraction(int(v)) * game.units[1][0] for v in game.units[0][0][action]]
    cells = {(a, b): [Fraction(int(w)) for w in game.prior_weights[a, b]] for a in A for b in B}

    def error(groups: list[list[tuple[int, int]]]) -> Fraction:
        total = Fraction(0)
        for group in groups:
            weight = [sum(parts, Fraction(0)) for parts in zip(*(cells[pair] for pair in group), strict=True)]
            if sum(weight):
                mean = sum((w * v for w, v in zip(weight, u, strict=True)), Fraction(0)) / sum(weight, Fraction(0))
                total += sum((w * (v - mean) ** 2 for w, v in zip(weight, u, strict=True)), Fraction(0))
        return total / sum((sum(weight) for weight in cells.values()), Fraction(0))

    left = error([[(a, b) for a in A] for b in B]) - error([[pair] for pair in cells])
    return left, error([list(cells)]) - error([[(a, b) for b in B] for a in A])


def subset_sums(table: npt.NDArray[Any], axis: int) -> npt.NDArray[Any]:
    """Return the sums over all subsets along one axis; subset i holds the entries of the bits of i."""
    moved = np.moveaxis(table, axis, 0)
    sums = np.zeros((1, *moved.shape[1:]), dtype=table.dtype)
    for row in moved:
        sums = np.concatenate([sums, sums + row])
    return np.moveaxis(sums, 0, axis)


def members(mask: int) -> list[int]:
    """Return the elements of a subset."""
    return [i for i in range(mask.bit_length()) if mask >> i & 1]


def _bits(masks: npt.NDArray[Any]) -> Masks:
    return np.bitwise_count(masks.astype(np.uint64)).astype(np.int64)


def _ratio(g: Floats, m: Floats) -> Floats:
    return np.divide(g * g, m, out=np.zeros_like(g), where=m > 0)
