r"""The concept `dominant`: weakly dominant strategies under inner-product loss (Wu et al., Theorem 5).

Player i's loss is :math:`-w_i t_i^\top x_i` plus a constant that the others choose, so that the maximizers of
:math:`w_i t_i^\top x` over X are dominant, and only they. A negative weight asks for the opposite of the target; with
weight 0 every action is dominant, and so is the whole face where :math:`w_i t_i` exposes one (Example 4).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.action_sets.exposed import exposed
from bigopt.arithmetic.arrays import Flags, Floats, Ints
from bigopt.concepts import Answer, Concept, Formulation, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.response import pulls_of_dominance
from bigopt.games.influencers.units import Units
from bigopt.games.influencers.verify.dominant import verify

BLOCK = 8192  # players at a time: the clock is looked at between
SHOWN = 20  # players in the table for people


def solve(game: Influencers, request: Request) -> Answer:
    """Take a maximizer of each player's linear function."""
    pulls, actions = pulls_of_dominance(game), np.tile(game.action_set.middle, (game.players, 1))
    for part in request.deadline.pieces(game.players, "maximizing", BLOCK):
        actions[part] = exposed(game.action_set, pulls[part]).points
        request.kept.put(lambda done=part.stop: _limited(game, actions, done))  # type: ignore[misc]
    actions[game.weights == 0] = game.action_set.middle
    value = float(np.einsum("n,nd,nd->", game.weights, game.targets, actions))
    return Answer({"actions": actions}, objective=value, bound=value, method="support function")


def _limited(game: Influencers, actions: Floats, done: int) -> Answer:
    """Return the first players' dominant actions, and the middle for the others."""
    said = {"so far": f"the first {done} of {game.players} players; the others in the middle"}
    return Answer({"actions": actions}, None, None, "maxTimeLimit", "feasible", method="support function", options=said)


def formulations(game: Influencers, request: Request) -> tuple[Formulation, ...]:
    """Return the model file of eq. (17)."""
    value = float if Units(game).ordinary else _unknown  # else every player's row is in a unit of its own
    return (Formulation("wdse", game.action_set.problem_class("LP"), value=value),)


def _unknown(value: float) -> None:
    """Return nothing: rows in units of their own do not add up."""


def refuses(game: Influencers) -> str | None:
    """Refuse the squared loss, whose best responses depend on the others."""
    return None if game.loss == "inner-product" else "needs inner-product loss: use --concept nash"


def tables(game: Influencers, fields: Mapping[str, Any]) -> list[Table]:
    """Show the players one a row."""
    rows = [
        [i, f"{game.weights[i]:g}", _point(fields["actions"][i]), _kind(fields, i)] for i in range(game.players)[:SHOWN]
    ]
    more = f" (the first {SHOWN} of {game.players})" if game.players > SHOWN else ""
    return [
        Table(f"Weakly dominant actions{more}", ["player", "weight", "action", "dominant"], rows),
        Table("Over all dominant profiles", ["", "from", "to", "at these actions"], _ranges(game, fields)),
    ]


def _kind(fields: Mapping[str, Any], i: int) -> str:
    dimension = int(fields["face_dimension"][i])
    if fields["strictly_dominant"][i]:
        return "only this action, strictly"
    return "only this action" if dimension == 0 else f"a face of dimension {dimension}"


def _ranges(game: Influencers, fields: Mapping[str, Any]) -> list[list[Any]]:
    """Return rows of the receiver's coordinates and the losses: only without ties are they one number."""
    rows = [
        [f"receiver {k}", *(f"{v:.6g}" for v in (*fields["receiver_range"][k], fields["receiver"][k]))]
        for k in range(game.dimension)
    ]
    rows += [
        [f"loss of {i}", *(f"{v:.6g}" for v in (*fields["loss_ranges"][i], fields["losses"][i]))]
        for i in range(game.players)[:SHOWN]
    ]
    return rows


def _point(values: Any) -> str:
    return "(" + ", ".join(f"{value:.6g}" for value in np.atleast_1d(values)) + ")"


class DominantSolution(Solution):
    """Weakly dominant strategies under inner-product loss.

    Attributes
    ----------
    actions : [n][d], unit of the targets
        A weakly dominant action of each player.
    receiver : [d], unit of the targets
        Where the receiver ends with these actions.
    losses : [n], unit of the targets squared
        Each player's loss with these actions.
    unique : [n], flags
        Whether a player has no other such action.
    face_dimension : [n], counts
        The dimension of the face of each player's such actions.
    strictly_dominant : [n], flags
        Whether the action is strictly dominant.
    receiver_range : [2][d], unit of the targets
        The least and the largest coordinates of the receiver over all such profiles.
    loss_ranges : [n][2], unit of the targets squared
        The least and the largest loss of each player over all such profiles.
    """

    actions: Floats
    receiver: Floats
    losses: Floats
    unique: Flags
    face_dimension: Ints
    strictly_dominant: Flags
    receiver_range: Floats
    loss_ranges: Floats


CONCEPT = Concept(
    "dominant", "weakly dominant strategies (inner-product loss)", verify, solve, formulations, refuses=refuses,
    tables=tables,
    result=DominantSolution,
)  # fmt: skip
