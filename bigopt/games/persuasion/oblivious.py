"""Oblivious senders (Appendix B, Definitions 18 and 19): each plays his single-sender optimum, Alice combines all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bigopt.algebra import delegated, library
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Answer, Concept, Request
from bigopt.concepts.solution import SOLVED, Solution
from bigopt.errors import SolverFailed, UsageError
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.game import Persuasion
from bigopt.games.persuasion.response import optimum
from bigopt.games.persuasion.signaling import formulations
from bigopt.games.persuasion.tables import oblivious_tables
from bigopt.games.persuasion.verify import one_sender as verify


def solve(game: Persuasion, request: Request) -> Answer:
    """Find every Bob's scheme."""
    schemes = []
    for bob in game.bobs:
        request.deadline.check(f"finding the scheme of {bob.name}")
        if request.solver == "exact":
            scheme, stopped = optimum(game, bob.utility, request.deadline)
        else:
            scheme, stopped = _by_solver(game, bob.name, request)
        if stopped == "maxTimeLimit":
            return request.kept.get() or Answer(None, stopped=stopped, holds="noSolution")
        if stopped != SOLVED:
            return Answer(None, stopped=stopped, holds="infeasible")
        schemes.append(scheme)
        silent = [np.ones((len(game.states), 1))] * (len(game.bobs) - len(schemes))
        said = f"{len(schemes)} of {len(game.bobs)} senders; the others are silent"
        request.kept.point({"schemes": [*schemes, *silent]}, method="single-sender optima", said=said)
    return Answer({"schemes": schemes}, method="single-sender optima")


def _by_solver(game: Persuasion, bob: str, request: Request) -> tuple[Floats, str]:
    """Return a sender's optimum by an LP solver, from the model file of his own program, and the solver's status."""
    listed = formulations(game, replace(request, arguments={"bob": bob}))
    if not listed:
        raise UsageError(f"solver {request.solver}: too many answers to list them, expected --solver exact")
    module = library.model(listed[0].model)
    with request.deadline.interrupting("building the model"):
        model = module.build(game, **listed[0].arguments)
    run = delegated.run(request, model, "LP")
    if run.stopped in ("provenInfeasible", "maxTimeLimit"):
        return np.empty((len(game.states), 0)), run.stopped
    if run.stopped != SOLVED or run.objective is None:
        raise SolverFailed(f"{request.solver} ended with {run.stopped}: use --solver exact", run.stopped)
    return signals.cleaned(np.asarray(module.read(model)["scheme"])), SOLVED


class ObliviousSolution(Solution):
    """Every sender plays his own optimum, and Alice combines the signals.

    Attributes
    ----------
    schemes : [k][S][signals], probabilities
        Each sender's scheme.
    expected : [k], units of the Bobs' utilities
        What each would get as the only sender.
    combined : unit of Alice's utility
        What she gets from all signals together.
    first_best : unit of Alice's utility
        What she would get if she knew the state.
    gap : unit of Alice's utility
        `first_best` minus `combined`.
    alone : unit of Alice's utility
        Her expected utility without any sender.
    bobs : [k], units of the Bobs' utilities
        What the Bobs get from all signals together.
    split : [k], unit of Alice's utility
        What she gets if that sender splits his signals without a loss to himself; None where it was not computed.
    """

    schemes: list[Floats]
    expected: Floats
    combined: float
    first_best: float
    gap: float
    alone: float
    bobs: Floats
    split: list[float | None] | None


CONCEPT = Concept(
    "oblivious",
    "every sender plays his single-sender optimum, Alice combines the signals",
    verify.oblivious,
    solve,
    delegates=("LP",),
    tables=oblivious_tables,
    result=ObliviousSolution,
)
