"""One Bob's best deviation from a profile: a deterministic one from below, an LP from above (Definition 7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import PLAYER
from bigopt.concepts.concept import Answer, Concept, Formulation, Request
from bigopt.concepts.solution import Solution
from bigopt.games.conversation.aligned_leader import LETTERS
from bigopt.games.conversation.exact import deviations
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import play as verify


def solve(game: Conversation, request: Request) -> Answer:
    """List the deterministic deviations, and solve the LP one feature of Alice at a time."""
    bob, letters = verify.player_of(game, request), request.options["letters"]
    found = deviations.deviation(game, verify.profile_of(game, letters), bob, letters, request.deadline)
    point = {"lottery": found.bound.lottery, "rule": found.rule}
    return Answer(point, found.bound.bound, found.bound.bound, method="all deterministic rules, and an LP a feature")


def formulations(game: Conversation, request: Request) -> Sequence[Formulation]:
    """Return the LP."""
    bob, letters = verify.player_of(game, request), request.options["letters"]
    least = deviations.without(game, verify.profile_of(game, letters), bob, letters)
    return (Formulation("deviation_bound", "LP", {"bob": bob, "without": list(least)}),)


class DeviationSolution(Solution):
    """One Bob's best deviation from the profile.

    Attributes
    ----------
    player : index
        Which Bob deviates.
    value : unit of the Bob's utility
        What the profile gives him.
    at_least : unit of the Bob's utility
        What the best deterministic rule gives him; None where there are too many.
    at_most : unit of the Bob's utility
        What no rule exceeds.
    regret_at_least : unit of the Bob's utility
        `at_least` minus `value`; None as there.
    regret_at_most : unit of the Bob's utility
        `at_most` minus `value`.
    rule : rule
        The best deterministic rule, as a profile has it; None as there.
    lottery : [X_A][X_B][A], probabilities
        The obedient lottery over actions that reaches `at_most`, but for a millionth of what he has at stake.
    """

    player: int
    value: float
    at_least: float | None
    at_most: float
    regret_at_least: float | None
    regret_at_most: float
    rule: Any | None
    lottery: Floats


CONCEPT = Concept(
    "deviation",
    "one Bob's best deviation from the profile: the best deterministic rule, and a bound on all rules (Definition 7)",
    verify.deviation,
    solve,
    formulations,
    options=(LETTERS,),
    arguments=(PLAYER,),
    needs=("player",),
    objective="at_most",
    sense="max",
    result=DeviationSolution,
)
