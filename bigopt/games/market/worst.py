"""Alice's worst stable equilibrium: what she can count on."""

from __future__ import annotations

from typing import Any

from bigopt.concepts.concept import Answer, Concept, Request
from bigopt.errors import LimitReached, UsageError
from bigopt.games.market import lazy_cuts
from bigopt.games.market.exact import enumeration, obedient, play
from bigopt.games.market.exact import randomized as lotteries
from bigopt.games.market.exact.intervals import Intervals
from bigopt.games.market.game import Market
from bigopt.games.market.options import EQUILIBRIUM, OBEDIENCE, SCHEMES, answer, lottery, nash, randomized
from bigopt.games.market.response import favoured, shifted, suffixes
from bigopt.games.market.scheme import SchemeSolution
from bigopt.games.market.tables import scheme_tables
from bigopt.games.market.verify import worst as verify


def solve(game: Market, request: Request) -> Answer:
    """Find Alice's worst stable scheme: by enumeration, else by interval branch and bound, or along the frontiers."""
    if request.solver != "exact":
        if randomized(request):
            raise UsageError("options schemes and obedience: lotteries are followed by exact alone: use --solver exact")
        return lazy_cuts.worst(game, request)
    if request.options.get("obedience"):
        x, value, _ = obedient.worst(game, request.deadline, nash(request))
        return lottery(game, x, value, "one LP a piece, in rational numbers")
    if request.options.get("schemes") == "randomized":
        rows, v = lotteries.worst(game, request.deadline, nash(request))
        return lottery(game, [p for row in rows for p in row], v, "along the frontiers")
    table = game.units[0]
    if game.k == 1:
        scheme = favoured(game, table[1], -table[0])
        return answer(game, {"scheme": scheme}, game.totals(scheme)[0], "a lone Bob's favourite")
    if enumeration.few(game):
        found = enumeration.stable(game).only(nash(request))
        return answer(game, {"scheme": found.schemes[found.worst]}, found.totals[0, found.worst], "enumeration")
    return _searched(game, request)


def _searched(game: Market, request: Request) -> Answer:
    """Search below where best-response dynamics end, which is already the worst unless schemes tie."""
    scheme = favoured(game, *game.units[0][:2])  # Alice's optimum that Bob 0 likes best: always an equilibrium
    v, search = game.opt, None
    low = game.lowest[0]
    try:
        tails = [suffixes(game, j, request.deadline) for j in range(game.k)]
        fronts = [tail[0] for tail in tails]
        fronts = [shifted(fronts[0]), *fronts[1:]] if nash(request) else fronts
        search = Intervals(game, request.deadline, request.progress, frontiers=fronts)
        end = play.run(game, request.deadline, tails)[-1].scheme
        totals = game.totals(end)
        if search.stable(game.units[0][:, game.first + end].sum(axis=1)[:, None])[0]:
            scheme, v = end, totals[0]
        for schemes, found in search.search(low, v - 1):
            scheme, v = schemes[0], int(found[0, 0])
            break
    except LimitReached:
        proved = low if search is None else search.proved
        worth = game.units[1][0]
        held = {"scheme": scheme, "alice": float(v * worth)}
        return Answer(held, float(v * worth), float(proved * worth), "maxTimeLimit", "feasible", METHOD)
    return answer(game, {"scheme": scheme, "proof": search.proof}, v, METHOD)


METHOD = "interval branch and bound"


class WorstSolution(SchemeSolution):
    """Alice's worst stable scheme.

    Attributes
    ----------
    proof : [intervals]
        The intervals of Alice's utility that were refuted, where there are too many schemes to list.
    """

    proof: Any | None = None


CONCEPT = Concept(
    "worst",
    "Alice's worst stable equilibrium",
    verify.worst,
    solve,
    options=(SCHEMES, OBEDIENCE, EQUILIBRIUM),
    delegates=lazy_cuts.DELEGATES,
    tables=scheme_tables,
    objective="alice",
    sense="min",
    result=WorstSolution,
    exact=True,
)
