"""The first best (Definition 2): what Alice would do if she knew the state."""

from __future__ import annotations

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts.concept import Answer, Concept, Request
from bigopt.concepts.solution import Solution
from bigopt.games.persuasion.game import Persuasion
from bigopt.games.persuasion.verify import one_sender as verify


def solve(game: Persuasion, request: Request) -> Answer:
    """Take Alice's best action in each state, the lowest index among equals."""
    return Answer({"actions": game.alice.argmax(axis=1)}, game.first_best, game.first_best, method="state by state")


class FirstBestSolution(Solution):
    """What Alice would get if she knew the state.

    Attributes
    ----------
    actions : [S], indices of actions
        Her favourite action in each state.
    opt : unit of Alice's utility
        Her expected utility then.
    alone : unit of Alice's utility
        Her expected utility without any sender.
    bobs : [k], units of the Bobs' utilities
        What the Bobs get with those actions.
    """

    actions: Ints
    opt: float
    alone: float
    bobs: Floats


CONCEPT = Concept(
    "first-best",
    "what Alice would get if she knew the state",
    verify.first_best,
    solve,
    objective="opt",
    sense="max",
    result=FirstBestSolution,
)
