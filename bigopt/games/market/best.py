"""Alice's best stable equilibrium."""

from __future__ import annotations

from bigopt.concepts.concept import Answer, Concept, Request
from bigopt.games.market.exact import obedient
from bigopt.games.market.game import Market
from bigopt.games.market.options import EQUILIBRIUM, OBEDIENCE, SCHEMES, answer, lottery, nash, randomized
from bigopt.games.market.response import favoured
from bigopt.games.market.scheme import SchemeSolution
from bigopt.games.market.tables import scheme_tables
from bigopt.games.market.verify import best as verify


def solve(game: Market, request: Request) -> Answer:
    """Return Alice's optimum (that Bob 0 likes best): nobody can offer more. A lone Bob plays his favourite."""
    if request.options.get("obedience"):
        x, top = obedient.best(game, request.deadline, nash(request))
        return lottery(game, x, top, "Alice's optimum" if game.k > 1 else "a lone Bob's favourite")
    alice, bob = game.units[0][:2]
    scheme = favoured(game, alice, bob) if game.k > 1 else favoured(game, bob, alice)
    how, v = "Alice's optimum" if game.k > 1 else "a lone Bob's favourite", game.totals(scheme)[0]
    if randomized(request):
        rows = [[float(a == chosen) for a in range(n)] for chosen, n in zip(scheme, game.sizes, strict=True)]
        return answer(game, {"scheme": rows}, v, how)
    return answer(game, {"scheme": scheme}, v, how)


class BestSolution(SchemeSolution):
    """Alice's best stable scheme."""


CONCEPT = Concept(
    "best",
    "Alice's best stable equilibrium",
    verify.best,
    solve,
    options=(SCHEMES, OBEDIENCE, EQUILIBRIUM),
    tables=scheme_tables,
    objective="alice",
    sense="max",
    result=BestSolution,
    exact=True,
)
