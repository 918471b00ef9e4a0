"""Which solvers work here: each solves a tiny problem of each class that it takes, with a known answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pyomo.environ as pyo

from bigopt import solvers
from bigopt.errors import BigoptError
from bigopt.solvers.row import SOLVED, Solver

TIME_LIMIT = 60.0  # seconds a problem: a busy machine needs ten to start OR-Tools alone
TOLERANCE = 1e-5  # absolute, on objectives of size 1


@dataclass(frozen=True)
class Finding:
    """One solver on one class of problem; `works` is None where it is not installed or was not heard in time."""

    solver: str
    version: str
    problem_class: str
    works: bool | None
    seconds: float
    message: str
    repair: str

    @property
    def slow(self) -> bool:
        """Whether it is installed and a limit ended it: a busy machine, not a failure."""
        return self.works is None and bool(self.version)

    @property
    def advice(self) -> str:
        """What to do about it, "" where it works."""
        if self.works or self.slow:
            return self.message
        if self.works is None:
            return self.repair
        return self.message if "run: " in self.message else f"{self.message}: {self.repair}"


def linear() -> pyo.ConcreteModel:
    """Max x + y with x + 2y <= 4, 3x + y <= 6: 14/5 at (8/5, 6/5)."""
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(bounds=(0, None)), pyo.Var(bounds=(0, None))
    m.first = pyo.Constraint(expr=m.x + 2 * m.y <= 4)
    m.second = pyo.Constraint(expr=3 * m.x + m.y <= 6)
    m.goal = pyo.Objective(expr=m.x + m.y, sense=pyo.maximize)
    return m


def quadratic() -> pyo.ConcreteModel:
    """Min (x + y)^2 - 2x - 4y on [0, 1]^2: -3 at (0, 1), where the gradient is (0, -2)."""
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(bounds=(0, 1)), pyo.Var(bounds=(0, 1))
    m.goal = pyo.Objective(expr=(m.x + m.y) ** 2 - 2 * m.x - 4 * m.y)
    return m


def disc() -> pyo.ConcreteModel:
    """Max x + y on the unit disc: sqrt(2)."""
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(bounds=(-2, 2)), pyo.Var(bounds=(-2, 2))
    m.disc = pyo.Constraint(expr=m.x**2 + m.y**2 <= 1)
    m.goal = pyo.Objective(expr=m.x + m.y, sense=pyo.maximize)
    return m


def knapsack() -> pyo.ConcreteModel:
    """Values 10, 13, 7 and weights 3, 4, 2 within 6: the last two, 20."""
    m = pyo.ConcreteModel()
    m.take = pyo.Var([0, 1, 2], domain=pyo.Binary)
    m.weight = pyo.Constraint(expr=3 * m.take[0] + 4 * m.take[1] + 2 * m.take[2] <= 6)
    m.goal = pyo.Objective(expr=10 * m.take[0] + 13 * m.take[1] + 7 * m.take[2], sense=pyo.maximize)
    return m


def nearest() -> pyo.ConcreteModel:
    """Min (3x - 4)^2 over whole x in [0, 5]: 1 at 1."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(domain=pyo.Integers, bounds=(0, 5))
    m.goal = pyo.Objective(expr=(3 * m.x - 4) ** 2)
    return m


def entropic() -> pyo.ConcreteModel:
    """Min x log x + y log y with x + y = 1: -log 2."""
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(bounds=(1e-9, 1), initialize=0.3), pyo.Var(bounds=(1e-9, 1), initialize=0.7)
    m.whole = pyo.Constraint(expr=m.x + m.y == 1)
    m.goal = pyo.Objective(expr=m.x * pyo.log(m.x) + m.y * pyo.log(m.y))
    return m


PROBLEMS: dict[str, tuple[Callable[[], pyo.ConcreteModel], float]] = {
    "LP": (linear, 2.8),
    "QP": (quadratic, -3.0),
    "QCP": (disc, math.sqrt(2)),
    "MILP": (knapsack, 20.0),
    "MIQP": (nearest, 1.0),
    "NLP": (entropic, -math.log(2)),
}


def examine() -> list[Finding]:
    """Try every solver that takes models on every class that it takes."""
    findings = []
    for row in solvers.SOLVERS.values():
        if row.run is None:
            continue
        version = row.version()
        for problem_class in (c for c in PROBLEMS if c in row.takes):
            findings.append(_try(row, version, problem_class))
    return findings


def _try(row: Solver, version: str | None, problem_class: str) -> Finding:
    """Solve the tiny problem of a class and compare."""
    if version is None:
        return Finding(row.name, "", problem_class, None, 0.0, "not installed", row.repair)
    build, expected = PROBLEMS[problem_class]
    try:
        run = solvers.run(row.name, build(), problem_class, time_limit=TIME_LIMIT)
    except BigoptError as error:
        return Finding(row.name, version, problem_class, False, 0.0, str(error), row.repair)
    if run.stopped == "maxTimeLimit":
        message = f"did not answer within {TIME_LIMIT:g} s: a busy machine? run bigopt doctor again"
        return Finding(row.name, version, problem_class, None, run.seconds, message, row.repair)
    if run.stopped != SOLVED or run.objective is None:
        message = f"stopped with {run.stopped}" + (f": {run.message}" if run.message else "")
        return Finding(row.name, version, problem_class, False, run.seconds, message, row.repair)
    works = abs(run.objective - expected) <= TOLERANCE
    message = "" if works else f"wrong answer {run.objective:g}, expected {expected:g}"
    return Finding(row.name, version, problem_class, works, run.seconds, message, row.repair)
