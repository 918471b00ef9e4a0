"""The certificate of a best response, by support functions alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts import Certificate, Check, Request
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.response import asked, gains
from bigopt.games.influencers.tolerances import FEASIBLE, REGRET
from bigopt.games.influencers.verify.nash import clip, noises, scaled, units


def verify(game: Influencers, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    r"""Recompute the loss, and bound the regret by support functions alone.

    The loss f is convex in the player's own action x, so that for every y in X

    .. math:: f(x) - f(y) \le \nabla f(x)^\top (x - y) \le \nabla f(x)^\top x + \sigma_X(-\nabla f(x)),

    which is 0 at a best response.
    """
    actions, player = asked(game, request, point)
    given = numbers(point.get("action"), "action", [game.dimension], ["coordinate"])
    clipped, outside = clip(game, given[None])
    action = clipped[0]
    profile = actions.copy()
    profile[player] = action
    receiver = game.receiver(profile)
    slope = _slope(game, player, receiver)
    regret = max(float(game.action_set.shortfall(-slope[None], action[None])[0]), 0.0)
    span = float(units(game, [player])[0])
    gain = float(gains(game, actions, action[None], [player])[0])
    note = "every action is a best response at weight 0" if game.weights[player] == 0 else "by convexity in the action"
    fields = {
        "player": player,
        "action": action,
        "loss": float(game.losses(receiver)[player]),
        "receiver": receiver,
        "gain": gain,
        "arbitrary": bool(game.weights[player] == 0),
        "profile": actions,
    }
    noise = float(noises(game, [player])[0])
    better, why = scaled(max(-gain - noise, 0.0), span), "the profile's own action is not better"
    checks = (
        Check("feasibility", outside, FEASIBLE, "width of the action set"),
        Check("regret", scaled(max(regret - noise, 0.0), span), REGRET, "payoff range", note, "proved"),
        Check("improvement", better, REGRET, "payoff range", why),
    )
    return fields, Certificate(checks, regret, REGRET)


def _slope(game: Influencers, player: int, receiver: Floats) -> Floats:
    """Return the gradient of the player's loss in its own action."""
    weight, target = game.weights[player], game.targets[player]
    return np.asarray(2.0 * weight * (receiver - target) if game.loss == "squared" else -weight * target)
