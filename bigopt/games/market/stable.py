"""All stable symmetric schemes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from bigopt.arithmetic.arrays import Ints
from bigopt.concepts.concept import Answer, Concept, Request
from bigopt.concepts.solution import Solution
from bigopt.errors import LimitReached
from bigopt.games.market.exact import enumeration, obedient
from bigopt.games.market.exact import randomized as free
from bigopt.games.market.exact.intervals import Intervals
from bigopt.games.market.exact.lotteries import Obedient
from bigopt.games.market.game import Market
from bigopt.games.market.options import EQUILIBRIUM, OBEDIENCE, SCHEMES, nash, obeyed, randomized, rows_of
from bigopt.games.market.tables import stable_tables
from bigopt.games.market.verify import stable as verify

METHOD = "interval branch and bound"
LISTED = 100_000  # stable schemes that are listed; more are refused


def solve(game: Market, request: Request) -> Answer:
    """List every stable scheme, or the intervals of Alice's utility that have stable randomized ones."""
    if randomized(request):
        return _intervals(game, request)
    if enumeration.few(game):
        schemes = enumeration.stable(game).only(nash(request)).schemes
        if len(schemes) > LISTED:
            raise LimitReached(f"{game.name}: {len(schemes):,} stable schemes: at most {LISTED:,} are listed")
        return Answer({"schemes": schemes}, float(len(schemes)), method="enumeration")
    search = Intervals(game, request.deadline, request.progress, every=True, nash=nash(request))
    found: list[Any] = []
    for schemes, _ in search.search(search.least, game.opt):
        found += schemes.tolist()
        said = f"the {len(found)} stable schemes found so far, not all of them"
        request.kept.point({"schemes": sorted(found)}, float(len(found)), method=METHOD, said=said)
        if len(found) > LISTED:
            raise LimitReached(f"{game.name}: more than {LISTED:,} stable schemes: use --concept worst or best")
    return Answer({"schemes": sorted(found), "proof": search.proof}, float(len(found)), method=METHOD)


def _intervals(game: Market, request: Request) -> Answer:
    """Return the intervals of Alice's utility that have stable lotteries, with one at each lower end."""
    worth = game.units[1][0]
    found: Sequence[tuple[Any, Any, Sequence[Fraction]]]
    if obeyed(request):
        polytope, method = Obedient(game, request.deadline), "LPs along the frontiers, in rational numbers"
        found = obedient.intervals(polytope, obedient.stretches(polytope), nash(request))
    else:
        method, marks = "along the frontiers", free.intervals(game, request.deadline, nash(request))
        found = [(low, high, sum(free.at_value(game, common, low), [])) for low, high, common in marks]
    schemes = [rows_of(game, x) for _, _, x in found]
    values = [[float(low * worth), float(high * worth)] for low, high, _ in found]
    return Answer({"schemes": schemes, "intervals": values}, float(len(found)), method=method)


class StableSolution(Solution):
    """All stable symmetric schemes.

    Attributes
    ----------
    count : count
        How many there are; None for randomized schemes.
    count_nash : count
        How many of them are Nash equilibria (Definition 17); None for randomized schemes.
    schemes : [count][S], indices of policies
        The schemes; for randomized ones a witness [S][policies] of each interval.
    alice : [count], unit of Alice's utility
        What each scheme gives her.
    intervals : [intervals][2], unit of Alice's utility
        The values that stable randomized schemes give her.
    opt : unit of Alice's utility
        Her first best.
    proof : [intervals]
        The intervals of Alice's utility that were refuted, where there are too many schemes to list.
    """

    count: int | None
    count_nash: int | None
    schemes: Ints | list[list[list[float]]]
    alice: list[float] | None = None
    intervals: list[list[float]] | None = None
    opt: float
    proof: Any | None = None


CONCEPT = Concept(
    "stable",
    "all stable symmetric schemes",
    verify.stable,
    solve,
    options=(SCHEMES, OBEDIENCE, EQUILIBRIUM),
    tables=stable_tables,
    result=StableSolution,
    exact=True,
)
