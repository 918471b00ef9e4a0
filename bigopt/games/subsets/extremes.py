"""The best and the worst equilibrium by total loss, against the social optimum."""

from __future__ import annotations

from typing import Any

import numpy as np

from bigopt.concepts.concept import Answer, Request
from bigopt.concepts.deadline import Deadline
from bigopt.games.subsets.all_nash import equilibria
from bigopt.games.subsets.exact.player_sums import Table
from bigopt.games.subsets.game import Profile, Subsets


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


def social_optimum(table: Table, player: int, deadline: Deadline) -> Profile:
    r"""Return a profile of least total loss.

    Since :math:`\sum_i |\hat x - t_i|^2 = n |\hat x - \bar t|^2 + const`, it is one whose receiver is nearest to the
    mean target: for each profile of the others, `player`'s nearest sum.
    """
    shift = table.targets.mean(axis=0) - table.targets[player]
    best: tuple[float, Profile, int] | None = None
    for rows in table.others(player):
        deadline.check("minimizing the total loss")
        distance, _ = table.sums[player].tree.query(table.residual(rows, player) + shift)
        near = distance.min() * (1 + 1e-9) + 4 * table.slack
        if best is not None and distance.min() > best[0] * (1 + 1e-9) + 4 * table.slack:
            continue
        for r in np.flatnonzero(distance <= near):
            wanted = table.residual(rows[r : r + 1], player)[0] + shift
            for index in table.sums[player].tree.query_ball_point(wanted, near):
                row = rows[r].copy()
                row[player] = index
                choices = table.choices(row)
                total = _total(table.game, choices)
                if best is None or total < best[2]:
                    best = (float(distance[r]), choices, total)
            if table.whole and best is not None and best[2] == 0:
                return best[1]
    assert best is not None  # every player has an action
    return best[1]
