"""Certificates of Alice's best stable scheme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.arithmetic.decimals import seen
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.games.market.game import Market
from bigopt.games.market.options import randomized
from bigopt.games.market.response import favourites
from bigopt.games.market.verify import lotteries
from bigopt.games.market.verify.scheme import examine


def best(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify Alice's best stable scheme: OPT, or the best of a lone Bob's favourites."""
    if randomized(request):
        return lotteries.scheme(game, point, request)
    found = examine(game, point, request)
    top = favourites(game)[1] if game.k == 1 else game.opt
    note = "OPT, in integers" if game.k > 1 else "the best for Alice of a lone Bob's favourites, in integers"
    short = Check("best", seen((top - found.totals[0]) * game.units[1][0]), 0.0, "utility", note, "proved")
    return found.fields, found.certificate(short)
