"""Where best-response dynamics end (Section 7)."""

from __future__ import annotations

from bigopt.concepts.concept import Answer, Concept, Request
from bigopt.games.market.exact import obedient, play
from bigopt.games.market.exact.lotteries import Polytope
from bigopt.games.market.game import Market
from bigopt.games.market.options import OBEDIENCE, SCHEMES, STEP, answer, lottery, randomized
from bigopt.games.market.verify import dynamics as verify


def solve(game: Market, request: Request) -> Answer:
    """Play best-response dynamics."""
    if randomized(request):
        polytope = Polytope(game, bool(request.options.get("obedience")))
        lotteries = obedient.play(game, polytope, float(request.options["step"]), request.deadline)
        found = lottery(game, polytope, lotteries[-1][1], "best-response dynamics by LP")
        point = {**(found.point or {}), "moves": len(lotteries) - 1, "selected": lotteries[-1][0]}
        return Answer(point, found.objective, None, method=found.method)
    moves = play.run(game, request.deadline)
    trajectory = [{"bob": move.bob, "scheme": move.scheme} for move in moves]
    point = {"scheme": moves[-1].scheme, "trajectory": trajectory}
    return answer(game, point, game.totals(moves[-1].scheme)[0], "best-response dynamics")


CONCEPT = Concept(
    "dynamics",
    "where best-response dynamics end",
    verify.path,
    solve,
    options=(SCHEMES, OBEDIENCE, STEP),
    objective="alice",
)
