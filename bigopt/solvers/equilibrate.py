r"""Bring a convex program to numbers of ordinary size before a solver with absolute tolerances sees it.

With weights 1/n an unscaled potential makes HiPO stop after three iterations without progress. Ruiz's iteration
(A scaling algorithm to equilibrate both rows and columns norms in matrices, 2001) divides columns and rows by the
square root of their largest entry until all are near 1; then one factor for all variables makes the median bound 1.
Factors are powers of two, so that scaling rounds nothing.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy import sparse

from bigopt.arithmetic.arrays import Floats
from bigopt.solvers.arrays import Outcome
from bigopt.solvers.program import Program
from bigopt.solvers.row import SOLVED

ROUNDS = 10
GAP = 1e-8  # relative to the size of the objective's terms
CONCLUSIVE = ("provenInfeasible", "unbounded", "infeasibleOrUnbounded", "maxTimeLimit")


@dataclass(frozen=True)
class Scaled:
    """A scaled program y with x = columns * y, scaled rows = rows * rows of x, scaled objective = aim * objective."""

    program: Program
    columns: Floats
    rows: Floats
    aim: float

    def unscale(self, outcome: Outcome) -> Outcome:
        """Return what a solver said about the scaled program in terms of the original one."""
        if outcome.point is None:
            return outcome
        duals = None if outcome.duals is None else self.rows * outcome.duals / self.aim
        reduced = None if outcome.reduced is None else outcome.reduced / (self.columns * self.aim)
        bound = None if outcome.bound is None else outcome.bound / self.aim
        return replace(outcome, point=self.columns * outcome.point, duals=duals, reduced=reduced, bound=bound)


def equilibrate(program: Program, by_bounds: bool = True) -> Scaled:
    """Scale a program without quadratic rows; not `by_bounds` where the bounds are far from the solution's size."""
    columns, rows = _ruiz(program)
    size = _bound_size(program, columns) if by_bounds else 1.0
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


def solve_scaled(program: Program, solve: Callable[[Program], Outcome], again: Callable[[], bool]) -> Outcome:
    """Solve a scaled program; where its gap is not small, in another scaling, and keep the best answer.

    No scaling is best for all: weights 1/n stall HiPO as they are, Example 1 of the influencers' game equilibrated,
    and loose bounds spoil what is scaled by them. `again` says whether there is time for another.
    """
    best, least = _attempt(program, solve, equilibrate(program))
    for scale in (unscaled, partial(equilibrate, by_bounds=False)):
        if least <= GAP or best.stopped in CONCLUSIVE or not again():
            break
        outcome, gap = _attempt(program, solve, scale(program))
        if gap < least or (best.stopped != SOLVED and (outcome.stopped == SOLVED or outcome.stopped in CONCLUSIVE)):
            best, least = outcome, gap
    return best


def unscaled(program: Program) -> Scaled:
    """Return the program as it is."""
    return Scaled(program, np.ones(len(program.cost)), np.ones(len(program.row_lower)), 1.0)


def resized(program: Program) -> Scaled:
    """Measure all variables in one unit, the median size of their bounds; quadratic rows may be there."""
    ones = np.ones(len(program.cost))
    size = _bound_size(program, ones)
    rows = np.ones(len(program.row_lower)) / size
    for i, terms in program.quadratic.items():
        rows[i] = float(_power_of_two(np.array(1.0 / (size**2 * max(abs(v) for *_, v in terms)))))
    scaled = replace(
        program,
        cost=program.cost / size,
        offset=program.offset / size**2,
        matrix=sparse.csr_array(sparse.diags_array(size * rows) @ program.matrix),
        row_lower=rows * program.row_lower,
        row_upper=rows * program.row_upper,
        lower=program.lower / size,
        upper=program.upper / size,
        quadratic={i: [(a, b, rows[i] * size**2 * v) for a, b, v in t] for i, t in program.quadratic.items()},
    )
    return Scaled(scaled, size * ones, rows, size**-2)


def _attempt(program: Program, solve: Callable[[Program], Outcome], scaled: Scaled) -> tuple[Outcome, float]:
    """Return an outcome, with the bound of its duals, and its gap."""
    outcome = scaled.unscale(solve(scaled.program))
    if outcome.point is None or outcome.duals is None or outcome.stopped != SOLVED:
        return outcome, math.inf
    outcome = replace(outcome, bound=program.dual_bound(outcome.point, outcome.duals))
    return outcome, gap_of(program, outcome)


def gap_of(program: Program, outcome: Outcome) -> float:
    """Return the gap between a point and its bound, relative to the objective's terms; infinite without them."""
    point, bound = outcome.point, outcome.bound
    if point is None or bound is None:
        return math.inf
    size = float(np.abs(program.cost) @ np.abs(point) + point @ (program.hessian @ point))
    return abs(program.objective(point) - bound) / max(size, sys.float_info.min)
