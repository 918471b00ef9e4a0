"""The profile of least total loss."""

from __future__ import annotations

import numpy as np

from bigopt.concepts.deadline import Deadline
from bigopt.games.subsets.exact.player_sums import Table
from bigopt.games.subsets.game import Profile


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
                total = sum(table.exact.losses(choices))
                if best is None or total < best[2]:
                    best = (float(distance[r]), choices, total)
            if table.whole and best is not None and best[2] == 0:
                return best[1]
    assert best is not None  # every player has an action
    return best[1]
