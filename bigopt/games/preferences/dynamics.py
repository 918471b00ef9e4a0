"""The concept `dynamics`: alternating best responses from truthful labels until nobody can improve (Section 6.2).

In one dimension the labels are drawn, their noise held fixed (common random numbers), and best responses are exact;
with ``steps`` they are bisections of so many midpoints, as in the paper. In several dimensions labels are replaced by
their probabilities on the drawn pairs, and best responses are local unless they bring the receiver to the target.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Answer, Concept, Option, Request, Table
from bigopt.concepts.options import whole
from bigopt.concepts.solution import SOLVED, Solution
from bigopt.errors import SolverFailed
from bigopt.games.preferences.exact import responses
from bigopt.games.preferences.game import Preferences
from bigopt.games.preferences.verify import dynamics as verify

SHOWN = 16  # moves in the table
ROOM = 4_000_000  # numbers of a trajectory
SEPARABLE = "the labels of a profile on the way are separable, so that it has no receiver: take more samples"


def solve(game: Preferences, request: Request) -> Answer:
    """Let the players move in turn, each when it gains, until a full sweep is quiet."""
    rule = responses.of(game, request)
    actions, limit = game.targets.copy(), int(request.options["max_updates"])
    try:
        receiver = rule.receiver(actions)
        trajectory = [entry(0, None, actions, receiver)]
        quiet, player, stopped = 0, 0, SOLVED
        request.kept.put(lambda: _limited([*trajectory], rule.method))
        while quiet < game.players and np.isfinite(receiver).all():
            if request.deadline.expired or len(trajectory) > min(limit, ROOM // actions.size):
                stopped = "maxTimeLimit" if request.deadline.expired else "iterationLimit"
                break
            action, after = rule.improve(player, actions, receiver)
            if responses.gain(game, player, receiver, after) > responses.least_gain(game, request)[player]:
                actions = actions.copy()
                actions[player], receiver, quiet = action, after, -1  # who has moved is asked again: it may go on
                trajectory.append(entry(len(trajectory), player, actions, receiver))
            quiet, player = quiet + 1, (player + 1) % game.players
            request.progress(f"{len(trajectory) - 1} moves", None)
    except SolverFailed:
        return Answer(None, stopped="unbounded", holds="noSolution", options={"message": SEPARABLE})
    if not np.isfinite(receiver).all():
        return Answer(None, stopped="unbounded", holds="noSolution", options={"message": SEPARABLE})
    holds = "optimal" if stopped == SOLVED else "feasible"
    return Answer({"trajectory": trajectory}, None, None, stopped, holds, method=rule.method)


def _limited(trajectory: list[dict[str, Any]], method: str) -> Answer:
    """Return the moves that a time limit left."""
    said = {"so far": f"after {len(trajectory) - 1} moves, before everybody is content"}
    return Answer({"trajectory": trajectory}, None, None, "maxTimeLimit", "feasible", method, said)


def entry(iteration: int, mover: int | None, actions: Floats, receiver: Floats) -> dict[str, Any]:
    """Return one entry of a trajectory."""
    return {"iteration": iteration, "mover": mover, "actions": actions, "receiver": np.asarray(receiver)}


def tables(game: Preferences, fields: Mapping[str, Any]) -> list[Table]:
    """Show the moves beside those with infinitely many labels and of the affine game, and where they end."""
    routes = {"drawn": fields["trajectory"], "infinite": fields["population"], "affine": fields["affine"]}
    known = {name: route for name, route in routes.items() if route is not None}
    heads = ["iteration"]
    for name in known:
        heads += [f"{name}: mover", "fake point", "receiver"]
    rows = []
    for k in range(min(max(len(route) for route in known.values()), SHOWN)):
        row: list[Any] = [k]
        for route in known.values():
            row += _cells(route[k]) if k < len(route) else ["", "", ""]
        rows.append(row)
    end = [["receiver", fields["receiver"]], ["largest regret", fields["regret"]], ["moves", fields["updates"]]]
    return [Table("moves", heads, rows), Table("", ("", ""), end)]


def _cells(row: Mapping[str, Any]) -> list[Any]:
    mover = row["mover"]
    return ["" if mover is None else mover, "" if mover is None else row["actions"][mover], row["receiver"]]


OPTIONS = (
    Option("steps", 0, parse=whole, help="midpoints of a bisection (the paper: 6); 0: to the last label"),
    Option("max_updates", 1000, parse=whole, help="moves after which it stops"),
)


class DynamicsSolution(Solution):
    """Alternating best responses from truthful labels.

    Attributes
    ----------
    trajectory : [iterations], unit of the targets
        The path: `iteration`, `mover` (None at the start), `actions` [n][d] and `receiver` [d].
    actions : [n][d], unit of the targets
        Where it ends.
    receiver : [d], unit of the targets
        Where the receiver ends.
    losses : [n], unit of the targets squared
        Each labeler's loss there.
    regret : unit of the targets squared
        The largest regret there.
    regrets : [n], unit of the targets squared
        Each labeler's regret there.
    updates : count
        Of moves.
    labels : text
        Whether labels are `drawn` or `expected`.
    local : flag
        Whether best responses are local ones (more than one dimension).
    population : [iterations]
        The path of infinitely many labels, in one dimension.
    affine : [iterations]
        The path of the affine game that is nearest, in one dimension.
    """

    trajectory: list[dict[str, Any]]
    actions: Floats
    receiver: Floats
    losses: Floats
    regret: float
    regrets: Floats
    updates: int
    labels: str
    local: bool
    population: list[dict[str, Any]] | None = None
    affine: list[dict[str, Any]] | None = None


CONCEPT = Concept(
    "dynamics",
    "alternating best responses from truthful labels, until nobody can improve",
    verify.verify,
    solve,
    options=OPTIONS,
    prefers=("exact",),
    tables=tables,
    result=DynamicsSolution,
)
