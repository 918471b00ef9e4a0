"""Best-AI selection over conversation rules (Definitions 16 and 17 in general, Theorem 6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts.concept import Answer, Concept, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.games.conversation.aligned_leader import LETTERS
from bigopt.games.conversation.exact import selected
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import selection as verify


def solve(game: Conversation, request: Request) -> Answer:
    """List what a single rule can lead to, and keep what is stable."""
    found = selected.outcomes(game, request.options["letters"], request.deadline)
    return Answer(selected.counts(game, found), method=f"{len(found):,} outcomes of single rules, exact")


def tables(game: Conversation, fields: Mapping[str, Any]) -> list[Table]:
    """Show the counts and Theorem 6 beside the worst."""
    keys = ("count", "count_nash", "worst", "best", "worst_nash", "leader", "epsilon", "bound", "slack")
    labels = {"bound": "Theorem 6: at least"}
    rows = [[labels.get(key, key.replace("_", " ")), "-" if fields[key] is None else fields[key]] for key in keys]
    return [Table("selection of one Bob", ("", ""), rows)]


class SelectionSolution(Solution):
    """The equilibria of Best-AI selection over conversation rules.

    Attributes
    ----------
    count : count
        Of stable outcomes.
    count_nash : count
        Of outcomes of Nash equilibria (Definition 17).
    worst : unit of Alice's utility
        Her least utility among the stable ones; None where there is none.
    best : unit of Alice's utility
        Her largest utility among them; None where there is none.
    worst_nash : unit of Alice's utility
        Her least utility among the Nash equilibria; None where there is none.
    leader : unit of Alice's utility
        What one aligned leader gives her.
    outcomes : [count]
        Of each what `alice` and the `bobs` [k] get.
    epsilon : unit of Alice's utility
        Definition 1's distance from the Bobs' hull.
    bound : unit of Alice's utility
        Theorem 6: leader - 2 epsilon.
    slack : unit of Alice's utility
        `worst` minus `bound`.
    """

    count: int
    count_nash: int
    worst: float | None
    best: float | None
    worst_nash: float | None
    leader: float
    outcomes: list[dict[str, Any]]
    epsilon: float
    bound: float
    slack: float


CONCEPT = Concept(
    "selection",
    "equilibria of the game in which Alice selects one Bob's conversation rule (Definitions 16, 17, Theorem 6)",
    verify.selection,
    solve,
    options=(LETTERS,),
    tables=tables,
    result=SelectionSolution,
)
