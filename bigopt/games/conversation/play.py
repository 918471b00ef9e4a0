"""A profile of rules over letters, and a best-responding Alice: what is induced, her ways to ask, the Bobs' regrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts.concept import Answer, Concept, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.games.conversation.aligned_leader import LETTERS
from bigopt.games.conversation.exact import response
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import play as verify


def solve(game: Conversation, request: Request) -> Answer:
    """Respond to the profile by backward induction."""
    letters = request.options["letters"]
    found = response.respond(game, verify.profile_of(game, letters), letters)
    point = {"alice": found.utility(game, 0), "bobs": [found.utility(game, j + 1) for j in range(game.k)]}
    return Answer(point, method="backward induction over histories, in fractions")


def tables(game: Conversation, fields: Mapping[str, Any]) -> list[Table]:
    """Show utilities, regrets, Alice's ways to ask and the induced distribution."""
    rows: list[list[Any]] = [["Alice", fields["alice"], "", ""]]
    values = zip(game.bob_names, fields["bobs"], fields["regrets"], fields["regrets_at_most"], strict=True)
    rows += [list(row) for row in values]
    ways = Table("Alice's ways to ask", ("", "utility"), [[k, v] for k, v in fields["questions"].items()])
    law = [[name, *row] for name, row in zip(game.actions, fields["distribution"], strict=True)]
    who = Table("profile", ("", "utility", "regret at least", "at most"), rows)
    return [who, ways, Table("induced distribution", ("action", *game.states), law)]


class PlaySolution(Solution):
    """The profile against a best-responding Alice.

    Attributes
    ----------
    alice : unit of Alice's utility
        Her expected utility.
    bobs : [k], units of the Bobs' utilities
        Theirs.
    regrets : [k], units of the Bobs' utilities
        What the best deterministic deviation gains; None where there are too many rules.
    regrets_at_most : [k], units of the Bobs' utilities
        What no deviation exceeds.
    opt : unit of Alice's utility
        Her expected utility if she knew both features.
    questions : unit of Alice's utility
        Her utility by restricted ways to ask: `same`, `follow`, `show`, `phrasings`.
    distribution : [A][Y], probabilities
        Of action and state.
    """

    alice: float
    bobs: list[float]
    regrets: list[float | None]
    regrets_at_most: list[float]
    opt: float
    questions: dict[str, float]
    distribution: list[list[float]]


CONCEPT = Concept(
    "play",
    "the profile against a best-responding Alice: utilities, the induced distribution, regrets (Definitions 4 to 7)",
    verify.play,
    solve,
    options=(LETTERS,),
    tables=tables,
    result=PlaySolution,
    exact=True,
)
