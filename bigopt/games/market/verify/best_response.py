"""Certificates of one Bob's best response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.games.market.game import Market
from bigopt.games.market.response import outcome, profile_of, threshold
from bigopt.games.market.verify.deviations import Deviations
from bigopt.games.market.verify.scheme import scheme_of


def best_response(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify one Bob's best response to the others' schemes."""
    player, profile = profile_of(game, request, point)
    action = scheme_of(game, point, "action")
    selected, totals = outcome(game, [*profile[:player], action, *profile[player + 1 :]])
    rival, least = threshold(game, player, profile)
    stay = [] if rival < 0 else [game.totals(profile[rival])[player + 1]]
    win = Deviations(game, player, request.deadline).best(least)
    best = max([*stay, win[1]] if win is not None else stay)
    regret = (best - totals[player + 1]) * game.units[1][player + 1]
    fields = {"action": action, "loss": -game.values(totals)[player + 1]}
    fields |= {"alice": game.values(totals)[0], "selected": selected, "player": player, "profile": profile}
    check = Check("regret", float(regret), 0.0, "utility", "against the undominated pairs of all his schemes")
    return fields, Certificate((check,), float(regret), 0.0)
