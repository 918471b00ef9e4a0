"""Every pure Nash equilibrium, by sums: best replies to every profile of the others, then their regrets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bigopt.arithmetic.arrays import Ints
from bigopt.concepts import Answer, Concept, Deadline, Option, Request, options
from bigopt.concepts.solution import Solution
from bigopt.errors import LimitReached
from bigopt.games.subsets.exact.equilibria import equilibria, expand
from bigopt.games.subsets.exact.player_sums import Table
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.verify.all_nash import LISTED, every_equilibrium, limit_of


def solve(game: Subsets, request: Request) -> Answer:
    """Count the pure Nash equilibria and list up to `limit` of them."""
    limit = limit_of(request)
    if request.solver != "exact":
        from bigopt.games.subsets import zero_regrets  # and with it Pyomo

        return zero_regrets.solve(game, request, limit)
    table = Table(game)
    player = table.tree_player()
    count, complete = 0, True
    listed: list[list[list[int]]] = []

    def so_far() -> Answer:
        point = {"count": count, "complete": False, "profiles": sorted(listed)}
        return Answer(point, count, stopped="maxTimeLimit", holds="feasible", method="best replies by sums")

    request.kept.put(so_far)
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
        return so_far()
    return Answer(point, float(count), bound=float(count), method=method)


def _until_deadline(table: Table, player: int, deadline: Deadline) -> Iterator[Ints | None]:
    """Yield the equilibria, then None if the deadline came before the end."""
    table.check_product(player)
    try:
        yield from equilibria(table, player, deadline)
    except LimitReached:
        yield None


class AllNashSolution(Solution):
    """Every pure equilibrium.

    Attributes
    ----------
    count : count
        How many there are.
    complete : flag
        Whether `profiles` lists all of them.
    profiles : [profiles][n][sizes], indices of items
        The choices of each equilibrium.
    """

    count: int
    complete: bool
    profiles: list[list[list[int]]]


CONCEPT = Concept(
    "all-nash",
    "every pure equilibrium: count and profiles",
    every_equilibrium,
    solve,
    options=(
        Option("profiles", "list", ("list", "count"), help="list them, or only count"),
        Option("limit", LISTED, parse=options.whole, help="how many profiles are listed at most"),
    ),
    delegates=("highs", "scip"),
    objective="count",
    sense="max",
    result=AllNashSolution,
)
