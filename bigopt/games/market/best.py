"""Alice's best stable equilibrium."""

from __future__ import annotations

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts.concept import Answer, Concept, Request
from bigopt.concepts.solution import Solution
from bigopt.games.market.exact import obedient
from bigopt.games.market.game import Market
from bigopt.games.market.options import EQUILIBRIUM, OBEDIENCE, SCHEMES, answer, lottery, nash, randomized
from bigopt.games.market.response import favoured
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


class BestSolution(Solution):
    """Alice's best stable scheme.

    Attributes
    ----------
    scheme : [S], indices of policies
        The policy of each state; [S][policies] probabilities where schemes are randomized.
    alice : unit of Alice's utility
        Alice's expected utility.
    bobs : [k], units of the Bobs' utilities
        The Bobs' expected utilities.
    selected : index
        The Bob whom Alice selects.
    opt : unit of Alice's utility
        Her first best: her favourite policy in every state.
    misalignment : unit of Alice's utility
        Section 7's epsilon over stable outcomes; None where the stable set is too large, or schemes are randomized.
    bound : unit of Alice's utility
        Theorem 6: no stable scheme gives her less than opt - 2 misalignment; None as there.
    """

    scheme: Ints | list[list[float]]
    alice: float
    bobs: Floats
    selected: int
    opt: float
    misalignment: float | None
    bound: float | None


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
