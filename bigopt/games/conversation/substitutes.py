"""Information substitutes (Definition 14): the corrected condition and the printed one, decided exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.concepts.concept import Answer, Concept, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.games.conversation.exact import variances
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import substitutes as verify

TRIES = 2_000  # random rectangles an action, where enumeration is out of reach


def solve(game: Conversation, request: Request) -> Answer:
    """Look at every rectangle of features, or search for a violation where there are too many."""
    few = verify.few(game)
    for action in range(game.sizes[2]):
        request.deadline.check("deciding the substitutes condition")
        squares = variances.Squares.of(game, action)
        found = variances.violation(squares, request.deadline) if few else _search(squares, request)
        if found is not None:
            witness = {"action": action, "A": found[0], "B": found[1]}
            return Answer({"holds": False, "witness": witness}, method="a rectangle, exact")
    if not few:
        return Answer({"holds": None, "witness": None}, method=f"search of {TRIES} rectangles an action")
    return Answer({"holds": True, "witness": None}, method="all rectangles, exact")


def _search(squares: variances.Squares, request: Request) -> tuple[list[int], list[int]] | None:
    """Try random rectangles, small ones first."""
    rng = np.random.default_rng(0)
    for count in range(TRIES):
        request.deadline.check("searching for a violation of the substitutes condition")
        sizes = [min(n, 2 + int(rng.integers(0, 1 + count * n // TRIES))) for n in squares.shape]
        A, B = (sorted(rng.choice(n, s, replace=False).tolist()) for n, s in zip(squares.shape, sizes, strict=True))
        if squares.exact(A, B) < 0:
            return A, B
    return None


def tables(game: Conversation, fields: Mapping[str, Any]) -> list[Table]:
    """Show both verdicts and the witness by name."""
    rows: list[list[Any]] = [["corrected", fields["holds"]], ["as printed", fields["holds_as_printed"]]]
    witness = fields["witness"]
    if witness:
        rows.append(["violated at action", game.actions[witness["action"]]])
        rows.append(["with x_A in", ", ".join(game.alice_features[a] for a in witness["A"])])
        rows.append(["and x_B in", ", ".join(game.bob_features[b] for b in witness["B"])])
    return [Table("information substitutes", ("", ""), rows)]


class SubstitutesSolution(Solution):
    """Whether Alice's and the Bobs' information are substitutes.

    Attributes
    ----------
    holds : flag
        The corrected condition; None where it was neither proved nor refuted. The run's own is in `outcome`.
    holds_as_printed : flag
        The condition of the print.
    witness : indices
        A violation: the `action`, and features `A` of Alice and `B` of the Bobs; None where none was found.
    left : unit of Alice's utility squared
        The variance on the left at the witness.
    right : unit of Alice's utility squared
        The sum on the right at the witness.
    """

    holds: bool | None  # type: ignore[assignment]
    holds_as_printed: bool | None
    witness: dict[str, Any] | None
    left: float | None = None
    right: float | None = None


CONCEPT = Concept(
    "substitutes",
    "information substitutes (Definition 14, corrected and as printed)",
    verify.substitutes,
    solve,
    tables=tables,
    result=SubstitutesSolution,
)
