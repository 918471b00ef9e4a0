"""First best (Definition 2): Alice with everybody's features, and beside it Alice alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.concepts.concept import Answer, Concept, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import first_best as verify


def solve(game: Conversation, request: Request) -> Answer:
    """Take the best action in every cell, ties to the lowest index."""
    actions = np.where(game.possible, np.argmax(game.gains[0], axis=0), -1)
    chosen = [[a if a >= 0 else None for a in row] for row in actions.tolist()]
    opt = float(game.worth(0, game.gains[0].max(axis=0).sum()))
    return Answer({"actions": chosen}, opt, opt, method="cell by cell, exact")


def tables(game: Conversation, fields: Mapping[str, Any]) -> list[Table]:
    """Show the best action of each pair of features."""
    rows = []
    for name, row in zip(game.alice_features, fields["actions"], strict=True):
        rows.append([name, *("" if a is None else game.actions[a] for a in row)])
    values = Table("Alice", ("", "utility"), [["first best", fields["opt"]], ["alone", fields["alone"]]])
    return [values, Table("best actions", ("x_A", *game.bob_features), rows)]


class FirstBestSolution(Solution):
    """What Alice could have.

    Attributes
    ----------
    opt : unit of Alice's utility
        Her expected utility if she knew both features.
    alone : unit of Alice's utility
        Her expected utility from her own feature.
    actions : [X_A][X_B], indices of actions
        Her best action at each pair of features; None where a pair has probability 0.
    """

    opt: float
    alone: float
    actions: list[list[int | None]]


CONCEPT = Concept(
    "first-best",
    "what Alice could have if she knew all features (Definition 2), and alone",
    verify.first_best,
    solve,
    tables=tables,
    objective="opt",
    sense="max",
    result=FirstBestSolution,
    exact=True,
)
