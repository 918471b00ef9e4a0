"""How far Alice is from the Bobs' hull in the worst outcome (Definition 1), and what a sample says of the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bigopt.alice import combination
from bigopt.alice.utilities import utilities
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import Answer, Concept, Formulation, Option, Request, options
from bigopt.concepts.solution import SOLVED, Solution
from bigopt.games.hull.asked import alice_of
from bigopt.games.hull.game import UtilityTable
from bigopt.games.hull.verify.audit import verify


def solve(game: UtilityTable, request: Request) -> Answer:
    """Minimize the worst error over weights and offset, by the linear program with lazy rows."""
    alice = game.alices[:, alice_of(game, request)]
    convex = request.options.get("weights") == "one"
    found = combination.fit(alice, game.bobs.T, convex=convex, deadline=request.deadline)
    point = {"weights": found.weights}
    holds = "optimal" if found.stopped == SOLVED else "feasible"
    return Answer(point, found.epsilon, found.bound, found.stopped, holds, "linear program with lazy rows")


def formulations(game: UtilityTable, request: Request) -> Sequence[Formulation]:
    """Return the linear program of the sum that was asked for."""
    convex = request.options.get("weights") == "one"
    table = utilities(game.alices[:, alice_of(game, request)], game.bobs.T)
    unit = table.scale(convex)[0]
    arguments = {"table": table, "convex": convex}
    return (Formulation("alignment", "LP", arguments, value=lambda error: error * unit),)


class AuditSolution(Solution):
    """How far Alice is from the Bobs' hull, and how far to trust it.

    Attributes
    ----------
    epsilon : unit of Alice's utility
        The least worst-case error of a combination with an offset.
    weights : [K]
        The combination's weight of each Bob.
    offset : unit of Alice's utility
        The constant that is added to the combination.
    violation : share
        Of unseen outcomes that may have a larger error, if the rows are a sample.
    confidence : probability
        With which that holds.
    entrant : witness
        The outcomes (`rows`) where a new Bob would help, their `pull`, and the `level` beyond which he does.
    uniform : unit of Alice's utility
        The `epsilon` of the plain average, Proposition 3's `bound`, and its error when Bobs are drawn (`simulated`).
    robust : unit of Alice's utility
        The least mean error in the worst mixture of groups; None where there are none.
    robust_weights : [K]
        The weights that reach it.
    robust_offset : unit of Alice's utility
        The constant beside them.
    """

    epsilon: float
    weights: Floats
    offset: float
    violation: float
    confidence: float
    entrant: dict[str, Any]
    uniform: dict[str, float]
    robust: float | None
    robust_weights: Floats | None
    robust_offset: float | None


CONCEPT = Concept(
    "audit",
    "the least worst-case error of a combination (Definition 1), and its trust beyond the sample",
    verify,
    solve,
    formulations,
    options=(
        Option("weights", "any", ("any", "one"), help="any sum of weights (Remark 2), or sum 1 (Definition 1)"),
        Option("alice", 0, parse=options.whole, help="which Alice, where there are several"),
        Option("confidence", 0.999, parse=options.below_one, help="of the bound on the share of violating outcomes"),
    ),
    objective="epsilon",
    sense="min",
    result=AuditSolution,
)
