"""What Alice could have with one perfectly aligned leader, R rounds and few letters (Definition 8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts.concept import Answer, Concept, Option, Request, Table
from bigopt.concepts.options import count
from bigopt.concepts.solution import Solution
from bigopt.games.conversation.exact import leader
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import leader as verify

METHOD = "dynamic program over rectangles"


def letters(text: str) -> int:
    """Parse the size of the alphabet: one letter says nothing."""
    value = count(text)
    if value < 2:
        raise ValueError("expected at least 2 letters (with one letter nothing can be said)")
    return value


LETTERS = Option("letters", 2, parse=letters, help="size of the alphabet of messages, at least 2")
ROUNDS = Option("rounds", None, parse=count, help="rounds of conversation (default: the game's)")


def solve(game: Conversation, request: Request) -> Answer:
    """Solve the program over rectangles backwards, and follow its rules forwards."""
    rounds = request.options.get("rounds") or game.rounds

    def so_far(found: leader.Program) -> Answer:
        value, turns = float(game.worth(0, found.value)), len(found.tables) - 1
        point = {"value": value, "talk": leader.rules(found, 2 * rounds)}
        most = float(game.worth(0, game.gains[0].max(axis=0).sum()))
        said = {"so far": f"with words in the last {turns} of {2 * rounds} turns"}
        return Answer(point, value, most, "maxTimeLimit", "feasible", METHOD, said)

    found = leader.program(
        game,
        request.options["letters"],
        rounds,
        request.deadline,
        told=lambda found: request.kept.put(lambda: so_far(found)),
    )
    with request.deadline.interrupting("following the rules"):
        talk = leader.rules(found, 2 * rounds)
    value = float(game.worth(0, found.value))
    return Answer({"value": value, "talk": talk}, value, value, method=METHOD)


def tables(game: Conversation, fields: Mapping[str, Any]) -> list[Table]:
    """Show the value between alone and first best, and who says what."""
    values = Table("Alice", ("", "utility"), [[key, fields[key]] for key in ("alone", "value", "opt")])
    names = {"Alice": game.alice_features, "Bob": game.bob_features}
    rows = []
    for step in fields["talk"][:20]:
        parts = " | ".join(", ".join(names[step["who"]][x] for x in part) for part in step["says"])
        rows.append([step["turn"], step["who"], parts])
    return [values, Table("who tells what apart", ("turn", "who", "parts"), rows)]


class AlignedLeaderSolution(Solution):
    """The best talk with one aligned leader.

    Attributes
    ----------
    value : unit of Alice's utility
        Her expected utility.
    opt : unit of Alice's utility
        Her expected utility if she knew both features.
    alone : unit of Alice's utility
        Her expected utility from her own feature.
    talk : [announcements]
        Of each its `turn`, `who` speaks, the features `A` and `B` that are possible, and what he `says`: their parts.
    """

    value: float
    opt: float
    alone: float
    talk: list[dict[str, Any]]


CONCEPT = Concept(
    "aligned-leader",
    "Alice's utility with one perfectly aligned leader, few letters and R rounds (Definition 8)",
    verify.aligned_leader,
    solve,
    options=(LETTERS, ROUNDS),
    tables=tables,
    objective="value",
    sense="max",
    result=AlignedLeaderSolution,
    exact=True,
)
