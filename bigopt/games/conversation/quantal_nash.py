"""Equilibria of one round with a quantal Alice in deterministic rules: enumeration, and best-response dynamics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts.concept import Answer, Concept, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.quantal import LAMBDA
from bigopt.games.conversation.verify import quantal_nash as verify


def solve(game: Conversation, request: Request) -> Answer:
    """Solve the game of each announcement of Alice: they are independent."""
    games = verify.games(game, request.options["lambda"], request.deadline)
    return Answer({"games": [verify.solved(one) for one in games]}, method="all profiles of partitions, and dynamics")


def tables(game: Conversation, fields: Mapping[str, Any]) -> list[Table]:
    """Show the equilibria's number and Alice's utility between the worst and the best."""
    keys = ("count", "worst", "best", "dynamics", "opt")
    return [Table("equilibria with a quantal Alice", ("", ""), [[key, fields[key]] for key in keys])]


def refuses(game: Conversation) -> str | None:
    """Say why only one round is solved."""
    return None if game.rounds == 1 else f"{game.rounds} rounds, and only the game of one round splits by announcements"


class QuantalNashSolution(Solution):
    """The equilibria of one round with a quantal Alice.

    Attributes
    ----------
    count : count
        Of equilibria.
    worst : unit of Alice's utility
        Her least utility among them; None where there is none.
    best : unit of Alice's utility
        Her largest utility among them; None where there is none.
    dynamics : unit of Alice's utility
        Her utility where best-response dynamics end; None where they cycle.
    opt : unit of Alice's utility
        Her expected utility if she knew both features.
    games : [announcements]
        The same of each game after an announcement of Alice's: `count`, `worst`, `best`, `dynamics`.
    """

    count: int
    worst: float | None
    best: float | None
    dynamics: float | None
    opt: float
    games: list[dict[str, Any]]


CONCEPT = Concept(
    "quantal-nash",
    "equilibria of one round with a quantal Alice in deterministic rules (Definition 12)",
    verify.quantal_nash,
    solve,
    options=(LAMBDA,),
    refuses=refuses,
    tables=tables,
    result=QuantalNashSolution,
)
