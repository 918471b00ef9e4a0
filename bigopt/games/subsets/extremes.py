"""The best and the worst equilibrium by total loss, against the social optimum."""

from __future__ import annotations

from typing import Any

from bigopt.concepts import Answer, Concept, Request
from bigopt.concepts.solution import Solution
from bigopt.games.subsets.exact.equilibria import equilibria
from bigopt.games.subsets.exact.optimum import social_optimum
from bigopt.games.subsets.exact.player_sums import Table
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.verify.extremes import extremes


def solve(game: Subsets, request: Request) -> Answer:
    """Enumerate the equilibria, and minimize the total loss over all profiles."""
    table = Table(game)
    player = table.tree_player()
    totals: list[tuple[int, Profile]] = []
    request.kept.put(lambda: _limited(game, totals))
    for row in equilibria(table, player, request.deadline):
        choices = table.choices(row)
        totals.append((_total(game, choices), choices))
    point, value = _ends(game, totals)
    optimum = social_optimum(table, player, request.deadline)
    point["optimum"] = [list(c) for c in optimum]
    return Answer(point, value, value, method="all equilibria by sums")


def _ends(game: Subsets, totals: list[tuple[int, Profile]]) -> tuple[dict[str, Any], float]:
    """Return the best and the worst of the equilibria that were found, and the worst one's total loss."""
    best, worst = min(totals), max(totals, key=lambda pair: (pair[0], tuple(-j for c in pair[1] for j in c)))
    point = {"best": [list(c) for c in best[1]], "worst": [list(c) for c in worst[1]]}
    return point, worst[0] / game.exact.denominator**2


def _limited(game: Subsets, totals: list[tuple[int, Profile]]) -> Answer | None:
    """Return the ends of what was found when a time limit came; the best is no worse an optimum than any known."""
    if not totals:
        return None
    point, value = _ends(game, totals)
    point["optimum"] = point["best"]
    said = {"so far": f"among the {len(totals)} equilibria found so far"}
    return Answer(point, value, None, "maxTimeLimit", "feasible", "all equilibria by sums", said)


def _total(game: Subsets, choices: Profile) -> int:
    return sum(game.exact.losses(choices))


class ExtremesSolution(Solution):
    """The best and the worst equilibrium by total loss, beside the optimum.

    Attributes
    ----------
    best : [n][sizes], indices of items
        The choices of the equilibrium of least total loss.
    best_total : unit of the items squared
        Its total loss.
    worst : [n][sizes], indices of items
        The choices of the equilibrium of largest total loss.
    worst_total : unit of the items squared
        Its total loss.
    optimum : [n][sizes], indices of items
        The choices of least total loss, equilibrium or not.
    optimum_total : unit of the items squared
        Their total loss.
    price_of_stability : ratio
        `best_total` over `optimum_total`; None where that is 0.
    price_of_anarchy : ratio
        `worst_total` over `optimum_total`; None where that is 0.
    """

    best: list[list[int]]
    best_total: float
    worst: list[list[int]]
    worst_total: float
    optimum: list[list[int]]
    optimum_total: float
    price_of_stability: float | None
    price_of_anarchy: float | None


CONCEPT = Concept(
    "extremes",
    "best and worst equilibrium by total loss, against the optimum",
    extremes,
    solve,
    objective="worst_total",
    sense="max",
    result=ExtremesSolution,
)
