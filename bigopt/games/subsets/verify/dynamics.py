"""Best-response dynamics: the path is replayed, from its start, turn by turn, to an equilibrium."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from bigopt.concepts import Certificate, Check, Request
from bigopt.errors import InstanceError
from bigopt.games.subsets.exact.path import snapshot, start_of
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.verify.regrets import content, equilibrium, regret

GIVEN = "profile"  # what option start is said to have been, where a profile was given
SAME = 1e-12  # relative: a recorded receiver or potential beside the one computed here


def path(game: Subsets, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Return where the dynamics ended with its path, and the certificate of both."""
    fields, checks, largest = equilibrium(game, point, request.deadline)
    steps = point.get("trajectory")
    if steps is None:
        missing = Check("trajectory", 0.0, 0.0, note="no trajectory was given", grade="skipped")
        return fields, Certificate((*checks, missing), largest, 0.0)
    if not isinstance(steps, (list, tuple)) or not steps or not all(isinstance(s, Mapping) for s in steps):
        raise InstanceError("trajectory: expected a list of objects with iteration, mover and choices")
    profiles = [game.profile(step.get("choices"), f"trajectory[{t}].choices") for t, step in enumerate(steps)]
    movers = [_mover(game, step.get("mover"), t) for t, step in enumerate(steps)]
    ends = int(tuple(tuple(c) for c in fields["choices"]) != profiles[-1])
    if request.profile is not None or request.options.get("start") != GIVEN:
        ends += profiles[0] != start_of(game, request)
    rows = [snapshot(game, t, mover, p) for t, (mover, p) in enumerate(zip(movers, profiles, strict=True))]
    checks = (
        *checks,
        Check("trajectory", float(ends), 0.0, "ends that are not the start or the answer", grade="proved"),
        Check(
            "moves", float(_bad_moves(game, profiles, movers, request)), 0.0, "moves that are no best response in turn"
        ),
        Check("history", float(_bad_records(rows, steps)), 0.0, "records that are not the profile's"),
    )
    return fields | {"trajectory": rows, "updates": len(rows) - 1}, Certificate(checks, largest, 0.0)


def _mover(game: Subsets, value: Any, step: int) -> int | None:
    """Return who moved at a step: nobody at the first."""
    if step == 0 and value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not 0 <= value < game.players:
        expected = "null at the start" if step == 0 else f"a player from 0 to {game.players - 1}"
        raise InstanceError(f"trajectory[{step}].mover: {str(value)[:40]}, expected {expected}")
    return int(value)


def _bad_moves(game: Subsets, profiles: list[Profile], movers: list[int | None], request: Request) -> int:
    """Count the moves that do not gain, are no best response, move others as well, or jump over a player who gains."""
    wrong, turn = int(movers[0] is not None), 0
    for (before, after), mover in zip(pairwise(profiles), movers[1:], strict=True):
        assert mover is not None  # _mover saw to it
        others = any(before[i] != after[i] for i in range(game.players) if i != mover)
        gains = game.exact.losses(after)[mover] < game.exact.losses(before)[mover]
        best = not others and content(game, mover, regret(game, mover, after, request.deadline))
        skipped = [(turn + k) % game.players for k in range((mover - turn) % game.players)]
        quiet = all(content(game, i, regret(game, i, before, request.deadline)) for i in skipped)
        wrong += not (gains and best and quiet)
        turn = (mover + 1) % game.players
    return wrong


def _bad_records(rows: list[dict[str, Any]], steps: Any) -> int:
    """Count the steps whose iteration, receiver or potential is not what the profile gives."""
    kept = ("iteration", "receiver", "potential")
    both = zip(rows, steps, strict=True)
    return sum(not all(_same(row[key], step.get(key, row[key])) for key in kept) for row, step in both)


def _same(found: Any, given: Any) -> bool:
    """Say whether recorded numbers are those found here, up to the last places."""
    try:
        a, b = np.atleast_1d(found), np.atleast_1d(np.asarray(given, dtype=float))
    except (TypeError, ValueError):
        return False
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=SAME, atol=0.0))
