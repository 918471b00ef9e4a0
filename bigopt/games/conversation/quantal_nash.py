"""Equilibria with a quantal Alice in deterministic rules: by enumeration where rules are few, and by dynamics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts.concept import Answer, Concept, Request, Table
from bigopt.concepts.solution import Certificate, Solution
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.quantal import LAMBDA
from bigopt.games.conversation.verify import quantal_nash as one_round
from bigopt.games.conversation.verify import quantal_talk as several


def solve(game: Conversation, request: Request) -> Answer:
    """Solve the game of each announcement of Alice, which are independent in one round; else follow best replies."""
    if game.rounds > 1:
        found = several.ended(game, request.options["lambda"], request.deadline)
        every = several.listed(game, request.options["lambda"], request.deadline, several.PROFILES)
        if isinstance(every, str):
            return Answer({"equilibria": found}, method="best replies over histories, from silence and from disclosure")
        point = {"equilibria": found, "games": [one_round.solved(one) for one in every]}
        return Answer(point, method="all profiles of rules over histories, and best replies")
    games = one_round.games(game, request.options["lambda"], request.deadline)
    return Answer(
        {"games": [one_round.solved(one) for one in games]}, method="all profiles of partitions, and dynamics"
    )


def tables(game: Conversation, fields: Mapping[str, Any]) -> list[Table]:
    """Show the equilibria's number and Alice's utility between the worst and the best."""
    keys = ("count", "worst", "best", "dynamics", "opt")
    shown = [Table("equilibria with a quantal Alice", ("", ""), [[key, fields[key]] for key in keys])]
    if fields["equilibria"]:
        rows = [[one["start"], one["moves"], one["alice"], one["bobs"]] for one in fields["equilibria"]]
        shown.append(Table("where best replies end", ("from Bobs who are", "moves", "Alice", "Bobs"), rows))
    return shown


def verify(game: Conversation, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify the equilibria: listed again, and each Bob's regret where best replies end."""
    if game.rounds == 1:
        return several.quantal_nash(game, point, request)
    return several.quantal_talk(game, point, request)


class QuantalNashSolution(Solution):
    """The equilibria with a quantal Alice: all of them where rules are few, and where best replies end.

    Attributes
    ----------
    count : count
        Of equilibria, where a gain below 1e-12 of what a Bob decides is none; None where there are too many rules to
        list, in several rounds.
    worst : unit of Alice's utility
        Her least utility among them (not listed: among those found); None where there is none.
    best : unit of Alice's utility
        Her largest utility among them (not listed: among those found); None where there is none.
    dynamics : unit of Alice's utility
        Her utility where best-response dynamics end; None where they cycle.
    opt : unit of Alice's utility
        Her expected utility if she knew both features.
    games : [announcements]
        The same of each game after Alice's first announcement: `count`, `worst`, `best`, `dynamics`; None as there.
    equilibria : [found]
        In several rounds, where best replies end: `start`, `moves`, everybody's utility (`alice`, `bobs`) and `rules`.
    """

    count: int | None
    worst: float | None
    best: float | None
    dynamics: float | None
    opt: float
    games: list[dict[str, Any]] | None
    equilibria: list[dict[str, Any]] | None


CONCEPT = Concept(
    "quantal-nash",
    "equilibria with a quantal Alice in deterministic rules (Definition 12): all in small games, else some",
    verify,
    solve,
    options=(LAMBDA,),
    tables=tables,
    result=QuantalNashSolution,
)
