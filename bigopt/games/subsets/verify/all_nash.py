"""Every equilibrium: each listed profile is one, none stands twice, and another count finds as many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts import Certificate, Check, Request
from bigopt.errors import InstanceError
from bigopt.games.subsets.exact.equilibria import equilibria
from bigopt.games.subsets.exact.player_sums import Table
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.verify.regrets import Regret, field, regret, regret_checks
from bigopt.games.subsets.verify.whole_table import WholeTable, small

LISTED = 10_000  # profiles that are listed unless option limit says otherwise


def limit_of(request: Request) -> int:
    """Return how many profiles were asked for at most."""
    if request.options.get("profiles") == "count":
        return 0
    limit = request.options.get("limit", LISTED)
    return limit if isinstance(limit, int) and limit >= 0 else LISTED


def every_equilibrium(game: Subsets, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Return the fields of a list of equilibria, and its certificate."""
    listed, count = field(point, "profiles"), field(point, "count")
    if not isinstance(listed, (list, tuple)):
        raise InstanceError("profiles: expected a list of profiles")
    if isinstance(count, bool) or not isinstance(count, (int, float)) or count != int(count) or count < 0:
        raise InstanceError(f"count: {str(count)[:40]}, expected a whole number >= 0")
    complete = point.get("complete", True)
    if not isinstance(complete, bool):
        raise InstanceError(f"complete: {str(complete)[:40]!r}, expected true or false")
    profiles = [game.profile(p, f"profiles[{r}]") for r, p in enumerate(listed)]
    regrets, largest = _regrets(game, profiles, request)
    copies = len(profiles) - len(set(profiles))
    checks = [
        *regrets,
        Check("distinct", float(copies), 0.0, "copies", grade="proved"),
        _count(game, int(count), len(profiles), complete, request),
    ]
    shown = [[list(c) for c in p] for p in profiles]
    return {"count": int(count), "complete": complete, "profiles": shown}, Certificate(tuple(checks), largest, 0.0)


def _regrets(game: Subsets, profiles: list[Profile], request: Request) -> tuple[tuple[Check, ...], float]:
    """Check every listed profile; what two have in common is asked once."""
    if not profiles:
        return (Check("regret", 0.0, 0.0, "payoff range", "no profile is listed", grade="proved"),), 0.0
    known: dict[Any, Regret] = {}
    worst: dict[int, Regret] = {}
    for profile in profiles:
        request.deadline.check("verifying the equilibria")
        place = tuple(game.exact.receiver(profile))
        for i in range(game.players):
            key = (i, place, tuple(game.exact.weighted[i][list(profile[i])].sum(axis=0)))
            if key not in known:
                known[key] = regret(game, i, profile, request.deadline)
            old = worst.get(i, known[key])
            worst[i] = max(old, known[key], key=lambda r: (r.bounded, r.value))
    return regret_checks(game, worst)


def _count(game: Subsets, count: int, listed: int, complete: bool, request: Request) -> Check:
    """Count again: over the whole table where it is small, else by sums from another player's side."""
    if not complete:
        note = "the list says that it is not complete: that these are all is not proved"
        return Check("count", float(max(0, listed - count)), 0.0, "profiles", note, grade="skipped")
    grade = "recomputed"
    if small(game):
        again, note = int(WholeTable(game).content.sum()), "over the whole table"
    else:
        table = Table(game)
        other = table.tree_player(other=True)
        again = sum(table.multiplicity(row) for row in equilibria(table, other, request.deadline))
        note = f"by sums, from the side of player {other}"
        grade = "recomputed" if game.players > 1 else "compared"
    expected = min(again, limit_of(request))
    wrong = abs(again - count) + abs(expected - listed)
    note += "" if listed == expected else f"; {listed} listed, expected {expected}"
    return Check("count", float(wrong), 0.0, "profiles", note, grade=grade)
