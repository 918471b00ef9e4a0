"""Certificates of one Bob's best response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.games.market.game import Market
from bigopt.games.market.response import outcome, profile_of, value
from bigopt.games.market.verify.scheme import scheme_of


def best_response(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify one Bob's best response to the others' schemes."""
    player, profile = profile_of(game, request, point)
    action = scheme_of(game, point, "action")
    selected, totals = outcome(game, [*profile[:player], action, *profile[player + 1 :]])
    regret = (value(game, player, profile, request.deadline) - totals[player + 1]) * game.units[1][player + 1]
    fields = {"action": action, "loss": -game.values(totals)[player + 1]}
    fields |= {"alice": game.values(totals)[0], "selected": selected, "player": player, "profile": profile}
    check = Check("regret", float(regret), 0.0, "utility", "exact, by a multiple-choice knapsack")
    return fields, Certificate((check,), float(regret), 0.0)
