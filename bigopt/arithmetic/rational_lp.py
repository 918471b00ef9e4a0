r"""Linear programs in exact rationals: a floating simplex method guesses the basis, fractions decide.

.. math:: \max c'x \quad \text{s.t.} \quad A x = b, \; x \ge 0.

HiGHS solves the program rounded to floats; its basis is solved again in rationals and proved optimal by the signs of
its point and its reduced costs (Dhiflaoui et al. 2003). Where rounding led it astray the simplex method goes on from
there on an exact tableau, by Bland's rule (1977), which never cycles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from flint import fmpq, fmpq_mat

from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.rationals import floats

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


def _guess(A: fmpq_mat, b: list[fmpq], c: list[fmpq]) -> list[int] | None:
    """Return the basis that HiGHS ends with, columns counted on from n being the rows' own; None if it has none."""
    m, n = A.nrows(), A.ncols()
    matrix, right, cost = floats(A), floats(fmpq_mat(m, 1, b)).ravel(), floats(fmpq_mat(n, 1, c)).ravel()
    row, column = _equilibrated(matrix)
    scaled = matrix * row[:, None] * column
    size = float(np.abs(cost * column).max()) or 1.0
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
    """Run both phases of the simplex method on an exact tableau, from a feasible guess where there is one."""
    n = A.ncols()
    table = None if guess is None else _tableau(A, b, guess)
    if (
        table is None
        or guess is None
        or any(row[-1] < 0 or (j >= n and row[-1] != 0) for j, row in zip(guess, table, strict=True))
    ):
        table, basis = _feasible(A, b, clock)
        if table is None:
            return Optimum(INFEASIBLE)
    else:
        basis = list(guess)
    gain = _optimize(table, basis, list(c), n, clock)
    if gain is None:
        return Optimum(UNBOUNDED)
    x = [ZERO] * n
    for j, row in zip(basis, table, strict=True):
        if j < n:
            x[j] = row[-1]
    value = sum((p * q for p, q in zip(c, x, strict=True)), ZERO)
    return Optimum(OPTIMAL, value, tuple(x), tuple(-q for q in gain[n:-1]))


def _tableau(A: fmpq_mat, b: list[fmpq], basis: list[int]) -> Table | None:
    """Return B^-1 [A | I | b] as rows, None where the basis is singular."""
    m, n = A.nrows(), A.ncols()
    table = A.tolist()
    full = fmpq_mat(
        m, n + m + 1, [v for i in range(m) for v in (*table[i], *(fmpq(int(i == k)) for k in range(m)), b[i])]
    )
    try:
        rows: Table = _columns(A, basis).solve(full).tolist()
    except ZeroDivisionError:
        return None
    return rows


def _feasible(A: fmpq_mat, b: list[fmpq], clock: Clock) -> tuple[Table | None, list[int]]:
    """Return a tableau and basis of a feasible point: the first phase, which drives the rows' own columns to 0."""
    m, n = A.nrows(), A.ncols()
    sign = [fmpq(-1 if value < 0 else 1) for value in b]
    rows = A.tolist()
    table = [
        [sign[i] * v for v in rows[i]] + [sign[i] if i == k else ZERO for k in range(m)] + [sign[i] * b[i]]
        for i in range(m)
    ]
    # The column of the identity has the row's sign: the artificial variable of row i is sign[i] times it.
    basis = [n + i for i in range(m)]
    gain = [sum((row[j] for row in table), ZERO) for j in range(n + m + 1)]
    while True:
        clock("finding a feasible point in rationals")
        enter = next((j for j in range(n) if gain[j] > 0), None)
        if enter is None:
            break
        _pivot(table, basis, _leaving(table, basis, enter, n), enter, gain)
    if gain[-1] != 0:
        return None, basis
    for i, j in enumerate(basis):  # artificial variables at 0 leave where they can; rows of zeros are redundant
        if j >= n:
            enter = next((k for k in range(n) if table[i][k] != 0), None)
            if enter is not None:
                _pivot(table, basis, i, enter, gain)
    return table, basis


def _optimize(table: Table, basis: list[int], cost: list[fmpq], n: int, clock: Clock) -> list[fmpq] | None:
    """Pivot to the optimum; return the reduced costs of [A | I | b], None where it is unbounded."""
    width = len(table[0]) if table else n + 1
    gain = [*cost, *([ZERO] * (width - n))]
    for j, row in zip(basis, table, strict=True):
        weight = cost[j] if j < n else ZERO
        if weight != 0:
            gain = [g - weight * v for g, v in zip(gain, row, strict=True)]
    while True:
        clock("solving a linear program in rationals")
        enter = next((j for j in range(n) if gain[j] > 0), None)
        if enter is None:
            return gain
        leave = _leaving(table, basis, enter, n)
        if leave < 0:
            return None
        _pivot(table, basis, leave, enter, gain)


def _leaving(table: Table, basis: list[int], enter: int, n: int) -> int:
    """Return the row that leaves: the least ratio, ties to the least index; artificial variables stay at 0."""
    best, leave = None, -1
    for i, row in enumerate(table):
        if row[enter] > 0 or (basis[i] >= n and row[-1] == 0 and row[enter] != 0):
            ratio = row[-1] / row[enter]
            if best is None or ratio < best or (ratio == best and basis[i] < basis[leave]):
                best, leave = ratio, i
    return leave


def _pivot(table: Table, basis: list[int], i: int, j: int, gain: list[fmpq]) -> None:
    """Bring column j into the basis in row i."""
    head = table[i][j]
    row = [v / head if v != 0 else v for v in table[i]]
    table[i] = row
    live = [k for k, v in enumerate(row) if v != 0]
    for other in [*(table[k] for k in range(len(table)) if k != i), gain]:
        factor = other[j]
        if factor != 0:
            for k in live:
                other[k] -= factor * row[k]
    basis[i] = j
