"""The concept `best-response`: one player's best action against a given profile of the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts import PLAYER, PROFILE
from bigopt.concepts.concept import Answer, Concept, Formulation, Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError, UsageError
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.response import FEASIBLE, best_responses, gains, read_profile, set_size

REGRET = 1e-7  # of the player's payoff range


def solve(game: Influencers, request: Request) -> Answer:
    """Project, or maximize a linear function (`bigopt.games.influencers.response`)."""
    actions, player = _asked(game, request)
    best = best_responses(game, actions, [player])[0]
    squared = game.loss == "squared"
    profile = actions.copy()
    profile[player] = best
    loss = float(game.losses(game.receiver(profile))[player])
    return Answer({"action": best}, loss, loss, method="projection" if squared else "support function")


def formulations(game: Influencers, request: Request) -> tuple[Formulation, ...]:
    """Return the model file, with the profile as its data."""
    actions, player = _asked(game, request)
    kind = game.action_set.problem_class("QP" if game.loss == "squared" else "LP")
    return (Formulation("big_best_response", kind, {"player": player, "actions": actions}),)


def verify(game: Influencers, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    r"""Recompute the loss, and bound the regret by support functions alone.

    The loss f is convex in the player's own action x, so that for every y in X

    .. math:: f(x) - f(y) \le \nabla f(x)^\top (x - y) \le \nabla f(x)^\top x + \sigma_X(-\nabla f(x)),

    which is 0 at a best response.
    """
    actions, player = _asked(game, request, point)
    given = numbers(point.get("action"), "action", [game.dimension], ["coordinate"])
    size = set_size(game)
    outside = float(game.action_set.contains(given[None])[0]) / (size or 1.0)
    action = game.action_set.project(given[None])[0]
    profile = actions.copy()
    profile[player] = action
    receiver = game.receiver(profile)
    slope = _slope(game, player, receiver)
    regret = float(game.action_set.support(-slope[None])[0] + slope @ action)
    span = float(game.loss_ranges()[player])
    gain = float(gains(game, actions, action[None], [player])[0])
    free = "the player's weight is 0: every action is a best response" if game.weights[player] == 0 else ""
    fields = {
        "player": player,
        "action": action,
        "loss": float(game.losses(receiver)[player]),
        "receiver": receiver,
        "gain": gain,
        "arbitrary": bool(game.weights[player] == 0),
        "profile": actions,
    }
    checks = (
        Check("feasibility", outside, FEASIBLE, "size of the action set"),
        Check("regret", regret / (span or 1.0), REGRET, "payoff range", free),
        Check("improvement", -gain / (span or 1.0), REGRET, "payoff range", "the profile's own action is not better"),
    )
    return fields, Certificate(checks, max(regret, 0.0), REGRET)


def _slope(game: Influencers, player: int, receiver: Floats) -> Floats:
    """Return the gradient of the player's loss in its own action."""
    weight, target = game.weights[player], game.targets[player]
    return np.asarray(2.0 * weight * (receiver - target) if game.loss == "squared" else -weight * target)


def _asked(game: Influencers, request: Request, point: Mapping[str, Any] | None = None) -> tuple[Floats, int]:
    """Return the profile and the player, validated: of the request, else those that a solution names."""
    player, profile = request.player, request.profile
    if point is not None and player is None:
        player = point.get("player")
    if point is not None and profile is None:
        profile = point.get("profile")
    whole = isinstance(player, (int, np.integer)) and not isinstance(player, bool)
    if player is None or not whole or not 0 <= player < game.players:
        error = InstanceError if request.player is None else UsageError
        raise error(f"player: {str(player)[:40]!r}, expected a player, one of 0 to {game.players - 1}")
    return read_profile(game, profile), int(player)


CONCEPT = Concept(
    "best-response",
    "one player's best action while the others stay",
    verify,
    solve,
    formulations,
    arguments=(PLAYER, PROFILE),
    needs=("player", "profile"),
    objective="loss",
    sense="min",
)
