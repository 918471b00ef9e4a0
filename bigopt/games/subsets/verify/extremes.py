"""The best and the worst equilibrium and the social optimum, from the whole table or from another player's side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts import Certificate, Check, Request
from bigopt.games.subsets.exact.equilibria import equilibria
from bigopt.games.subsets.exact.optimum import social_optimum
from bigopt.games.subsets.exact.player_sums import Table
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.verify.regrets import Regret, field, regret, regret_checks
from bigopt.games.subsets.verify.whole_table import WholeTable, small


def extremes(game: Subsets, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Return the fields of the three profiles, and their certificate."""
    profiles = {key: game.profile(field(point, key), key) for key in ("best", "worst", "optimum")}
    totals = {key: sum(game.exact.losses(p)) for key, p in profiles.items()}
    worst: dict[int, Regret] = {}
    for key in ("best", "worst"):
        for i in range(game.players):
            found = regret(game, i, profiles[key], request.deadline)
            worst[i] = max(worst.get(i, found), found, key=lambda r: (r.bounded, r.value))
    checks, largest = regret_checks(game, worst)
    least_nash, most_nash, least, grade, note = _again(game, request)
    unit = game.exact.denominator**2
    checks = (
        *checks,
        Check("best", (totals["best"] - least_nash) / unit, 0.0, "total loss", note, grade=grade),
        Check("worst", (most_nash - totals["worst"]) / unit, 0.0, "total loss", note, grade=grade),
        Check("optimum", (totals["optimum"] - least) / unit, 0.0, "total loss", note, grade=grade),
    )
    fields: dict[str, Any] = {}
    for key, profile in profiles.items():
        fields[key] = [list(c) for c in profile]
        fields[f"{key}_total"] = totals[key] / unit
    positive = totals["optimum"] > 0
    fields["price_of_stability"] = totals["best"] / totals["optimum"] if positive else None
    fields["price_of_anarchy"] = totals["worst"] / totals["optimum"] if positive else None
    return fields, Certificate(checks, largest, 0.0)


def _again(game: Subsets, request: Request) -> tuple[int, int, int, str, str]:
    """Return the least and largest total of equilibria and the least of all, with grade and note."""
    if small(game):
        whole = WholeTable(game)
        stable = whole.totals[whole.content]
        return int(stable.min()), int(stable.max()), int(whole.totals.min()), "recomputed", "over the whole table"
    table = Table(game)
    other = table.tree_player(other=True)
    found = [sum(game.exact.losses(table.choices(r))) for r in equilibria(table, other, request.deadline)]
    least = sum(game.exact.losses(social_optimum(table, other, request.deadline)))
    grade = "recomputed" if game.players > 1 else "compared"
    return min(found), max(found), least, grade, f"by sums, from the side of player {other}"
