r"""Linear programs in exact rationals: a floating simplex method guesses the basis, fractions decide.

.. math:: \max c'x \quad \text{s.t.} \quad A x = b, \; x \ge 0.

HiGHS solves the program rounded to floats; its basis is solved again in rationals and proved optimal by the signs of
its point and its reduced costs (Dhiflaoui et al. 2003). Where rounding led it astray, or HiGHS is not there, the
simplex method in rational numbers (`bigopt.arithmetic.simplex`) goes on from there, or from the rows' own columns in
two phases.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from bigopt.arithmetic import loaded, simplex
from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.flint_or_fractions import fmpq, fmpq_mat
from bigopt.arithmetic.rationals import flint, floats
from bigopt.errors import SolverNotFound

OPTIMAL, INFEASIBLE, UNBOUNDED = "optimal", "infeasible", "unbounded"
ZERO = fmpq(0)
Table = list[list[fmpq]]
Clock = Callable[[str], None]
PASSES = 4  # of equilibration before the floats are solved
OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "presolve": "off",
    "solver": "simplex",
    "primal_feasibility_tolerance": 1e-10,
    "dual_feasibility_tolerance": 1e-10,
    "small_matrix_value": 1e-12,
}


@dataclass(frozen=True)
class Optimum:
    """An exact answer: its status, and where optimal the value, the point [n] and the rows' prices [m]."""

    status: str
    value: fmpq = ZERO
    x: tuple[fmpq, ...] = ()
    dual: tuple[fmpq, ...] = ()


def maximize(A: fmpq_mat, b: list[fmpq], c: list[fmpq], check: Clock | None = None) -> Optimum:
    """Maximize ``c'x`` over ``A x = b``, ``x >= 0``, exactly.

    Parameters
    ----------
    A : fmpq_mat [m][n]
    b, c : list of fmpq [m], [n]
    check : callable
        ``check(doing)`` is called before every pivot; it raises where a time limit has passed.
    """
    clock = check or _unlimited
    basis = _guess(A, b, c)
    if basis is not None:
        found = _proved(A, b, c, basis)
        if found is not None:
            return found
    return _simplex(A, b, c, basis, clock)


def _unlimited(doing: str) -> None:
    """Never stop."""


@np.errstate(over="ignore", invalid="ignore")  # a guess from numbers that no float holds is refused where it is proved
def _guess(A: fmpq_mat, b: list[fmpq], c: list[fmpq]) -> list[int] | None:
    """Return the basis that HiGHS ends with, columns counted on from n being the rows' own; None if it has none."""
    m, n = A.nrows(), A.ncols()
    matrix, right, cost = floats(A), floats(fmpq_mat(m, 1, b)).ravel(), floats(fmpq_mat(n, 1, c)).ravel()
    row, column = _equilibrated(matrix)
    scaled = matrix * row[:, None] * column
    size = float(np.abs(cost * column).max()) or 1.0
    try:
        highspy = loaded.highspy()
    except SolverNotFound:
        return None
    highs = highspy.Highs()
    for name, value in OPTIONS.items():
        highs.setOptionValue(name, value)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n, m
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost * column / size, np.zeros(n), np.full(n, np.inf)
    lp.row_lower_ = lp.row_upper_ = right * row
    lp.sense_ = highspy.ObjSense.kMaximize
    where = np.nonzero(scaled.T)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.count_nonzero(scaled, axis=0))]).astype(np.int32)
    lp.a_matrix_.index_ = where[1].astype(np.int32)
    lp.a_matrix_.value_ = scaled.T[where]
    if highs.passModel(lp) == highspy.HighsStatus.kError:
        return None
    highs.run()
    found = highs.getBasis()
    basic = highspy.HighsBasisStatus.kBasic
    columns = [j for j, status in enumerate(found.col_status) if status == basic]
    columns += [n + i for i, status in enumerate(found.row_status) if status == basic]
    return columns if len(columns) == m else None


def _equilibrated(matrix: Floats) -> tuple[Floats, Floats]:
    """Return factors of the rows and columns, powers of 2, that bring the entries near 1 in the geometric mean."""
    known = matrix != 0
    log = np.log2(np.abs(np.where(known, matrix, 1.0)))
    row, column = np.zeros(matrix.shape[0]), np.zeros(matrix.shape[1])
    for _ in range(PASSES):
        row = -(np.where(known, log + column, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1))
        column = -(np.where(known, log + row[:, None], 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1))
    return np.exp2(np.round(row)), np.exp2(np.round(column))


def _columns(A: fmpq_mat, chosen: list[int]) -> fmpq_mat:
    """Return columns of [A | I]."""
    m, n = A.nrows(), A.ncols()
    table = A.tolist()
    one = fmpq(1)
    return fmpq_mat(
        m, len(chosen), [table[i][j] if j < n else (one if j - n == i else ZERO) for i in range(m) for j in chosen]
    )


def _proved(A: fmpq_mat, b: list[fmpq], c: list[fmpq], basis: list[int]) -> Optimum | None:
    """Return the basic solution if it is feasible and its reduced costs prove it optimal, else None."""
    m, n = A.nrows(), A.ncols()
    square = _columns(A, basis)
    cost = [c[j] if j < n else ZERO for j in basis]
    solved = _solve(square.tolist(), b, cost)
    if solved is None:
        return None
    point, dual = solved
    if any(value < 0 or (j >= n and value != 0) for j, value in zip(basis, point, strict=True)):
        return None
    priced = (fmpq_mat(1, m, dual) * A).entries()
    if any(c[j] > priced[j] for j in range(n)):
        return None
    x = [ZERO] * n
    for j, value in zip(basis, point, strict=True):
        if j < n:
            x[j] = value
    return Optimum(OPTIMAL, sum((p * q for p, q in zip(cost, point, strict=True)), ZERO), tuple(x), tuple(dual))


def _solve(B: Table, b: list[fmpq], cost: list[fmpq]) -> tuple[list[fmpq], list[fmpq]] | None:
    """Return x and y with ``B x = b`` and ``B'y = cost``, None where B is singular.

    Columns of one entry (slacks, most of them) are solved by hand, so that only the rest is factorized.
    """
    m = len(b)
    single: dict[int, int] = {}  # row -> the column whose only entry stands there
    for j in range(m):
        where = [i for i in range(m) if B[i][j] != 0]
        if len(where) == 1 and where[0] not in single:
            single[where[0]] = j
    taken = set(single.values())
    rows = [i for i in range(m) if i not in single]
    columns = [j for j in range(m) if j not in taken]
    x, y = [ZERO] * m, [ZERO] * m
    for i, j in single.items():
        y[i] = cost[j] / B[i][j]
    core = fmpq_mat(len(rows), len(columns), [B[i][j] for i in rows for j in columns])
    left = [cost[j] - sum((y[i] * B[i][j] for i in single if B[i][j] != 0), ZERO) for j in columns]
    if rows:
        try:
            inner = core.solve(fmpq_mat(len(rows), 1, [b[i] for i in rows])).entries()
            outer = core.transpose().solve(fmpq_mat(len(rows), 1, left)).entries()
        except ZeroDivisionError:
            return None
        for j, value in zip(columns, inner, strict=True):
            x[j] = value
        for i, value in zip(rows, outer, strict=True):
            y[i] = value
    for i, j in single.items():
        x[j] = (b[i] - sum((B[i][k] * x[k] for k in columns if B[i][k] != 0), ZERO)) / B[i][j]
    return x, y


def _simplex(A: fmpq_mat, b: list[fmpq], c: list[fmpq], guess: list[int] | None, clock: Clock) -> Optimum:
    """Go on by pivots in rationals, from a feasible guess where there is one."""
    n = A.ncols()
    whole = _Whole(A, b, c)
    basis = guess if guess is not None and whole.feasible(guess) else whole.start(clock)
    if basis is None:
        return Optimum(INFEASIBLE)
    watch = partial(clock, "solving a linear program in rationals")
    try:
        found = simplex.maximize(whole.A, whole.b, whole.cost, basis, watch, real=n)
    except simplex.Unbounded:
        return Optimum(UNBOUNDED)
    x = tuple(flint(v) for v in found.point(n + len(b))[:n])
    dual = tuple(flint(p * s / whole.unit) for p, s in zip(found.prices, whole.scale, strict=True))
    return Optimum(OPTIMAL, sum((p * q for p, q in zip(c, x, strict=True)), ZERO), x, dual)


class _Whole:
    """The program in whole numbers, with a column of its own for each row: s A x + sign I z = s b, z = 0."""

    def __init__(self, A: fmpq_mat, b: list[fmpq], c: list[fmpq]) -> None:
        """Multiply every row by its denominators, and by -1 where its side is negative."""
        rows = [[*row, v] for row, v in zip(A.tolist(), b, strict=True)]
        self.scale = [_common(row) * (-1 if row[-1] < 0 else 1) for row in rows]
        table = np.array(
            [[int((v * s).numerator) for v in row] for row, s in zip(rows, self.scale, strict=True)], dtype=object
        )
        own = np.eye(len(b), dtype=np.int64).astype(object)
        self.n, self.unit = A.ncols(), _common(c)
        self.A = np.hstack([table[:, :-1], own])
        self.b = table[:, -1].tolist()
        self.cost = [int((v * self.unit).numerator) for v in c] + [0] * len(b)

    def feasible(self, basis: list[int]) -> bool:
        """Whether the basic solution is one of the program."""
        try:
            square = fmpq_mat(len(basis), len(basis), [fmpq(int(v)) for v in self.A[:, basis].ravel()])
            point = square.solve(fmpq_mat(len(basis), 1, [fmpq(v) for v in self.b])).entries()
        except ZeroDivisionError:
            return False
        return all(v == 0 or (v > 0 and j < self.n) for j, v in zip(basis, point, strict=True))

    def start(self, clock: Clock) -> list[int] | None:
        """Return a feasible basis: the first phase drives the rows' own columns to 0; None where they cannot be."""
        rows = len(self.b)
        cost = [0] * self.n + [-1] * rows
        watch = partial(clock, "finding a feasible point in rationals")
        found = simplex.maximize(self.A, self.b, cost, range(self.n, self.n + rows), watch, real=self.n)
        return list(found.basis) if found.value == 0 else None


def _common(row: list[fmpq]) -> int:
    """Return the least common denominator."""
    return math.lcm(*(int(v.denominator) for v in row))
