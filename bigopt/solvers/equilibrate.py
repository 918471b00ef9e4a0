r"""Bring a convex program to numbers of ordinary size before a solver with absolute tolerances sees it.

With weights 1/n an unscaled potential makes HiPO stop after three iterations without progress. Ruiz's iteration
(A scaling algorithm to equilibrate both rows and columns norms in matrices, 2001) divides columns and rows by the
square root of their largest entry until all are near 1; then one factor for all variables makes the median bound 1.
Factors are powers of two, so that scaling rounds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from bigopt.numbers import Floats
from bigopt.solvers.program import Program

ROUNDS = 10


@dataclass(frozen=True)
class Scaled:
    """A scaled program y with x = columns * y, scaled rows = rows * rows of x, scaled objective = aim * objective."""

    program: Program
    columns: Floats
    rows: Floats
    aim: float

    def point(self, scaled: Floats) -> Floats:
        """Return x."""
        return self.columns * scaled

    def duals(self, scaled: Floats) -> Floats:
        """Return the original rows' duals."""
        return self.rows * scaled / self.aim

    def reduced(self, scaled: Floats) -> Floats:
        """Return the original variables' reduced costs."""
        return scaled / (self.columns * self.aim)


def equilibrate(program: Program) -> Scaled:
    """Scale a program without quadratic rows."""
    columns, rows = _ruiz(program)
    size = _bound_size(program, columns)
    columns, rows, aim = columns * size, rows / size, size**-2
    by_column = sparse.diags_array(columns)
    scaled = replace(
        program,
        hessian=sparse.csc_array(aim * (by_column @ program.hessian @ by_column)),
        cost=aim * columns * program.cost,
        offset=aim * program.offset,
        matrix=sparse.csr_array(sparse.diags_array(rows) @ program.matrix @ by_column),
        row_lower=rows * program.row_lower,
        row_upper=rows * program.row_upper,
        lower=program.lower / columns,
        upper=program.upper / columns,
    )
    return Scaled(scaled, columns, rows, aim)


def _ruiz(program: Program) -> tuple[Floats, Floats]:
    """Return the factors of columns and rows."""
    columns, rows = np.ones(len(program.cost)), np.ones(len(program.row_lower))
    matrix, hessian = abs(program.matrix), abs(program.hessian)
    for _ in range(ROUNDS):
        by_column = sparse.diags_array(columns)
        body = sparse.diags_array(rows) @ matrix @ by_column
        curve = by_column @ hessian @ by_column
        columns = columns / np.sqrt(_positive(np.maximum(_largest(body, 0), _largest(curve, 0))))
        rows = rows / np.sqrt(_positive(_largest(body, 1)))
    return _power_of_two(columns), _power_of_two(rows)


def _largest(matrix: sparse.sparray, axis: int) -> Floats:
    """Return the largest entry of each column (axis 0) or row (axis 1)."""
    if 0 in matrix.shape:
        return np.zeros(matrix.shape[1 - axis])
    return np.asarray(matrix.max(axis=axis).todense(), dtype=float).ravel()


def _bound_size(program: Program, columns: Floats) -> float:
    """Return the median size of the scaled variables' finite, non-zero bounds; 1 where there is none."""
    sizes = np.abs(np.concatenate([program.lower / columns, program.upper / columns]))
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    return float(_power_of_two(np.median(sizes))) if sizes.size else 1.0


def _positive(sizes: Floats) -> Floats:
    return np.where(sizes > 0, sizes, 1.0)


def _power_of_two(factors: Floats) -> Floats:
    return np.exp2(np.round(np.log2(factors)))
