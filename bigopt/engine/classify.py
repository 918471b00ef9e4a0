"""The class and the size of problems: of a Pyomo model that somebody else wrote, and of a game's concepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bigopt.algebra import library
from bigopt.concepts.concept import Concept, Formulation, Game
from bigopt.errors import BigoptError
from bigopt.games import kinds

if TYPE_CHECKING:
    import pyomo.environ as pyo


def problem_class(model: pyo.ConcreteModel) -> str:
    """Return LP, QP, QCP, MILP, MIQP or NLP by the degrees of a model's expressions and its variables' domains.

    Degrees are taken with fixed variables as constants. Integers with nonlinear constraints are "MINLP", which no
    adapter takes.
    """
    import pyomo.environ as pyo

    objective = max((_degree(o.expr) for o in model.component_data_objects(pyo.Objective, active=True)), default=0)
    constraint = max((_degree(c.body) for c in model.component_data_objects(pyo.Constraint, active=True)), default=0)
    integer = any(not v.is_continuous() and not v.fixed for v in model.component_data_objects(pyo.Var))
    if integer:
        return "MINLP" if objective > 2 or constraint > 1 else "MIQP" if objective == 2 else "MILP"
    if objective > 2 or constraint > 2:
        return "NLP"
    return "QCP" if constraint == 2 else "QP" if objective == 2 else "LP"


def concept_class(game: Game, concept: str | None = None) -> str:
    """Return the class of a concept's own model: "structure" if only our algorithms answer, "" if nothing does."""
    row = _concept(game, concept)
    if row is None:
        return ""
    formulation = _formulation(game, row)
    return formulation.problem_class if formulation is not None else "structure"


def concept_size(game: Game, concept: str | None = None) -> tuple[int, int] | None:
    """Return (variables, constraints) of a concept's own model, which is built; None where it has none."""
    row = _concept(game, concept)
    formulation = _formulation(game, row) if row is not None else None
    if formulation is None:
        return None
    model = library.model(formulation.model).build(game, **formulation.arguments)
    return model.nvariables(), model.nconstraints()


def _concept(game: Game, name: str | None) -> Concept | None:
    found = (c for c in kinds.kind_of(game).concepts if name in (None, c.name) and c.refuses(game) is None)
    return next(found, None)


def _formulation(game: Game, row: Concept) -> Formulation | None:
    """Return the concept's preferred formulation, None where it has none (or needs arguments that were not given)."""
    try:
        return next(iter(row.formulations(game, row.request())), None) if row.formulations else None
    except BigoptError:
        return None


def _degree(expression: object) -> int:
    """Return the polynomial degree, 3 for anything that is not a polynomial of degree at most 2."""
    import pyomo.environ as pyo

    degree = pyo.polynomial_degree(expression)
    return 3 if degree is None or degree > 2 else int(degree)
