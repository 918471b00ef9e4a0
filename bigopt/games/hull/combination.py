"""The best combination of all Bobs on all rows: one fit, which other solvers take as a model file."""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import Answer, Concept, Formulation, Option, Request, options
from bigopt.concepts.solution import Solution
from bigopt.games.hull.asked import alice_of
from bigopt.games.hull.exact.active_set import Gram, empty, extended
from bigopt.games.hull.game import UtilityTable
from bigopt.games.hull.verify.combination import verify


def solve(game: UtilityTable, request: Request) -> Answer:
    """Add the Bobs one by one, each fit from the one before."""
    alice = game.scaled_alices[:, alice_of(game, request)]
    make = Gram.simplex if request.options.get("weights", "one") == "one" else Gram.non_negative
    problem = make(game.scaled_bobs, alice)
    inside, found = np.zeros(game.count, dtype=bool), empty(problem)
    for j in range(game.count):
        request.deadline.check("fitting")
        inside[j] = True
        found = extended(problem, inside, found, j)
    weights = found.weights if problem.convex else _better(game.scaled_bobs, alice, found.weights)
    residual = alice - game.scaled_bobs @ weights
    return Answer({"weights": weights}, float((residual**2).mean()), method="active sets on a Gram matrix")


def _better(bobs: Floats, alice: Floats, weights: Floats) -> Floats:
    """Return non-negative weights [K] of no larger error: a Gram matrix has half the digits of the table.

    Where the utilities have a large common level they are all that tells the Bobs apart.
    """
    norms = np.linalg.norm(bobs, axis=0)
    norms[norms == 0] = 1.0
    _, corner = np.linalg.qr(np.column_stack([bobs / norms, alice]))
    try:
        other = nnls(corner[:, :-1], corner[:, -1])[0] / norms
    except RuntimeError:  # too many rounds
        return weights
    return np.asarray(min((weights, other), key=lambda w: float(((alice - bobs @ w) ** 2).sum())))


def formulations(game: UtilityTable, request: Request) -> list[Formulation]:
    """Return the quadratic program of the method that was asked for."""
    convex = request.options.get("weights", "one") == "one"
    return [Formulation("hull_fit", "QP", {"human": alice_of(game, request), "convex": convex})]


class CombinationSolution(Solution):
    """The combination of all Bobs that is nearest to Alice.

    Attributes
    ----------
    method : text
        `simplex` (weights of sum 1) or `nnls` (of any sum).
    weights : [K]
        The weight of each Bob.
    mse : unit of utility squared
        The mean squared error.
    nonzero : count
        Of weights above 1e-6.
    """

    method: str
    weights: Floats
    mse: float
    nonzero: int


CONCEPT = Concept(
    "combination",
    "the combination of all Bobs nearest to Alice on all rows (one fit)",
    verify,
    solve,
    formulations,
    options=(
        Option("weights", "one", ("one", "any"), help="sum 1 (simplex), or any sum (NNLS)"),
        Option("alice", 0, parse=options.whole, help="which Alice, where there are several"),
    ),
    objective="mse",
    sense="min",
    result=CombinationSolution,
)
