"""Certificates of Alice's worst stable scheme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.games.market.exact import enumeration, play
from bigopt.games.market.game import Market
from bigopt.games.market.verify import lotteries
from bigopt.games.market.verify.scheme import certificate, common, lotteries_asked


def worst(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify Alice's worst stable scheme."""
    if lotteries_asked(request):
        return lotteries.scheme(game, point, request)
    scheme, totals, fields, checks = common(game, point, request)
    checks.append(_not_beaten(game, totals[0], request))
    return fields, certificate(game, totals, checks)


def _not_beaten(game: Market, alice: int, request: Request) -> Check:
    """Compare with the enumerated worst, or with where best-response dynamics end where the schemes are too many."""
    if enumeration.few(game):
        found = enumeration.stable(game)
        least, note = int(found.totals[0, found.worst]), "by enumeration of every scheme"
    else:
        least = game.totals(play.run(game, request.deadline)[-1].scheme)[0]
        note = "against best-response dynamics, which end at the worst where no two schemes tie"
    return Check("worst", float((alice - least) * game.units[1][0]), 0.0, "utility", note)
