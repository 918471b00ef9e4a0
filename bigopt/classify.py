"""The problem class of a Pyomo model that somebody else wrote."""

from __future__ import annotations

import pyomo.environ as pyo


def problem_class(model: pyo.ConcreteModel) -> str:
    """Return LP, QP, QCP, MILP, MIQP or NLP by the degrees of a model's expressions and its variables' domains.

    Degrees are taken with fixed variables as constants. Integers with nonlinear constraints are "MINLP", which no
    adapter takes.
    """
    objective = max((_degree(o.expr) for o in model.component_data_objects(pyo.Objective, active=True)), default=0)
    constraint = max((_degree(c.body) for c in model.component_data_objects(pyo.Constraint, active=True)), default=0)
    integer = any(not v.is_continuous() and not v.fixed for v in model.component_data_objects(pyo.Var))
    if integer:
        return "MINLP" if objective > 2 or constraint > 1 else "MIQP" if objective == 2 else "MILP"
    if objective > 2 or constraint > 2:
        return "NLP"
    return "QCP" if constraint == 2 else "QP" if objective == 2 else "LP"


def _degree(expression: object) -> int:
    """Return the polynomial degree, 3 for anything that is not a polynomial of degree at most 2."""
    degree = pyo.polynomial_degree(expression)
    return 3 if degree is None or degree > 2 else int(degree)
