"""Certificates of Alice's worst stable scheme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.arithmetic.decimals import seen
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import LimitReached
from bigopt.games.market.exact import enumeration
from bigopt.games.market.game import Market
from bigopt.games.market.options import randomized
from bigopt.games.market.verify import lotteries
from bigopt.games.market.verify.intervals import complete, found_in, proof_of, shown, spans_below
from bigopt.games.market.verify.scheme import Examined, examine


def worst(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify Alice's worst stable scheme: no scheme that gives her less is stable."""
    if randomized(request):
        return lotteries.scheme(game, point, request)
    found = examine(game, point, request)
    proof, check = _nothing_below(game, found, point)
    return found.fields | ({} if proof is None else {"proof": proof}), found.certificate(check)


def _nothing_below(game: Market, found: Examined, point: Mapping[str, Any]) -> tuple[Any, Check]:
    """Look through everything that is worse for Alice."""
    census, v, unit = found.census, found.totals[0], game.units[1][0]
    few = enumeration.few(game)
    given = None if few else proof_of(game, point.get("proof"))
    try:
        spans = spans_below(census, given, v - 1, every=False)
        if not complete(census, spans, v - 1):
            note = "the proof leaves values of Alice's out"
            return shown(spans), Check("worst", seen((v - census.least) * unit), 0.0, "utility", note, "searched")
        for _, totals in found_in(census, spans, v - 1, every=False):
            lower = int(min(totals[0]))
            note = f"a stable scheme gives Alice {float(lower * unit):.9g}"
            return None if few else shown(spans), Check("worst", seen((v - lower) * unit), 0.0, "utility", note)
    except LimitReached:
        note = "the time limit came before everything below was looked through"
        return None, Check("worst", 0.0, 0.0, "utility", note, "searched")
    note = "every scheme against every Bob's frontier" if few else f"{len(spans)} intervals refuted or looked through"
    return None if few else shown(spans), Check("worst", 0.0, 0.0, "utility", f"nothing stable below: {note}")
