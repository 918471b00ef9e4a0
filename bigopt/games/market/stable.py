"""All stable symmetric schemes."""

from __future__ import annotations

from typing import Any

from bigopt.concepts.concept import Answer, Concept, Request
from bigopt.errors import LimitReached, UsageError
from bigopt.games.market.exact import enumeration, randomized
from bigopt.games.market.exact.intervals import Intervals
from bigopt.games.market.game import Market
from bigopt.games.market.options import OBEDIENCE, SCHEMES
from bigopt.games.market.verify import stable as verify

LISTED = 100_000  # stable schemes that are listed; more are refused


def solve(game: Market, request: Request) -> Answer:
    """List every stable scheme, or the intervals of Alice's utility that have stable randomized ones."""
    if request.options.get("obedience"):
        raise UsageError("option obedience=true: stable has no list of obedient schemes: use --concept worst or best")
    if request.options.get("schemes") == "randomized":
        return _intervals(game, request)
    if enumeration.few(game):
        schemes = enumeration.stable(game).schemes
        if len(schemes) > LISTED:
            raise LimitReached(f"{game.name}: {len(schemes):,} stable schemes: at most {LISTED:,} are listed")
        return Answer({"schemes": schemes}, float(len(schemes)), method="enumeration")
    search = Intervals(game, request.deadline, request.progress, every=True)
    found: list[Any] = []
    for schemes, _ in search.search(search.least, game.opt):
        found += schemes.tolist()
        if len(found) > LISTED:
            raise LimitReached(f"{game.name}: more than {LISTED:,} stable schemes: use --concept worst or best")
    return Answer({"schemes": sorted(found)}, float(len(found)), method="interval branch and bound")


def _intervals(game: Market, request: Request) -> Answer:
    worth = game.units[1][0]
    schemes: list[Any] = []
    spans: list[list[int]] = []
    for piece in randomized.pieces(game, request.deadline):
        if spans and spans[-1][1] == piece.low:
            spans[-1][1] = piece.high
            continue
        schemes.append(_floats(randomized.at_value(game, piece.common, piece.low)))
        spans.append([piece.low, piece.high])
    if not spans or spans[-1][1] < game.opt:
        schemes.append(_floats(randomized.at_value(game, randomized.optimum(game), game.opt)))
        spans.append([game.opt, game.opt])
    values = [[float(low * worth), float(high * worth)] for low, high in spans]
    return Answer({"schemes": schemes, "intervals": values}, float(len(spans)), method="along the frontiers")


def _floats(rows: Any) -> list[list[float]]:
    return [[float(p) for p in row] for row in rows]


CONCEPT = Concept("stable", "all stable symmetric schemes", verify.stable, solve, options=(SCHEMES, OBEDIENCE))
