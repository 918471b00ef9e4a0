"""All equilibria of small games in deterministic rules, for a best-responding Alice (Definition 7, Theorem 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.concepts.concept import Answer, Concept, Request, Table
from bigopt.games.conversation.aligned_leader import LETTERS
from bigopt.games.conversation.exact import equilibria
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import all_nash as verify

SHOWN = 200  # equilibria that are written out; all are counted


def solve(game: Conversation, request: Request) -> Answer:
    """Let Alice respond to every profile, and keep those that no Bob can leave for a better one."""
    letters = request.options["letters"]
    found = equilibria.table(game, letters, game.k, request.deadline)
    stable = np.argwhere(equilibria.nash(found))
    alice = found.of(0)[tuple(stable.T)]
    order = np.argsort(alice, kind="stable")
    point: dict[str, Any] = {
        "count": len(stable),
        "profiles": [[found.rules[i] for i in stable[place]] for place in order[:SHOWN].tolist()],
        "worst": float(game.worth(0, alice.min())) if len(stable) else None,
        "best": float(game.worth(0, alice.max())) if len(stable) else None,
    }
    point |= verify.definition_9(game, found, letters)
    return Answer(point, method=f"{found.outcome.size:,} profiles, exact")


def tables(game: Conversation, fields: Mapping[str, Any]) -> list[Table]:
    """Show how many equilibria there are and Theorem 1 beside the worst."""
    keys = ("count", "worst", "best", "leader", "epsilon", "bound", "slack", "definition_9")
    rows = [[key.replace("_", " "), "-" if fields[key] is None else fields[key]] for key in keys]
    return [Table("equilibria in deterministic rules", ("", ""), rows)]


CONCEPT = Concept(
    "all-nash",
    "all equilibria in deterministic rules up to the names of letters, Alice best-responding (Theorem 1)",
    verify.all_nash,
    solve,
    options=(LETTERS,),
    tables=tables,
)
