"""Certificates of one Bob's best response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.arithmetic.decimals import seen
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.games.market.game import Market
from bigopt.games.market.response import favourite, outcome, profile_of, threshold
from bigopt.games.market.verify.deviations import Deviations
from bigopt.games.market.verify.scheme import Scheme, scheme_of


def best_response(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify one Bob's best response to the others' schemes."""
    player, profile = profile_of(game, request, point)
    action = scheme_of(game, point, "action")
    selected, totals = outcome(game, [*profile[:player], action, *profile[player + 1 :]])
    rival, least = threshold(game, player, profile)
    best = favourite(game) if rival < 0 else _against(game, player, profile[rival], least, request)
    regret = (best - totals[player + 1]) * game.units[1][player + 1]
    fields = {"action": action, "loss": -game.values(totals)[player + 1]}
    fields |= {"alice": game.values(totals)[0], "selected": selected, "player": player, "profile": profile}
    note = "against the undominated pairs of all his schemes" if rival >= 0 else "against his favourite in every state"
    check = Check("regret", seen(regret), 0.0, "utility", note)
    return fields, Certificate((check,), check.value, 0.0)


def _against(game: Market, player: int, rival: Scheme, least: int, request: Request) -> int:
    """Return the most that a Bob has beside a rival: of being selected, or of what the rival offers."""
    win = Deviations(game, player, request.deadline).best(least)
    stay = game.totals(rival)[player + 1]
    return stay if win is None else max(stay, win[1])
