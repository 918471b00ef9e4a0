r"""A Pyomo model as matrices, for the solvers that are called through arrays.

.. math:: \min\ \tfrac12 x^\top P x + c^\top x + \text{offset}
          \quad\text{s.t. } \underline r \le A x + (x^\top Q_i x)_i \le \overline r,\ \underline x \le x \le \overline x

Constants of constraint bodies are moved to the sides here, so no solver sees one (SCIP's Pyomo interfaces give wrong
answers on ranged and equality constraints that carry one). A maximization is negated; `sense` is -1 then.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.core.base import SortComponents
from pyomo.core.expr.numvalue import value
from pyomo.repn.quadratic import QuadraticRepnVisitor
from pyomo.repn.util import OrderedVarRecorder
from scipy import sparse

from bigopt.arithmetic.arrays import Floats
from bigopt.errors import UnsupportedProblem, UsageError

ROW_TOLERANCE = 1e-9  # absolute: how far a row without variables may miss its sides
DUAL_ZERO = 1e-8  # relative to the largest cost: reduced costs below it count as 0 against an infinite bound


@dataclass
class Program:
    """The arrays. `quadratic` maps a row's index to its [(i, j, coefficient)]."""

    variables: list[Any]
    constraints: list[Any]
    hessian: sparse.csc_array
    cost: Floats
    offset: float
    matrix: sparse.csr_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: np.ndarray[Any, np.dtype[np.bool_]]
    sense: int
    quadratic: dict[int, list[tuple[int, int, float]]] = field(default_factory=dict)
    contradiction: str = ""

    @property
    def problem_class(self) -> str:
        """LP, QP, QCP, MILP or MIQP, from what the model holds."""
        if self.integer.any():
            return "MIQP" if self.quadratic or self.hessian.nnz else "MILP"
        return "QCP" if self.quadratic else "QP" if self.hessian.nnz else "LP"

    def objective(self, point: Floats) -> float:
        """Return the minimization's objective at `point`."""
        return float(0.5 * point @ (self.hessian @ point) + self.cost @ point + self.offset)

    def dual_bound(self, point: Floats, duals: Floats) -> float | None:
        """Return the Lagrangian's bound for these row duals (d objective / d side), None where it is infinite."""
        curved = self.hessian @ point
        reduced = curved + self.cost - self.matrix.T @ duals
        sides = _at_bounds(duals, self.row_lower, self.row_upper, 0.0)
        bounds = _at_bounds(reduced, self.lower, self.upper, DUAL_ZERO * (1 + np.abs(self.cost).max(initial=0)))
        bound = float(self.offset - 0.5 * point @ curved + sides + bounds)
        return bound if math.isfinite(bound) else None


def _at_bounds(prices: Floats, lower: Floats, upper: Floats, zero: float) -> float:
    """Return the sum of price times the bound that a price of its sign meets."""
    bound = np.where(prices > 0, lower, upper)
    counts = (prices != 0) & ~(np.isinf(bound) & (np.abs(prices) <= zero))
    return float(prices[counts] @ bound[counts])


class _Reader:
    """Walks expressions and keeps the free variables, whole components at a time, in order of appearance."""

    def __init__(self) -> None:
        self.columns: dict[int, Any] = {}
        recorder = OrderedVarRecorder(self.columns, {}, SortComponents.deterministic)
        self._visitor = QuadraticRepnVisitor({}, var_recorder=recorder)

    def read(self, expression: Any, where: str) -> Any:
        """Return the quadratic representation of `expression`."""
        repn = self._visitor.walk_expression(expression)
        if repn.nonlinear is not None:
            raise UnsupportedProblem(f"{where} is not linear or quadratic; use --solver ipopt, which takes NLP")
        return repn

    @property
    def order(self) -> dict[int, int]:
        """The column of each free variable's id (the recorder's own order has gaps at fixed variables)."""
        return {var: column for column, var in enumerate(self.columns)}


def one_objective(model: pyo.ConcreteModel) -> Any:
    """Return the model's only active objective, or None; two are a `UsageError`."""
    objectives = list(model.component_data_objects(pyo.Objective, active=True))
    if len(objectives) > 1:
        raise UsageError(f"the model has {len(objectives)} active objectives; deactivate all but one")
    return objectives[0] if objectives else None


def compile_program(model: pyo.ConcreteModel) -> Program:
    """Translate a model of linear and quadratic expressions.

    Raises
    ------
    UnsupportedProblem
        An expression is neither linear nor quadratic, or a component is not supported.
    """
    reader = _Reader()
    goal = one_objective(model)
    sense = -1 if goal is not None and goal.sense == pyo.maximize else 1
    aim = reader.read(goal.expr, f"objective {goal.name}") if goal is not None else None
    rows = _Rows()
    for constraint in model.component_data_objects(pyo.Constraint, active=True, sort=False):
        rows.add(constraint, reader)
    _refuse_others(model)
    order, variables = reader.order, list(reader.columns.values())
    lower, upper, integer = _domains(variables)
    crossed = [f"the bounds of {variables[j].name} cross" for j in np.flatnonzero(lower > upper)[:1].tolist()]
    sides = np.array(rows.sides, dtype=float).reshape(-1, 2)
    program = Program(
        variables=variables,
        constraints=rows.constraints,
        hessian=_hessian(aim.quadratic or {} if aim else {}, order, sense),
        cost=_cost(aim.linear if aim else {}, order, sense),
        offset=sense * float(aim.constant) if aim else 0.0,
        matrix=rows.entries.matrix(order),
        row_lower=sides[:, 0],
        row_upper=sides[:, 1],
        lower=lower,
        upper=upper,
        integer=integer,
        sense=sense,
        quadratic={i: [(order[a], order[b], float(v)) for (a, b), v in q.items()] for i, q in rows.curved.items()},
        contradiction=(crossed or [rows.contradiction])[0],
    )
    data = [program.cost, program.matrix.data, program.hessian.data, np.array([program.offset])]
    if not np.isfinite(np.concatenate(data)).all():
        raise UsageError("the model has a coefficient that is not finite; check its data")
    return program


class _Rows:
    """The constraints that say something, with their sides and coefficients."""

    def __init__(self) -> None:
        self.constraints: list[Any] = []
        self.sides: list[tuple[float, float]] = []
        self.entries = _Entries()
        self.curved: dict[int, dict[tuple[int, int], float]] = {}
        self.contradiction = ""

    def add(self, constraint: Any, reader: _Reader) -> None:
        """Read a constraint; one without variables is kept only as a contradiction, if it does not hold."""
        low, body, up = constraint.to_bounded_expression()
        low, up = _side(low, -math.inf), _side(up, math.inf)
        repn = reader.read(body, f"constraint {constraint.name}")
        low, up = low - repn.constant, up - repn.constant
        if math.isinf(low) and math.isinf(up):
            return
        if not repn.linear and not repn.quadratic:
            if low > ROW_TOLERANCE or up < -ROW_TOLERANCE:
                self.contradiction = f"constraint {constraint.name} has no variables and does not hold"
            return
        if repn.quadratic:
            self.curved[len(self.constraints)] = repn.quadratic
        self.constraints.append(constraint)
        self.entries.add(repn.linear)
        self.sides.append((low, up))


class _Entries:
    """The rows' coefficients, by variable id until all columns are known."""

    def __init__(self) -> None:
        self._ids: list[int] = []
        self._values: list[float] = []
        self._starts = [0]

    def add(self, linear: dict[int, float]) -> None:
        """Append a row."""
        self._ids.extend(linear)
        self._values.extend(linear.values())
        self._starts.append(len(self._ids))

    def matrix(self, order: dict[int, int]) -> sparse.csr_array:
        """Return the rows as a sparse matrix."""
        columns = np.fromiter(map(order.__getitem__, self._ids), np.int64, len(self._ids))
        data = (np.array(self._values, dtype=float), columns, np.array(self._starts))
        matrix = sparse.csr_array(data, shape=(len(self._starts) - 1, len(order)))
        matrix.eliminate_zeros()
        return matrix


def _side(side: Any, absent: float) -> float:
    return absent if side is None else float(value(side))


def _domains(variables: Sequence[Any]) -> tuple[Floats, Floats, np.ndarray[Any, np.dtype[np.bool_]]]:
    """Return lower bounds, upper bounds, and which variables are integers."""
    bounds = [v.bounds for v in variables]
    lower = np.array([-math.inf if low is None else low for low, _ in bounds], dtype=float)
    upper = np.array([math.inf if up is None else up for _, up in bounds], dtype=float)
    return lower, upper, np.array([not v.is_continuous() for v in variables], dtype=bool)


def _cost(linear: dict[int, float], order: dict[int, int], sense: int) -> Floats:
    cost = np.zeros(len(order))
    for var, coefficient in linear.items():
        cost[order[var]] = sense * coefficient
    return cost


def _hessian(terms: dict[tuple[int, int], float], order: dict[int, int], sense: int) -> sparse.csc_array:
    """Return P of x'Px/2: a square's coefficient doubles, a product's stands on both sides of the diagonal."""
    n = len(order)
    i = np.fromiter((order[a] for a, _ in terms), np.int64, len(terms))
    j = np.fromiter((order[b] for _, b in terms), np.int64, len(terms))
    half = sense * np.fromiter(terms.values(), float, len(terms))
    half_matrix = sparse.coo_array((half, (i, j)), shape=(n, n)).tocsc()
    full = sparse.csc_array(half_matrix + half_matrix.T)
    full.eliminate_zeros()
    full.sort_indices()
    return full


def _refuse_others(model: pyo.ConcreteModel) -> None:
    """Refuse what the arrays cannot hold, rather than drop it silently."""
    for kind in (pyo.SOSConstraint,):
        for component in model.component_objects(kind, active=True):
            raise UnsupportedProblem(f"{component.name}: SOS constraints are not supported; state it with binaries")
