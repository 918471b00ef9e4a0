"""The best and the worst equilibrium by total loss, against the social optimum."""

from __future__ import annotations

from typing import Any

from bigopt.concepts import Answer, Concept, Deadline, Request
from bigopt.games.subsets.exact.equilibria import equilibria
from bigopt.games.subsets.exact.optimum import social_optimum
from bigopt.games.subsets.exact.player_sums import Table
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.verify.extremes import extremes


def solve(game: Subsets, request: Request) -> Answer:
    """Enumerate the equilibria, and minimize the total loss over all profiles."""
    table = Table(game)
    player = table.tree_player()
    totals = [(_total(game, row_choices), row_choices) for row_choices in _profiles(table, player, request.deadline)]
    best, worst = min(totals), max(totals, key=lambda pair: (pair[0], tuple(-j for c in pair[1] for j in c)))
    optimum = social_optimum(table, player, request.deadline)
    point: dict[str, Any] = {
        "best": [list(c) for c in best[1]],
        "worst": [list(c) for c in worst[1]],
        "optimum": [list(c) for c in optimum],
    }
    value = worst[0] / game.exact.denominator**2
    return Answer(point, value, value, method="all equilibria by sums")


def _profiles(table: Table, player: int, deadline: Deadline) -> list[Profile]:
    return [table.choices(row) for row in equilibria(table, player, deadline)]


def _total(game: Subsets, choices: Profile) -> int:
    return sum(game.exact.losses(choices))


CONCEPT = Concept(
    "extremes",
    "best and worst equilibrium by total loss, against the optimum",
    extremes,
    solve,
    objective="worst_total",
    sense="max",
)
