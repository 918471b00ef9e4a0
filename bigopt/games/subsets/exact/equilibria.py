"""Every equilibrium by sums: best replies of one player to every profile of the others, then the others' regrets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from bigopt.arithmetic.arrays import Ints
from bigopt.arithmetic.counting import repeated
from bigopt.concepts.deadline import Deadline
from bigopt.games.subsets.exact.player_sums import Table
from bigopt.games.subsets.game import Profile


def equilibria(table: Table, player: int, deadline: Deadline) -> Iterator[Ints]:
    """Yield every equilibrium as a row of sum indices.

    Best replies of `player` to all profiles of the others come from its k-d tree; a row is an equilibrium where
    no other player has a nearer sum either.
    """
    table.check_product(player)
    for rows in table.others(player):
        deadline.check("enumerating equilibria")
        rows = _replies(table, player, rows)
        for i in range(table.game.players):
            if i != player and len(rows):
                rows = rows[_content(table, i, rows)]
        yield from rows


def _replies(table: Table, player: int, rows: Ints) -> Ints:
    """Return the rows extended by every best reply of `player`; ties are all kept."""
    sums = table.sums[player]
    wanted = table.residual(rows, player)
    distance, nearest = sums.tree.query(wanted)
    if len(sums.points) == 1:
        return rows
    second = sums.tree.query(wanted, k=[2])[0][:, 0]
    tied = second <= distance * (1 + 1e-9) + 4 * table.slack
    rows = rows.copy()
    rows[:, player] = nearest
    found = [rows[~tied]]
    for r in np.flatnonzero(tied):
        near = sums.tree.query_ball_point(wanted[r], distance[r] * (1 + 1e-9) + 4 * table.slack)
        several = repeated(rows[r : r + 1], len(near), axis=0)
        several[:, player] = sorted(near)
        found.append(several[_least(table, player, several)])
    return np.concatenate(found)


def _least(table: Table, player: int, rows: Ints) -> np.typing.NDArray[np.bool_]:
    """Return which rows give `player` exactly the least loss among them."""
    losses = [table.exact.losses(table.choices(row))[player] for row in rows]
    return np.array([loss == min(losses) for loss in losses])


def _content(table: Table, player: int, rows: Ints) -> np.typing.NDArray[np.bool_]:
    """Return in which rows `player` has no nearer sum."""
    sums = table.sums[player]
    wanted = table.residual(rows, player)
    own = np.linalg.norm(wanted - sums.points[rows[:, player]], axis=1)
    distance, nearest = sums.tree.query(wanted, k=[1, 2] if len(sums.points) > 1 else [1])
    best = distance[:, 0]
    content = own <= best * (1 + 1e-9) + 4 * table.slack
    doubtful = distance[:, -1] <= own * (1 + 1e-9) + 4 * table.slack  # a second sum as near, as far as floats can tell
    for r in np.flatnonzero(content & (doubtful | (nearest[:, 0] != rows[:, player]))):
        near = sums.tree.query_ball_point(wanted[r], best[r] * (1 + 1e-9) + 4 * table.slack)
        several = repeated(rows[r : r + 1], len(near) + 1, axis=0)
        several[1:, player] = near
        content[r] = bool(_least(table, player, several)[0])
    return np.asarray(content)


def expand(table: Table, row: Ints) -> Iterator[Profile]:
    """Yield every profile whose sums are those of `row`."""
    for actions in product(*(s.actions(int(index)).tolist() for s, index in zip(table.sums, row, strict=True))):
        yield tuple(tuple(action) for action in actions)
