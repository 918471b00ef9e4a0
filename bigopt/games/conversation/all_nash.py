"""All equilibria of small games in deterministic rules, for a best-responding Alice (Definition 7, Theorem 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.concepts.concept import Answer, Concept, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.games.conversation.aligned_leader import LETTERS
from bigopt.games.conversation.exact import equilibria
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import all_nash as verify


def solve(game: Conversation, request: Request) -> Answer:
    """Let Alice respond to every profile, and keep those that no Bob can leave for a better one."""
    letters = request.options["letters"]
    found = equilibria.table(game, letters, game.k, request.deadline)
    stable = np.argwhere(equilibria.nash(found))
    alice = found.of(0)[tuple(stable.T)]
    order = np.argsort(alice, kind="stable")
    point: dict[str, Any] = {
        "count": len(stable),
        "profiles": [[found.rules[i] for i in stable[place]] for place in order[: equilibria.SHOWN].tolist()],
        "worst": float(game.worth(0, alice.min())) if len(stable) else None,
        "best": float(game.worth(0, alice.max())) if len(stable) else None,
    }
    point |= equilibria.definition_9(game, found, letters)
    return Answer(point, method=f"{found.outcome.size:,} profiles, exact")


def tables(game: Conversation, fields: Mapping[str, Any]) -> list[Table]:
    """Show how many equilibria there are and Theorem 1 beside the worst."""
    keys = ("count", "worst", "best", "leader", "epsilon", "bound", "slack", "definition_9")
    labels = {"bound": "Theorem 1: at least"}
    rows = [[labels.get(key, key.replace("_", " ")), "-" if fields[key] is None else fields[key]] for key in keys]
    return [Table("equilibria in deterministic rules", ("", ""), rows)]


class AllNashSolution(Solution):
    """All equilibria in deterministic rules.

    Attributes
    ----------
    count : count
        Of equilibria, up to the names of letters.
    worst : unit of Alice's utility
        Her least utility among them; None where there is none.
    best : unit of Alice's utility
        Her largest utility among them; None where there is none.
    leader : unit of Alice's utility
        What one aligned leader gives her.
    epsilon : unit of Alice's utility
        Definition 1's distance from the Bobs' hull.
    bound : unit of Alice's utility
        Theorem 1: leader - 2 epsilon.
    slack : unit of Alice's utility
        `worst` minus `bound`; None where there is no equilibrium.
    definition_9 : text
        Whether Definition 9 is proved, refuted or open.
    leaders : count
        Of leader's rules that are best for Alice.
    leaders_refuted : count
        How many of them do not satisfy Definition 9.
    witness : rules
        A leader's rule and the profile that refutes it; None where none was found.
    profiles : [profiles][k]
        The rules of equilibria, the worst first: lists of parts of the Bobs' features and what lies below them.
    """

    count: int
    worst: float | None
    best: float | None
    leader: float
    epsilon: float
    bound: float
    slack: float | None
    definition_9: str
    leaders: int
    leaders_refuted: int
    witness: dict[str, Any] | None
    profiles: list[Any]


CONCEPT = Concept(
    "all-nash",
    "all equilibria in deterministic rules up to the names of letters, Alice best-responding (Theorem 1)",
    verify.all_nash,
    solve,
    options=(LETTERS,),
    tables=tables,
    result=AllNashSolution,
    exact=True,
)
