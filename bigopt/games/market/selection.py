"""The concepts worst, best, dynamics and stable: which algorithm answers which request."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Answer, Request
from bigopt.errors import LimitReached, UsageError
from bigopt.games.market import dynamics
from bigopt.games.market.exact import enumeration, obedient, randomized
from bigopt.games.market.exact.intervals import Intervals
from bigopt.games.market.exact.lotteries import Polytope
from bigopt.games.market.game import Market
from bigopt.games.market.response import suffixes

LISTED = 100_000  # stable schemes that are listed; more are refused


def worst(game: Market, request: Request) -> Answer:
    """Find Alice's worst stable scheme: by enumeration, else by interval branch and bound, or along the frontiers."""
    if request.options.get("obedience"):
        polytope = Polytope(game, obedient=True)
        return _lottery(game, polytope, obedient.worst(game, polytope, request.deadline), "one LP a piece")
    if request.options.get("schemes") == "randomized":
        scheme, v = randomized.worst(game, request.deadline)
        return _answer(game, {"scheme": scheme}, v, "along the frontiers")
    if enumeration.few(game):
        found = enumeration.stable(game)
        return _answer(game, {"scheme": found.schemes[found.worst]}, found.totals[0, found.worst], "enumeration")
    return _searched(game, request)


def best(game: Market, request: Request) -> Answer:
    """Return the first scheme that is best for Alice: nobody can offer her more, so it is stable."""
    scheme = _alices(game)
    if _randomized(request):
        rows = [[float(a == chosen) for a in range(n)] for chosen, n in zip(scheme, game.sizes, strict=True)]
        return _answer(game, {"scheme": rows}, game.opt, "Alice's optimum")
    return _answer(game, {"scheme": scheme}, game.opt, "Alice's optimum")


def play(game: Market, request: Request) -> Answer:
    """Play best-response dynamics."""
    if _randomized(request):
        polytope = Polytope(game, bool(request.options.get("obedience")))
        lotteries = obedient.play(game, polytope, float(request.options["step"]), request.deadline)
        answer = _lottery(game, polytope, lotteries[-1][1], "best-response dynamics by LP")
        point = {**(answer.point or {}), "moves": len(lotteries) - 1, "selected": lotteries[-1][0]}
        return Answer(point, answer.objective, None, method=answer.method)
    moves = dynamics.run(game, request.deadline)
    trajectory = [{"bob": move.bob, "scheme": move.scheme} for move in moves]
    point = {"scheme": moves[-1].scheme, "trajectory": trajectory}
    return _answer(game, point, game.totals(moves[-1].scheme)[0], "best-response dynamics")


def stable(game: Market, request: Request) -> Answer:
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


def _searched(game: Market, request: Request) -> Answer:
    """Search below where best-response dynamics end, which is already the worst unless schemes tie."""
    scheme, v = _alices(game), game.opt  # always stable
    proved = int(np.minimum.reduceat(game.units[0][0], game.first).sum())
    search = None
    try:
        tails = [suffixes(game, j, request.deadline) for j in range(game.k)]
        scheme = dynamics.run(game, request.deadline, tails)[-1].scheme
        v = game.totals(scheme)[0]
        fronts = [tail[0] for tail in tails]
        search = Intervals(game, request.deadline, request.progress, frontiers=fronts)
        for schemes, totals in search.search(search.least, v - 1):
            scheme, v = schemes[0], int(totals[0, 0])
            break
    except LimitReached:
        worth, proved = float(game.units[1][0]), proved if search is None else search.proved
        held = {"scheme": scheme}
        return Answer(held, v * worth, proved * worth, "maxTimeLimit", "feasible", "interval branch and bound")
    return _answer(game, {"scheme": scheme}, v, "interval branch and bound")


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


def _randomized(request: Request) -> bool:
    return request.options.get("schemes") == "randomized" or bool(request.options.get("obedience"))


def _answer(game: Market, point: dict[str, Any], v: Any, method: str) -> Answer:
    value = float(v * game.units[1][0])
    return Answer(point, value, value, method=method)


def _lottery(game: Market, polytope: Polytope, x: Floats, method: str) -> Answer:
    value = float(polytope.table[0] @ x) * float(polytope.scale[0])
    return Answer({"scheme": [row.tolist() for row in np.split(x, game.first[1:])]}, value, value, method=method)


def _alices(game: Market) -> npt.NDArray[np.int64]:
    """Return Alice's favourite scheme, the lowest policy index on ties."""
    return np.array([int(np.argmax(row)) for row in np.split(game.units[0][0], game.first[1:])])


def _floats(rows: Any) -> list[list[float]]:
    return [[float(p) for p in row] for row in rows]
