"""Alice's worst stable equilibrium: what she can count on."""

from __future__ import annotations

import numpy as np

from bigopt.concepts.concept import Answer, Concept, Request
from bigopt.errors import LimitReached
from bigopt.games.market.exact import enumeration, obedient, play
from bigopt.games.market.exact import randomized as lotteries
from bigopt.games.market.exact.intervals import Intervals
from bigopt.games.market.exact.lotteries import Polytope
from bigopt.games.market.game import Market
from bigopt.games.market.options import OBEDIENCE, SCHEMES, answer, lottery
from bigopt.games.market.response import alices, suffixes
from bigopt.games.market.verify import worst as verify


def solve(game: Market, request: Request) -> Answer:
    """Find Alice's worst stable scheme: by enumeration, else by interval branch and bound, or along the frontiers."""
    if request.options.get("obedience"):
        polytope = Polytope(game, obedient=True)
        return lottery(game, polytope, obedient.worst(game, polytope, request.deadline), "one LP a piece")
    if request.options.get("schemes") == "randomized":
        scheme, v = lotteries.worst(game, request.deadline)
        return answer(game, {"scheme": scheme}, v, "along the frontiers")
    if enumeration.few(game):
        found = enumeration.stable(game)
        return answer(game, {"scheme": found.schemes[found.worst]}, found.totals[0, found.worst], "enumeration")
    return _searched(game, request)


def _searched(game: Market, request: Request) -> Answer:
    """Search below where best-response dynamics end, which is already the worst unless schemes tie."""
    scheme, v = alices(game), game.opt  # always stable
    proved = int(np.minimum.reduceat(game.units[0][0], game.first).sum())
    search = None
    try:
        tails = [suffixes(game, j, request.deadline) for j in range(game.k)]
        scheme = play.run(game, request.deadline, tails)[-1].scheme
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
    return answer(game, {"scheme": scheme}, v, "interval branch and bound")


CONCEPT = Concept(
    "worst",
    "Alice's worst stable equilibrium",
    verify.worst,
    solve,
    options=(SCHEMES, OBEDIENCE),
    objective="alice",
    sense="min",
)
