"""A linear program that stays in memory while rows and columns are added to it.

A thin layer over one `highspy` model: matrices go in, each re-solve starts from the last basis, and points, duals and
the objective come out as arrays. Programs with too many constraints to write down are solved by adding the violated
ones (cutting planes, Kelley 1960); the separation belongs to the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bigopt.arithmetic import loaded
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.highs import STOPPED
from bigopt.concepts.solution import SOLVED
from bigopt.errors import BigoptError

Matrix = Any  # dense array-like, or any scipy.sparse matrix or array
Bound = float | npt.ArrayLike

OPTIONS: dict[str, Any] = {  # deterministic: one thread, a fixed seed, a simplex method that keeps its basis
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "solver": "simplex",
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    "small_matrix_value": 1e-12,  # the least that HiGHS takes: its default of 1e-9 drops what decides
}


class RefusedByHighs(BigoptError):
    """HiGHS refused a model, an option or a row: data out of range."""


@dataclass(frozen=True)
class LPResult:
    """What one re-solve found.

    Attributes
    ----------
    stopped : str
        Pyomo's TerminationCondition name; "error" for anything that has none.
    objective : float
        Of the point, in the sense (minimize or maximize) of the program.
    x : ndarray [columns]
        The primal point.
    dual : ndarray [rows]
        d objective / d right-hand side of each row: for `maximize`, a `<=` row has a dual >= 0, a `>=` row <= 0;
        for minimize the signs are the other way round.
    reduced_cost : ndarray [columns]
        ``cost - A' dual``.
    """

    stopped: str
    objective: float
    x: Floats
    dual: Floats
    reduced_cost: Floats

    @property
    def solved(self) -> bool:
        """Whether the program, as far as it is written down, was solved to optimality."""
        return self.stopped == SOLVED


class LazyLP:
    """A persistent linear program: optimize ``cost'x`` over ``row_lower <= A x <= row_upper``, ``lower <= x <= upper``.

    Parameters
    ----------
    cost : array [columns]
    A : matrix [rows, columns], dense or scipy.sparse, or None for no rows yet
    row_lower, row_upper : float or array [rows]
    lower, upper : float or array [columns]
        Default x >= 0.
    maximize : bool
    options : mapping
        HiGHS options over the deterministic defaults, as ``{"simplex_strategy": 4}``.

    Raises
    ------
    RefusedByHighs
        An unknown option, or data that HiGHS does not take.
    SolverNotFound
        HiGHS is not installed.
    """

    def __init__(
        self,
        cost: npt.ArrayLike,
        A: Matrix | None = None,
        row_lower: Bound = -np.inf,
        row_upper: Bound = np.inf,
        *,
        lower: Bound = 0.0,
        upper: Bound = np.inf,
        maximize: bool = False,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        """Pass the first columns and rows to HiGHS."""
        highspy = loaded.highspy()
        self.highs = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        for name, value in {**OPTIONS, **(options or {})}.items():
            _accept(self.highs.setOptionValue(name, value), f"option {name}={value!r}")
        self._columns = self._rows = 0
        if maximize:
            _accept(self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize), "the sense")
        self.add_columns(cost, lower=lower, upper=upper)
        if A is not None:
            self.add_rows(A, row_lower, row_upper)

    @property
    def columns(self) -> int:
        """How many columns there are now."""
        return self._columns

    @property
    def rows(self) -> int:
        """How many rows there are now."""
        return self._rows

    def add_rows(self, A: Matrix, lower: Bound = -np.inf, upper: Bound = np.inf) -> range:
        """Add rows ``lower <= A x <= upper`` (A is [new rows, columns]) in one batch; return their indices."""
        matrix = sparse.csr_array(A)
        count = matrix.shape[0]
        if matrix.shape[1] != self._columns:
            raise ValueError(f"rows over {matrix.shape[1]} columns, but the program has {self._columns}")
        starts, index, values = _compressed(matrix)
        status = self.highs.addRows(count, _full(lower, count), _full(upper, count), values.size, starts, index, values)
        _accept(status, f"{count} rows")
        self._rows += count
        return range(self._rows - count, self._rows)

    def add_columns(
        self, cost: npt.ArrayLike, A: Matrix | None = None, *, lower: Bound = 0.0, upper: Bound = np.inf
    ) -> range:
        """Add columns (A is [rows, new columns], None for zeros) in one batch; return their indices."""
        costs = np.ascontiguousarray(np.atleast_1d(cost), dtype=float)
        count = costs.size
        matrix = sparse.csc_array((self._rows, count)) if A is None else sparse.csc_array(A)
        if matrix.shape != (self._rows, count):
            raise ValueError(f"a matrix of shape {matrix.shape}, expected {(self._rows, count)}")
        starts, index, values = _compressed(matrix)
        bounds = _full(lower, count), _full(upper, count)
        _accept(self.highs.addCols(count, costs, *bounds, values.size, starts, index, values), f"{count} columns")
        self._columns += count
        return range(self._columns - count, self._columns)

    def set_cost(self, cost: npt.ArrayLike) -> None:
        """Replace the cost of every column; the last basis stays feasible."""
        costs = np.ascontiguousarray(cost, dtype=float)
        index = np.arange(self._columns, dtype=np.int32)
        _accept(self.highs.changeColsCost(self._columns, index, costs), "the new costs")

    def solve(self, deadline: Deadline | None = None, **options: Any) -> LPResult:
        """Solve from the last basis, within what is left of `deadline`; `options` stay set for later solves."""
        for name, value in options.items():
            _accept(self.highs.setOptionValue(name, value), f"option {name}={value!r}")
        left = None if deadline is None else deadline.remaining
        # HiGHS counts its limit from the first run of the model, not of this one.
        limit = np.inf if left is None else self.highs.getRunTime() + left
        self.highs.setOptionValue("time_limit", float(limit))
        self.highs.run()
        return self._result()

    @property
    def stopped(self) -> str:
        """Pyomo's TerminationCondition name of the last solve; "error" for anything that has none."""
        return STOPPED.get(self.highs.getModelStatus().name, "error")

    def _result(self) -> LPResult:
        solution, info = self.highs.getSolution(), self.highs.getInfo()
        return LPResult(
            stopped=self.stopped,
            objective=float(info.objective_function_value),
            x=np.array(solution.col_value, dtype=float),
            dual=np.array(solution.row_dual, dtype=float),
            reduced_cost=np.array(solution.col_dual, dtype=float),
        )


def _compressed(matrix: Any) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Floats]:
    """Return the starts, indices and values of a compressed sparse matrix, as HiGHS wants them."""
    matrix.sum_duplicates()
    starts = np.ascontiguousarray(matrix.indptr[:-1], dtype=np.int32)
    return starts, np.ascontiguousarray(matrix.indices, np.int32), np.ascontiguousarray(matrix.data, float)


def _full(bound: Bound, count: int) -> Floats:
    return np.ascontiguousarray(np.broadcast_to(np.asarray(bound, dtype=float), (count,)))


def _accept(status: Any, what: str) -> None:
    """Raise if HiGHS did not take `what` (warnings, as of dropped tiny entries, pass)."""
    if status.name == "kError":
        raise RefusedByHighs(f"HiGHS refused {what}: check the size of the data")
