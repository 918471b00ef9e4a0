"""Alice's best stable equilibrium."""

from __future__ import annotations

from bigopt.concepts.concept import Answer, Concept, Request
from bigopt.games.market.game import Market
from bigopt.games.market.options import OBEDIENCE, SCHEMES, answer, randomized
from bigopt.games.market.response import alices
from bigopt.games.market.verify import best as verify


def solve(game: Market, request: Request) -> Answer:
    """Return the first scheme that is best for Alice: nobody can offer her more, so it is stable."""
    scheme = alices(game)
    if randomized(request):
        rows = [[float(a == chosen) for a in range(n)] for chosen, n in zip(scheme, game.sizes, strict=True)]
        return answer(game, {"scheme": rows}, game.opt, "Alice's optimum")
    return answer(game, {"scheme": scheme}, game.opt, "Alice's optimum")


CONCEPT = Concept(
    "best",
    "Alice's best stable equilibrium",
    verify.best,
    solve,
    options=(SCHEMES, OBEDIENCE),
    objective="alice",
    sense="max",
)
