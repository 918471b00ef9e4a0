"""Every pure Nash equilibrium, by sums: best replies to every profile of the others, then their regrets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Ints
from bigopt.concepts.concept import Answer, Request
from bigopt.concepts.deadline import Deadline
from bigopt.errors import LimitReached
from bigopt.games.subsets import zero_regrets
from bigopt.games.subsets.exact.player_sums import Table
from bigopt.games.subsets.game import Profile, Subsets

LISTED = 10_000  # profiles that are listed unless option limit says otherwise


def solve(game: Subsets, request: Request) -> Answer:
    """Count the pure Nash equilibria and list up to `limit` of them."""
    limit = 0 if request.options.get("profiles") == "count" else int(request.options.get("limit", LISTED))
    if request.solver != "exact":
        return zero_regrets.solve(game, request, limit)
    table = Table(game)
    player = table.tree_player()
    count, complete = 0, True
    listed: list[list[list[int]]] = []
    for row in _until_deadline(table, player, request.deadline):
        if row is None:
            complete = False
            break
        count += table.multiplicity(row)
        if len(listed) < limit:
            for profile in expand(table, row):
                if len(listed) >= limit:
                    break
                listed.append([list(choice) for choice in profile])
    point: dict[str, Any] = {"count": count, "complete": complete, "profiles": sorted(listed)}
    method = "best replies by sums"
    if not complete:
        return Answer(point, count, stopped="maxTimeLimit", holds="feasible", method=method)
    return Answer(point, float(count), bound=float(count), method=method)


def _until_deadline(table: Table, player: int, deadline: Deadline) -> Iterator[Ints | None]:
    """Yield the equilibria, then None if the deadline came before the end."""
    table.check_product(player)
    try:
        yield from equilibria(table, player, deadline)
    except LimitReached:
        yield None
