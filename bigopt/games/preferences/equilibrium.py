"""The concept `equilibrium`, d = 1: everybody exaggerates, in closed form in the receiver's own coordinate H."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts.concept import Answer, Concept, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.games.preferences.exact import median, score
from bigopt.games.preferences.game import Preferences
from bigopt.games.preferences.verify import equilibrium as verify

SHOWN = 20  # rows of a table


def solve(game: Preferences, request: Request) -> Answer:
    """Evaluate the median formula (`bigopt.games.preferences.exact.median`)."""
    (low,), (high,) = (end.tolist() for end in game.action_set.bounds)
    found = median.equilibrium(game.targets[:, 0], score.of(game), low, high)
    return Answer({"actions": found.actions[:, None]}, method="median")


def refuses(game: Preferences) -> str | None:
    """Say why a game has no closed form."""
    if game.dimension == 1:
        return None
    return "is a closed form in one dimension: use --concept dynamics"


def tables(game: Preferences, fields: Mapping[str, Any]) -> list[Table]:
    """Show who labels as from where, and what comes of it."""
    rows = [
        [i, game.weights[i], game.targets[i], fields["actions"][i], fields["losses"][i], _regret(fields, i)]
        for i in range(min(game.players, SHOWN))
    ]
    title = "equilibrium" if game.players <= SHOWN else f"equilibrium, the first {SHOWN} of {game.players} labellers"
    summary = [
        ["receiver of infinitely many labels", fields["receiver"]],
        ["receiver of the drawn labels", fields["sample_receiver"]],
        ["largest regret on the drawn labels", fields["regret"]],
        ["receiver if it were affine", fields["affine_receiver"]],
        ["equilibria", "one" if fields["unique"] else "infinitely many, with this receiver"],
    ]
    heads = ("labeller", "share", "target", "fake point", "loss", "regret on the drawn labels")
    return [Table(title, heads, rows), Table("", ("", ""), summary)]


def _regret(fields: Mapping[str, Any], player: int) -> Any:
    return None if fields["regrets"] is None else fields["regrets"][player]


class EquilibriumSolution(Solution):
    """The equilibrium of infinitely many labels, in one dimension.

    Attributes
    ----------
    actions : [n][1], unit of the targets
        The point that each labeler pretends to like best.
    receiver : [1], unit of the targets
        Where the receiver ends.
    losses : [n], unit of the targets squared
        Each labeler's loss.
    unique : flag
        Whether there is no other equilibrium.
    tied : [labelers], indices
        Those whose target is the receiver.
    affine_receiver : [1], unit of the targets
        Where the affine game that is nearest would end.
    sample_receiver : [1], unit of the targets
        Where the receiver of the drawn labels ends; None where there are none.
    regret : unit of the targets squared
        The largest regret on the drawn labels; None as there.
    regrets : [n], unit of the targets squared
        Each labeler's regret on the drawn labels; None as there.
    """

    actions: Floats
    receiver: Floats
    losses: Floats
    unique: bool
    tied: Ints
    affine_receiver: Floats
    sample_receiver: Floats | None
    regret: float | None
    regrets: Floats | None


CONCEPT = Concept(
    "equilibrium",
    "the Nash equilibrium of infinitely many labels, d = 1, and its regret on the drawn ones",
    verify.verify,
    solve,
    refuses=refuses,
    prefers=("exact",),
    tables=tables,
    result=EquilibriumSolution,
)
