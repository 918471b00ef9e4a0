"""What each player could still gain: best responses by other algorithms than the answers'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ulp
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import whole
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import Check
from bigopt.errors import InstanceError, LimitReached
from bigopt.games.subsets.exact.bounding import complement
from bigopt.games.subsets.exact.task import Task, response_task
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.response import ABSOLUTE_GAP, payoff_range, respond, stake
from bigopt.games.subsets.verify import nearest

OTHER_SPLIT = 1  # the seed of the blocks by which the verifier meets in the middle, where nothing else is in reach


@dataclass(frozen=True)
class Regret:
    """One player's regret in its own loss: exact, or (with `bounded`) at most this."""

    value: float
    bounded: bool = False
    how: str = ""


def regret(game: Subsets, player: int, choices: Profile, deadline: Deadline) -> Regret:
    """Return what `player` could gain at most, where all keep the rules, by the first of these that decides it.

    A loss of 0 or a weight of 0 leaves nothing to gain. Else the choices are cut in the items' order (`nearest`); where
    these are too many, the solver's own search runs with other blocks, or bounds the loss from below.
    """
    deadline.check("verifying a best response")
    unit = game.exact.denominator**2
    own = game.exact.losses(choices)[player]
    if own == 0:
        return Regret(0.0, how="no loss is below 0")
    if not game.weights[player]:
        return Regret(0.0, how="a weight of 0 moves nobody")
    task = response_task(game, player, choices)
    least = _by_cuts(task, deadline)
    if least is not None:
        return Regret(max(0, own - least) / unit, how="choices cut in the order of their items")
    found = respond(game, player, choices, deadline=deadline, incumbent=choices[player], seed=OTHER_SPLIT)
    if found.proved and not found.gap:
        return Regret(max(0, own - found.squared) / unit, how=f"{found.method}, other blocks")
    if deadline.expired:
        raise LimitReached("time limit reached while verifying a best response: raise --time-limit")
    return Regret(max(0.0, own / unit - found.bound), True, f"player {player}: own loss minus a lower bound")


def part(amount: float | Fraction, whole: float = 1.0) -> float:
    """Return a part of a whole, which is 0 only where the amount is: what must be 0 is not 0 by underflow."""
    return max(float(amount) / whole, ulp(0.0)) if amount > 0 else 0.0


def content(game: Subsets, player: int, found: Regret) -> bool:
    """Say whether a regret is none: exactly, or up to the part of the stake that a bound may leave."""
    return found.value <= (ABSOLUTE_GAP * stake(game, player) if found.bounded else 0.0)


def _by_cuts(task: Task, deadline: Deadline) -> int | None:
    """Return the least squared distance by `nearest`, of the items shown or of those left out; None where too long."""
    few = complement(task) if not task.repeats and 2 * task.size > len(task.exact) else task
    if few.size == 0:
        return few.squared(())
    return nearest.least_squared(few, deadline) if nearest.affordable(few) else None


def regret_checks(game: Subsets, found: Mapping[int, Regret]) -> tuple[tuple[Check, ...], float]:
    """Return the checks of some players' regrets, and the largest regret; none where the rules are broken.

    An exact regret must be 0: the game is finite, and there is no tolerance to grant. Where a choice is too large to
    enumerate, the loss may exceed its lower bound by a part of the player's stake.
    """
    exact = {i: r for i, r in found.items() if not r.bounded}
    loose = {i: r for i, r in found.items() if r.bounded}
    largest = max((r.value for r in found.values()), default=0.0)
    scaled = max((part(r.value, payoff_range(game, i)) for i, r in exact.items()), default=0.0)
    how = "; ".join(dict.fromkeys(r.how for r in exact.values()))
    checks = [Check("regret", scaled, 0.0, "payoff range", how)]
    if loose:
        worst = max(r.value / stake(game, i) for i, r in loose.items())
        note = "; ".join(dict.fromkeys(r.how for r in loose.values()))
        checks.append(Check("regret bound", worst, ABSOLUTE_GAP, "player's stake", note, grade="proved"))
    return tuple(checks), largest


def read_choice(game: Subsets, value: Any, where: str, size: int) -> tuple[tuple[int, ...], int]:
    """Return the items that are named, and how many of them break the rules (number and repeats)."""
    chosen = whole(value, where, (None,), ("item that the player shows",))
    if chosen.max() >= len(game.items):
        raise InstanceError(f"{where}: item {chosen.max()}, expected at most {len(game.items) - 1}")
    wrong = abs(len(chosen) - size)
    if not game.repeats:
        wrong += len(chosen) - len(set(chosen.tolist()))
    return tuple(sorted(chosen.tolist())), wrong


def read_choices(game: Subsets, point: Mapping[str, Any]) -> tuple[Profile, list[int]]:
    """Return the profile of a point, and by how many items each player breaks the rules."""
    given = field(point, "choices")
    if not isinstance(given, (list, tuple, np.ndarray)) or len(given) != game.players:
        raise InstanceError(f"choices: expected {game.players} lists (one a player)")
    read = [read_choice(game, c, f"choices[{i}]", int(game.sizes[i])) for i, c in enumerate(given)]
    return tuple(choice for choice, _ in read), [wrong for _, wrong in read]


def feasibility(wrong: int) -> Check:
    """Return the check that everybody shows as many items as the game says."""
    return Check("feasibility", float(wrong), 0.0, "items too many, too few or repeated", grade="proved")


def equilibrium(
    game: Subsets, point: Mapping[str, Any], deadline: Deadline
) -> tuple[dict[str, Any], tuple[Check, ...], float]:
    """Return the fields of a profile, its checks (legal choices, nobody gains), and the largest regret."""
    choices, wrong = read_choices(game, point)
    fields = {
        "choices": [list(c) for c in choices],
        "receiver": game.receiver(choices),
        "losses": game.losses(choices),
        "potential": game.potential(choices),
    }
    found = {} if any(wrong) else {i: regret(game, i, choices, deadline) for i in range(game.players)}
    checks, largest = regret_checks(game, found)
    return fields, (feasibility(sum(wrong)), *checks), largest


def field(point: Mapping[str, Any], key: str) -> Any:
    """Return a field of a point, or raise `InstanceError`."""
    if key not in point:
        raise InstanceError(f"{key}: missing, expected one of this concept's solution fields")
    return point[key]
