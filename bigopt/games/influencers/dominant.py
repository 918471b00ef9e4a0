r"""The concept `dominant`: weakly dominant strategies under inner-product loss (Wu et al., Theorem 5).

Player i's loss is :math:`-w_i t_i^\top x_i` plus a constant that the others choose, so that the maximizers of
:math:`w_i t_i^\top x` over X are dominant, and only they. A negative weight asks for the opposite of the target; with
weight 0 every action is dominant, and so is the whole face where :math:`w_i t_i` exposes one (Example 4).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.action_sets.face_dimensions import face_dimensions
from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts.concept import Answer, Concept, Formulation, Request, Table
from bigopt.concepts.solution import Certificate, Check
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.response import FEASIBLE, set_size

REGRET = 1e-7  # of each player's payoff range
SHOWN = 20  # players in the table for people


def directions(game: Influencers) -> Floats:
    """Return sign(w_i) t_i, the directions in which the players pull, shape (n, d)."""
    return np.asarray(np.sign(game.weights)[:, None] * game.targets)


def solve(game: Influencers, request: Request) -> Answer:
    """Take a maximizer of each player's linear function."""
    actions = game.action_set.argmax(directions(game))
    actions[game.weights == 0] = game.action_set.middle
    value = float(np.einsum("n,nd,nd->", game.weights, game.targets, actions))
    return Answer({"actions": actions}, objective=value, bound=value, method="support function")


def formulations(game: Influencers, request: Request) -> tuple[Formulation, ...]:
    """Return the model file of eq. (17)."""
    return (Formulation("wdse", game.action_set.problem_class("LP")),)


def verify(game: Influencers, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    r"""Prove dominance by support functions.

    Player i's largest regret over all profiles of the others is :math:`\sigma_X(w_i t_i) - w_i t_i^\top x_i`: the
    others' actions cancel. A regret of 0 is eq. (15).
    """
    shape = [game.players, game.dimension]
    given = numbers(point.get("actions"), "actions", shape, ["player", "coordinate"])
    outside = float(game.action_set.contains(given).max()) / (set_size(game) or 1.0)
    actions = game.action_set.project(given)
    receiver = game.receiver(actions)
    pull = directions(game)
    gap = game.action_set.support(pull) - np.einsum("nd,nd->n", pull, actions)
    regret = np.abs(game.weights) * np.maximum(gap, 0.0)
    spans = game.loss_ranges()
    scaled = regret / np.where(spans > 0, spans, 1.0)
    dimensions = face_dimensions(game.action_set, pull)
    fields = {
        "actions": actions,
        "receiver": receiver,
        "losses": game.losses(receiver),
        "unique": dimensions == 0,
        "face_dimension": dimensions,
    }
    checks = (
        Check("feasibility", outside, FEASIBLE, "size of the action set"),
        Check("dominance", float(scaled.max()), REGRET, "payoff range", "the largest regret over all profiles"),
    )
    return fields, Certificate(checks, float(regret.max()), REGRET)


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
        Table("Receiver", ["receiver"], [[_point(fields["receiver"])]]),
    ]


def _kind(fields: Mapping[str, Any], i: int) -> str:
    dimension = int(fields["face_dimension"][i])
    return "only this action" if dimension == 0 else f"a face of dimension {dimension}"


def _point(values: Any) -> str:
    return "(" + ", ".join(f"{value:.6g}" for value in np.atleast_1d(values)) + ")"


CONCEPT = Concept(
    "dominant", "weakly dominant strategies (inner-product loss)", verify, solve, formulations, refuses=refuses,
    tables=tables,
)  # fmt: skip
