"""The misalignment score of Section 7: epsilon measured only where the proof of Theorem 6 needs it (Remark 5)."""

from __future__ import annotations

from collections.abc import Sequence

from bigopt.alice.alignment import table_of
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Answer, Concept, Formulation, Request
from bigopt.concepts.solution import SOLVED, Solution
from bigopt.games.market.exact import enumeration
from bigopt.games.market.exact.outcomes import score, sides
from bigopt.games.market.game import Market
from bigopt.games.market.verify import misalignment as verify


def refuses(game: Market) -> str | None:
    """Say why the stable set cannot be enumerated."""
    return None if enumeration.few(game) else f"needs all stable schemes, and {game.describe()}: use alignment"


def solve(game: Market, request: Request) -> Answer:
    """Answer the concept `misalignment` by the linear program with lazy rows."""
    found = score(game, request.deadline)
    point = {"epsilon": found.epsilon, "weights": found.weights, "offset": found.offset}
    holds = "optimal" if found.stopped == SOLVED else "feasible"
    return Answer(point, found.epsilon, found.bound, found.stopped, holds, "lazy rows")


def formulations(game: Market, request: Request) -> Sequence[Formulation]:
    """Return the model file for other solvers."""
    if not enumeration.few(game):
        return ()
    upper, lower = sides(game)
    arguments = {"stable": upper.tolist(), "best": lower.tolist()}
    unit, _ = table_of(game).scale(convex=False)
    return (Formulation("misalignment", "LP", arguments, value=lambda score: score * unit),)


class MisalignmentSolution(Solution):
    """The tight epsilon of Section 7.

    Attributes
    ----------
    epsilon : unit of Alice's utility
        The least error of a combination that is never too high on stable outcomes nor too low on Alice's favourites.
    weights : [k]
        The combination's weight of each Bob; their sum is free.
    offset : unit of Alice's utility
        The constant that is added to the combination.
    """

    epsilon: float
    weights: Floats
    offset: float


CONCEPT = Concept(
    "misalignment",
    "the tight epsilon of Section 7 over stable outcomes",
    verify.misalignment,
    solve,
    formulations,
    refuses=refuses,
    objective="epsilon",
    sense="min",
    result=MisalignmentSolution,
)
