"""From a Pyomo model to a HiGHS answer: bigopt's arrays beside Pyomo's own `highs` and `appsi_highs` interfaces."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.contrib.solver.common.factory import SolverFactory
from pyomo.core.expr import LinearExpression

from benchmarks.timing import paired
from bigopt import solvers


def assignment(size: int) -> pyo.ConcreteModel:
    """Assign `size` tasks to as many workers at random costs: `size`^2 columns, 2 `size` rows."""
    cost = np.random.default_rng(0).uniform(size=(size, size))
    ones = [1.0] * size
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(size), range(size), bounds=(0, 1))
    columns = [[m.x[i, j] for j in range(size)] for i in range(size)]

    def row(variables: list[Any]) -> Any:
        return (LinearExpression(constant=0, linear_coefs=ones, linear_vars=variables), 1)

    m.worker = pyo.Constraint(range(size), rule=lambda m, i: row(columns[i]))
    m.task = pyo.Constraint(range(size), rule=lambda m, j: row([columns[i][j] for i in range(size)]))
    total = LinearExpression(constant=0, linear_coefs=cost.ravel().tolist(), linear_vars=list(m.x.values()))
    m.cost = pyo.Objective(expr=total)
    return m


def by_pyomo(name: str, model: pyo.ConcreteModel) -> None:
    """Solve by one of Pyomo's interfaces, the point loaded."""
    SolverFactory(name).solve(model, threads=1)


def by_appsi(model: pyo.ConcreteModel) -> None:
    """Solve by Pyomo's older persistent interface."""
    pyo.SolverFactory("appsi_highs").solve(model)


def run(smoke: bool) -> list[dict[str, Any]]:
    """Return the rows of this topic."""
    rows = []
    for size in (20,) if smoke else (100, 200):
        model = assignment(size)
        contenders: dict[str, Callable[[], Any]] = {
            "bigopt": partial(solvers.run, "highs", model, "LP"),
            "Pyomo highs": partial(by_pyomo, "highs", model),
            "Pyomo appsi_highs": partial(by_appsi, model),
        }
        case = f"assignment LP, {size * size:,} columns, compile and solve"
        rows += paired(case, contenders, repeats=1 if smoke else 5)
    return rows
