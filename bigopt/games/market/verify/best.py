"""Certificates of Alice's best stable scheme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.games.market.game import Market
from bigopt.games.market.verify import lotteries
from bigopt.games.market.verify.scheme import certificate, common, lotteries_asked


def best(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify Alice's best stable scheme: any that reaches OPT is stable, since nobody can offer her more."""
    if lotteries_asked(request):
        return lotteries.scheme(game, point, request)
    scheme, totals, fields, checks = common(game, point, request)
    checks.append(Check("best", float((game.opt - totals[0]) * game.units[1][0]), 0.0, "utility", "exact"))
    return fields, certificate(game, totals, checks)
