"""Best-AI selection over conversation rules (Definitions 16 and 17 in general, Theorem 6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts.concept import Answer, Concept, Request, Table
from bigopt.games.conversation.aligned_leader import LETTERS
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import selection as verify


def solve(game: Conversation, request: Request) -> Answer:
    """List what a single rule can lead to, and keep what is stable."""
    found = verify.outcomes(game, request.options["letters"], request.deadline)
    return Answer(verify.counts(game, found), method=f"{len(found):,} outcomes of single rules, exact")


def tables(game: Conversation, fields: Mapping[str, Any]) -> list[Table]:
    """Show the counts and Theorem 6 beside the worst."""
    keys = ("count", "count_nash", "worst", "best", "worst_nash", "leader", "epsilon", "bound", "slack")
    rows = [[key.replace("_", " "), "-" if fields[key] is None else fields[key]] for key in keys]
    return [Table("selection of one Bob", ("", ""), rows)]


CONCEPT = Concept(
    "selection",
    "equilibria of the game in which Alice selects one Bob's conversation rule (Definitions 16, 17, Theorem 6)",
    verify.selection,
    solve,
    options=(LETTERS,),
    tables=tables,
)
