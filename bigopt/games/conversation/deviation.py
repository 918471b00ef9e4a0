"""One Bob's best deviation from a profile: a deterministic one from below, an LP from above (Definition 7)."""

from __future__ import annotations

from collections.abc import Sequence

from bigopt.concepts import PLAYER
from bigopt.concepts.concept import Answer, Concept, Formulation, Request
from bigopt.games.conversation.aligned_leader import LETTERS
from bigopt.games.conversation.exact import deviations
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import play as verify


def solve(game: Conversation, request: Request) -> Answer:
    """List the deterministic deviations, and solve the LP one feature of Alice at a time."""
    bob, letters = verify.player_of(game, request), request.options["letters"]
    found = deviations.deviation(game, verify.profile_of(game, letters), bob, letters, request.deadline)
    point = {"lottery": found.bound.lottery, "rule": found.rule}
    return Answer(point, found.bound.value, found.bound.bound, method="all deterministic rules, and an LP a feature")


def formulations(game: Conversation, request: Request) -> Sequence[Formulation]:
    """Return the LP."""
    bob, letters = verify.player_of(game, request), request.options["letters"]
    least = deviations.without(game, verify.profile_of(game, letters), bob, letters)
    return (Formulation("deviation_bound", "LP", {"bob": bob, "without": list(least)}),)


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
)
