"""Oblivious senders (Appendix B, Definitions 18 and 19): each plays his single-sender optimum, Alice combines all."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from bigopt import solvers
from bigopt.algebra import library
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts.concept import Answer, Request
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import SOLVED, Solution
from bigopt.errors import SolverFailed, UsageError
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.exact.regions import favour
from bigopt.games.persuasion.exact.reply import best_reply
from bigopt.games.persuasion.exact.scheme import best_scheme
from bigopt.games.persuasion.game import Persuasion
from bigopt.games.persuasion.signaling import formulations

MOST_MAPS = 512  # answers to the other Bobs' messages that a split is searched over
MOST_CELLS = 200_000  # maps x actions x states, the coefficients of the split's program


def optimum(game: Persuasion, utility: Floats, deadline: Deadline | None = None) -> tuple[Floats, str]:
    """Return a sender's single-sender optimum with direct recommendations [S][R], and the solver's status."""
    if game.alice_signal is not None:
        kernel = signals.alone(game)
        reply = best_reply(game, utility, kernel, favour(game, several=False), deadline)
        return reply.scheme, reply.stopped
    found = best_scheme(game, utility, game.margin, deadline)
    return signals.cleaned(found.scheme), found.stopped


def solve(game: Persuasion, request: Request) -> Answer:
    """Find every Bob's scheme."""
    schemes = []
    for bob in game.bobs:
        request.deadline.check(f"finding the scheme of {bob.name}")
        if request.solver == "exact":
            scheme, stopped = optimum(game, bob.utility, request.deadline)
        else:
            scheme, stopped = _by_solver(game, bob.name, request)
        if stopped != SOLVED:
            holds = "noSolution" if stopped == "maxTimeLimit" else "infeasible"
            return Answer(None, stopped=stopped, holds=holds)
        schemes.append(scheme)
    return Answer({"schemes": schemes}, method="single-sender optima")


def _by_solver(game: Persuasion, bob: str, request: Request) -> tuple[Floats, str]:
    """Return a sender's optimum by an LP solver, from the model file of his own program, and the solver's status."""
    listed = formulations(game, replace(request, arguments={"bob": bob}))
    if not listed:
        raise UsageError(f"solver {request.solver}: too many answers to list them, expected --solver exact")
    module = library.model(listed[0].model)
    with request.deadline.interrupting("building the model"):
        model = module.build(game, **listed[0].arguments)
    limit = request.deadline.remaining
    run = solvers.run(request.solver, model, "LP", time_limit=limit, options=request.solver_options, tee=request.tee)
    if run.stopped in ("provenInfeasible", "maxTimeLimit"):
        return np.empty((len(game.states), 0)), run.stopped
    if run.stopped != SOLVED or run.objective is None:
        raise SolverFailed(f"{request.solver} ended with {run.stopped}: use --solver exact", run.stopped)
    return signals.cleaned(np.asarray(module.read(model)["scheme"])), SOLVED


def split_value(game: Persuasion, schemes: list[Floats], j: int, deadline: Deadline | None = None) -> float | None:
    """Return the most that Alice can get if Bob j splits his recommendations into more signals.

    Each recommendation is split into signals after which Alice, if she saw nothing else, would still do what was
    recommended: to the oblivious Bob all such splits are worth the same. A linear program over the parts, one for
    every map from the others' messages to actions; None where there are too many maps or Alice has signals of her own.
    """
    others = signals.combine([np.ones((len(game.states), 1))] + [s for i, s in enumerate(schemes) if i != j])
    taken = np.flatnonzero(game.ever)
    count = len(taken) ** min(others.shape[1], 64)
    if game.alice_signal is not None or count > MOST_MAPS or count * len(taken) * len(game.states) > MOST_CELLS:
        return None
    maps = taken[np.array(list(product(range(len(taken)), repeat=others.shape[1])))]
    worth = np.einsum("sm,smr->sr", others, game.alice[:, maps.T])  # [s, r]: Alice's utility by map r in state s
    joint = game.prior[:, None] * schemes[j]
    total = 0.0
    for a in np.flatnonzero(joint.sum(axis=0) > signals.UNUSED).tolist():
        (deadline or Deadline()).check("splitting recommendations")
        value = _split(game, joint[:, a], worth, a, taken[taken != a])
        if value is None:
            return None
        total += value
    return total


def _split(game: Persuasion, part: Floats, worth: Floats, told: int, others: Ints) -> float | None:
    """Return Alice's best value from splitting one recommendation's joint probabilities [S]; None if none obeys.

    The shares y[r, s] of a state's part that go to map r; every row of obedience is divided by its largest term.
    """
    used = np.flatnonzero(part)
    count = worth.shape[1]
    terms = (part[:, None] * game.decimals.lead(told, others))[used].T  # [b, s]
    terms = terms / np.maximum(np.abs(terms).max(axis=1, keepdims=True), np.finfo(float).tiny)
    eye = sparse.eye_array(count)
    shares = sparse.kron(np.ones((1, count)), sparse.eye_array(used.size))
    cost = -(part[used, None] * worth[used]).T.ravel()
    unit = float(np.abs(cost).max()) or 1.0
    limits = {"A_ub": sparse.kron(eye, -terms), "b_ub": np.zeros(count * len(terms))} if len(terms) else {}
    found = linprog(cost / unit, **limits, A_eq=shares, b_eq=np.ones(used.size))
    return -unit * float(found.fun) if found.status == 0 else None


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
