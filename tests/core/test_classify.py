"""Problem classes against models whose class is known by construction."""

import pyomo.environ as pyo
import pytest

from bigopt.engine.classify import problem_class


def model(domain: object, objective: int, constraint: int) -> pyo.ConcreteModel:
    """Return a model with the given degrees (3 stands for a logarithm)."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(domain=domain, bounds=(1, 2))
    m.y = pyo.Var(bounds=(1, 2))
    term = {0: 1.0, 1: m.x, 2: m.x * m.y, 3: pyo.log(m.x)}
    m.cost = pyo.Objective(expr=term[objective] + m.y)
    m.limit = pyo.Constraint(expr=term[constraint] + m.y <= 5)
    return m


@pytest.mark.parametrize(
    ("domain", "objective", "constraint", "expected"),
    [
        (pyo.Reals, 1, 1, "LP"),
        (pyo.Reals, 2, 1, "QP"),
        (pyo.Reals, 1, 2, "QCP"),
        (pyo.Reals, 2, 2, "QCP"),
        (pyo.Reals, 3, 1, "NLP"),
        (pyo.Reals, 1, 3, "NLP"),
        (pyo.Binary, 1, 1, "MILP"),
        (pyo.Integers, 2, 1, "MIQP"),
        (pyo.Integers, 1, 2, "MINLP"),
        (pyo.Binary, 3, 1, "MINLP"),
    ],
)
def test_class_by_degree_and_domain(domain: object, objective: int, constraint: int, expected: str) -> None:
    assert problem_class(model(domain, objective, constraint)) == expected


def test_fixed_variables_and_inactive_parts_do_not_count() -> None:
    m = model(pyo.Binary, 2, 3)
    m.x.fix(1)
    m.limit.deactivate()
    assert problem_class(m) == "LP"
