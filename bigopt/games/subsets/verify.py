"""Certificates from the game and the point alone: every regret by an exact best response, other proofs re-run."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import whole
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError, LimitReached, UsageError
from bigopt.games.subsets import all_nash, nash
from bigopt.games.subsets.exact.player_sums import Table
from bigopt.games.subsets.extremes import social_optimum
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.graph import actions
from bigopt.games.subsets.response import payoff_range, respond

REGRET = 1e-7  # of the player's payoff range
POTENTIAL_GAP = 2e-9  # of the largest payoff range
BRUTE = 50_000  # profiles whose whole table is looked at
OTHER_SPLIT = 1  # the seed of the blocks by which the verifier meets in the middle

Fields = tuple[dict[str, Any], Certificate]


def best_response(game: Subsets, point: Mapping[str, Any], request: Request) -> Fields:
    """Verify one player's best response: it is legal, and no other choice is nearer."""
    player = player_of(game, request, point)
    choices = others_of(game, request, point)
    action, wrong = _choice(game, player, _get(point, "action"), "action")
    trial = (*choices[:player], action, *choices[player + 1 :])
    loss = float(game.losses(trial)[player])
    fields = {"action": list(action), "loss": loss, "player": player, "choices": [list(c) for c in trial]}
    regret, note = _regret(game, player, trial, request.deadline, legal=not wrong)
    scaled = regret / payoff_range(game, player)
    checks = (_feasibility(wrong), Check("regret", scaled, REGRET, "payoff range", note))
    return fields, Certificate(checks, regret, REGRET)


def equilibrium(game: Subsets, point: Mapping[str, Any], request: Request) -> Fields:
    """Verify a pure equilibrium: legal choices, and nobody has a better one."""
    fields, checks, regret = _equilibrium(game, point, request)
    return fields, Certificate(checks, regret, REGRET)


def potential_minimizer(game: Subsets, point: Mapping[str, Any], request: Request) -> Fields:
    """Verify an equilibrium, and that no profile has a lower potential (by a search over another player)."""
    fields, checks, regret = _equilibrium(game, point, request)
    minimum = (
        _minimum(game, fields, request) if checks[0].passed else Check("potential", 0.0, POTENTIAL_GAP, note="skipped")
    )
    return fields, Certificate((*checks, minimum), regret, REGRET)


def path(game: Subsets, point: Mapping[str, Any], request: Request) -> Fields:
    """Verify where the dynamics ended, and that the potential fell along the way."""
    fields, checks, regret = _equilibrium(game, point, request)
    trajectory = point.get("trajectory", [])
    if not isinstance(trajectory, list) or not all(isinstance(step, dict) and "choices" in step for step in trajectory):
        raise InstanceError("trajectory: expected a list of objects with choices")
    rises = 0.0
    profiles = [game.profile(step["choices"], f"trajectory[{t}].choices") for t, step in enumerate(trajectory)]
    potentials = [game.exact.potential(p) for p in profiles]
    for before, after in zip(potentials[:-1], potentials[1:], strict=True):
        rises += after >= before
    if profiles and profiles[-1] != tuple(tuple(c) for c in fields["choices"]):
        rises += 1
    fields |= {"trajectory": trajectory, "updates": max(0, len(trajectory) - 1)}
    note = "" if trajectory else "no trajectory was given"
    falls = Check("trajectory", float(rises), 0.0, "moves that do not lower the potential", note)
    return fields, Certificate((*checks, falls), regret, REGRET)


def every_equilibrium(game: Subsets, point: Mapping[str, Any], request: Request) -> Fields:
    """Verify a list of equilibria: each is one, none twice, and a second enumeration finds as many."""
    listed = _get(point, "profiles")
    if not isinstance(listed, (list, tuple)):
        raise InstanceError("profiles: expected a list of profiles")
    profiles = [game.profile(p, f"profiles[{r}]") for r, p in enumerate(listed)]
    count = int(_get(point, "count")) if isinstance(_get(point, "count"), (int, float)) else -1
    complete = bool(point.get("complete", True))
    worst, cache = 0.0, {}
    for profile in profiles:
        request.deadline.check("verifying the equilibria")
        for i in range(game.players):
            key = (i, tuple(game.exact.receiver(profile)), profile[i])
            if key not in cache:
                cache[key] = _regret(game, i, profile, request.deadline)[0] / payoff_range(game, i)
            worst = max(worst, cache[key])
    copies = len(profiles) - len(set(profiles))
    checks = [
        Check("regret", worst, REGRET, "payoff range", "" if profiles else "no profile is listed"),
        Check("distinct", float(copies), 0.0, "copies"),
        _count_check(game, count, len(profiles), complete, request.deadline),
    ]
    fields = {"count": count, "complete": complete, "profiles": [[list(c) for c in p] for p in profiles]}
    return fields, Certificate(tuple(checks), worst * max(payoff_range(game, i) for i in range(game.players)), REGRET)


def extremes(game: Subsets, point: Mapping[str, Any], request: Request) -> Fields:
    """Verify the best and worst equilibria, and the social optimum, by a second enumeration over another player."""
    profiles = {key: game.profile(_get(point, key), key) for key in ("best", "worst", "optimum")}
    totals = {key: sum(game.exact.losses(p)) for key, p in profiles.items()}
    regret, scaled = 0.0, 0.0
    for key in ("best", "worst"):
        for i in range(game.players):
            value, _ = _regret(game, i, profiles[key], request.deadline)
            regret, scaled = max(regret, value), max(scaled, value / payoff_range(game, i))
    table = Table(game)
    other = table.tree_player(other=True)
    found = [sum(game.exact.losses(table.choices(r))) for r in all_nash.equilibria(table, other, request.deadline)]
    least = sum(game.exact.losses(social_optimum(table, other, request.deadline)))
    unit = game.exact.denominator**2
    checks = (
        Check("regret", scaled, REGRET, "payoff range"),
        Check("best", (totals["best"] - min(found)) / unit, 0.0, "total loss"),
        Check("worst", (max(found) - totals["worst"]) / unit, 0.0, "total loss"),
        Check("optimum", (totals["optimum"] - least) / unit, 0.0, "total loss"),
    )
    fields: dict[str, Any] = {}
    for key, profile in profiles.items():
        fields[key] = [list(c) for c in profile]
        fields[f"{key}_total"] = totals[key] / unit
    positive = totals["optimum"] > 0
    fields["price_of_stability"] = totals["best"] / totals["optimum"] if positive else None
    fields["price_of_anarchy"] = totals["worst"] / totals["optimum"] if positive else None
    return fields, Certificate(checks, regret, REGRET)


def player_of(game: Subsets, request: Request, point: Mapping[str, Any] | None = None) -> int:
    """Return the player that was asked for, or that the point names."""
    player = request.player if request.player is not None else (point or {}).get("player")
    if isinstance(player, bool) or not isinstance(player, (int, np.integer)) or not 0 <= player < game.players:
        raise InstanceError(f"player: {str(player)[:40]}, expected a whole number from 0 to {game.players - 1}")
    return int(player)


def others_of(game: Subsets, request: Request, point: Mapping[str, Any] | None = None) -> Profile:
    """Return the profile that was given, or the point's own."""
    if request.profile is not None:
        return game.profile(_unwrap(request.profile), "profile")
    return game.profile((point or {}).get("choices"), "choices")


def _unwrap(profile: Any) -> Any:
    """Take the choices out of a solution file."""
    if isinstance(profile, Mapping) and isinstance(profile.get("solution"), Mapping):
        profile = profile["solution"]
    return profile


def _equilibrium(
    game: Subsets, point: Mapping[str, Any], request: Request
) -> tuple[dict[str, Any], tuple[Check, ...], float]:
    given = _get(point, "choices")
    if not isinstance(given, (list, tuple, np.ndarray)) or len(given) != game.players:
        raise InstanceError(f"choices: expected {game.players} lists (one a player)")
    read = [_choice(game, i, choice, f"choices[{i}]") for i, choice in enumerate(given)]
    choices = tuple(choice for choice, _ in read)
    wrong = sum(bad for _, bad in read)
    fields = {
        "choices": [list(c) for c in choices],
        "receiver": game.receiver(choices),
        "losses": game.losses(choices),
        "potential": game.potential(choices),
    }
    regret, scaled, note = 0.0, 0.0, ""
    for i in range(game.players):
        value, said = _regret(game, i, choices, request.deadline, legal=not read[i][1])
        regret, scaled, note = max(regret, value), max(scaled, value / payoff_range(game, i)), note or said
    return fields, (_feasibility(wrong), Check("regret", scaled, REGRET, "payoff range", note)), regret


def _regret(game: Subsets, player: int, choices: Profile, deadline: Deadline, legal: bool = True) -> tuple[float, str]:
    """Return what `player` could gain at most, and a note where that is only a bound."""
    deadline.check("verifying a best response")
    own = game.exact.losses(choices)[player]
    found = respond(
        game, player, choices, deadline=deadline, incumbent=choices[player] if legal else None, seed=OTHER_SPLIT
    )
    unit = game.exact.denominator**2
    if found.proved:
        note = f"within {found.gap:.1e} of the player's loss ({found.method})" if found.gap else ""
        return max(0, own - found.squared) / unit, note
    if deadline.expired:
        raise LimitReached("time limit reached while verifying a best response: raise --time-limit")
    return max(0.0, own / unit - found.bound), f"player {player}: not proved, this is own loss minus a lower bound"


def _choice(game: Subsets, player: int, value: Any, where: str) -> tuple[tuple[int, ...], int]:
    """Return the items that are named, and how many of them break the rules (number and repeats)."""
    chosen = whole(value, where, (None,), ("item that the player shows",))
    if chosen.max() >= len(game.items):
        raise InstanceError(f"{where}: item {chosen.max()}, expected at most {len(game.items) - 1}")
    wrong = abs(len(chosen) - int(game.sizes[player]))
    if not game.repeats:
        wrong += len(chosen) - len(set(chosen.tolist()))
    return tuple(sorted(chosen.tolist())), wrong


def _feasibility(wrong: int) -> Check:
    return Check("feasibility", float(wrong), 0.0, "items too many, too few or repeated")


def _minimum(game: Subsets, fields: Mapping[str, Any], request: Request) -> Check:
    """Compare the potential with the minimum that the verifier itself proves, or with its own lower bound."""
    choices = tuple(tuple(c) for c in fields["choices"])
    scale = max(payoff_range(game, i) for i in range(game.players))
    own = game.exact.potential(choices)
    try:
        least = game.exact.potential(nash.minimize(game, choices, request.deadline, other=True))
    except (LimitReached, UsageError):
        if request.deadline.expired:
            raise
        gap = max(0.0, (fields["potential"] - nash.dual_bound(game)) / scale)
        note = "an equilibrium; that its potential is the least is not proved: this is the gap to the dual bound"
        return Check("potential", gap, float("inf") if gap > POTENTIAL_GAP else POTENTIAL_GAP, "payoff range", note)
    return Check("potential", (own - least) / game.exact.denominator**2 / scale, POTENTIAL_GAP, "payoff range")


def _count_check(game: Subsets, count: int, listed: int, complete: bool, deadline: Deadline) -> Check:
    """Count again: over the whole table where it is small, else by sums from another player's side."""
    if not complete:
        return Check("count", float(max(0, listed - count)), 0.0, "profiles", "the count is a lower bound")
    if game.profiles <= BRUTE:
        again = _brute_count(game)
    else:
        table = Table(game)
        rows = all_nash.equilibria(table, table.tree_player(other=True), deadline)
        again = sum(table.multiplicity(row) for row in rows)
    return Check("count", float(abs(again - count) + max(0, listed - count)), 0.0, "profiles")


def _brute_count(game: Subsets) -> int:
    """Count the profiles from which nobody gains, in integers over the whole table."""
    own = actions(game)
    shape = tuple(len(a) for a in own)
    losses = np.empty((game.players, *shape), dtype=object)
    for index, profile in zip(np.ndindex(*shape), product(*own), strict=True):
        for i, loss in enumerate(game.exact.losses(profile)):
            losses[(i, *index)] = loss
    content = np.ones(shape, dtype=bool)
    for i in range(game.players):
        content &= (losses[i] == losses[i].min(axis=i, keepdims=True)).astype(bool)
    return int(content.sum())


def _get(point: Mapping[str, Any], key: str) -> Any:
    if key not in point:
        raise InstanceError(f"{key}: missing, expected one of this concept's solution fields")
    return point[key]
