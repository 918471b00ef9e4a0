"""Model files solved by the solver that a request names: for procedures that build and solve them in their loop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bigopt import solvers
from bigopt.algebra import library
from bigopt.concepts.concept import Game, Request
from bigopt.errors import SolverFailed

if TYPE_CHECKING:
    import pyomo.environ as pyo  # slow to import, and a closed form runs no model


def run(request: Request, model: pyo.ConcreteModel, problem_class: str, settings: str = "default") -> solvers.Run:
    """Run the request's solver on a model, with its options and within what is left of its time."""
    return solvers.run(
        request.solver,
        model,
        problem_class,
        time_limit=request.deadline.remaining,
        options=request.solver_options,
        settings=settings,
        tee=request.tee,
    )


def point_of(request: Request, name: str, problem_class: str, game: Game, **arguments: Any) -> Mapping[str, Any]:
    """Build a model of the library, solve it, and return the point that its ``read`` finds.

    Raises
    ------
    SolverFailed
        The solver ended without a point; `stopped` says how.
    LimitReached
        The time was over before the model was built.
    """
    module = library.model(name)
    with request.deadline.interrupting("building the model"):
        model = module.build(game, **arguments)
    done = run(request, model, problem_class)
    if done.objective is None:
        raise SolverFailed(f"{request.solver} ended with {done.stopped}: use --solver exact", done.stopped)
    found: Mapping[str, Any] = module.read(model)
    return found
