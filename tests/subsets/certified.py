"""What certificates of subset games say of a point, with brute force to judge it by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts.fields import fields_of
from bigopt.concepts.solution import Certificate
from bigopt.errors import InstanceError
from bigopt.games.subsets import KIND
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.response import ABSOLUTE_GAP

CONCEPTS = {concept.name: concept for concept in KIND.concepts}
RANGE, ALL = "payoff range", "total loss"
LIMITS = {"player's stake": ABSOLUTE_GAP}
SAID: dict[str, set[tuple[str, str]]] = {  # a check's unit and grade
    "feasibility": {("items too many, too few or repeated", "proved"), ("probability", "proved")},
    "regret": {(RANGE, "recomputed"), (RANGE, "proved")},
    "regret bound": {("player's stake", "proved")},
    "potential": {
        (RANGE, "recomputed"),
        (RANGE, "skipped"),
        (RANGE, "proved"),
        ("failed regrets", "proved"),
        ("", "skipped"),
    },
    "distinct": {("copies", "proved")},
    "count": {("profiles", "recomputed"), ("profiles", "compared"), ("profiles", "skipped")},
    **dict.fromkeys(("best", "worst", "optimum"), {(ALL, "recomputed"), (ALL, "compared")}),
    "trajectory": {("ends that are not the start or the answer", "proved"), ("", "skipped")},
    "moves": {("moves that are no best response in turn", "recomputed")},
    "history": {("records that are not the profile's", "recomputed")},
    "pure": {("equilibria", "recomputed"), ("", "skipped")},
    "complete": {("", "skipped")},
}


def certified(
    game: Subsets, concept: str, point: Mapping[str, Any], arguments: Mapping[str, Any] | None = None, **options: Any
) -> tuple[dict[str, Any], Certificate]:
    """Return what the verifier says of a point."""
    row = CONCEPTS[concept]
    fields, certificate = row.verify(game, point, row.request("elsewhere", options=options, arguments=arguments or {}))
    assert row.result is not None
    named = fields_of(row.result)
    assert set(fields) <= {field.name for field in named}
    if concept != "dynamics" or "trajectory" in point:
        assert {field.name for field in named if field.always} <= set(fields)
    for check in certificate.checks:
        assert (check.unit, check.grade) in SAID[check.name], check
        assert check.limit == LIMITS.get(check.unit, 0.0)
        assert check.claimed == (check.name not in ("pure", "complete") or check.grade != "skipped")
    assert certificate.tolerance == 0.0
    return fields, certificate


def accepted(game: Subsets, concept: str, point: Mapping[str, Any], **more: Any) -> bool:
    """Say whether a point is certified, and not refused as it cannot be read."""
    try:
        return certified(game, concept, point, **more)[1].verified
    except InstanceError:
        return False


def listed(profile: Profile) -> list[list[int]]:
    return [list(choice) for choice in profile]


def gain(game: Subsets, loss: dict[Profile, list[int]], p: Profile, i: int) -> int:
    """Return what a player gains at most by another choice, in units of 1/denominator^2."""
    return loss[p][i] - min(other[i] for q, other in loss.items() if q[:i] + q[i + 1 :] == p[:i] + p[i + 1 :])
