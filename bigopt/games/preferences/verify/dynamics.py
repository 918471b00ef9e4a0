"""The certificate of dynamics: one mover at a time, each to a best response, until nobody can improve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, number, numbers
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError, SolverFailed
from bigopt.games.preferences.exact import responses, study
from bigopt.games.preferences.game import Preferences
from bigopt.games.preferences.verify import drawn, local

FEASIBILITY = 1e-9  # of the action set's width
RECEIVER = 1e-8  # of the action set's width: a receiver that is computed again
TRIED = 20  # random deviations of each player, in several dimensions
PLAYERS = 20  # who is tried
MOVED = 0.9  # of the gain that moves somebody: rounding is less than the rest
UNIT = "gain that moves nobody"


def verify(game: Preferences, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Compute every receiver of a trajectory again, what its movers left on the table, and the regrets at its end.

    Parameters
    ----------
    game : Preferences
    point : mapping
        `trajectory`: a list of {iteration, mover, actions [n][d], receiver [d]}.
    """
    rule = responses.of(game, request)
    movers, profiles, told = read(game, point)
    receivers = np.array([rule.receiver(actions) for actions in profiles])
    if not np.isfinite(receivers).all():
        raise InstanceError("trajectory: the labels of a profile are separable, expected profiles with a receiver")
    lower, upper = game.action_set.bounds
    width = 1.0 if game.action_set.is_point else float((upper - lower).max())
    limits, steps = responses.least_gain(game, request), responses.halvings(game, request)
    request.deadline.check("verifying the moves")
    end, receiver = profiles[-1], receivers[-1]
    regrets = np.array([_regret(game, rule, i, end, receiver) for i in range(game.players)])
    fields: dict[str, Any] = {
        "trajectory": [
            {"iteration": k, "mover": mover, "actions": x, "receiver": r}
            for k, (mover, x, r) in enumerate(zip(movers, profiles, receivers, strict=True))
        ],
        "actions": end,
        "receiver": receiver,
        "losses": game.losses(receiver),
        "regret": float(regrets.max()),
        "regrets": regrets,
        "updates": len(movers) - 1,
        "labels": "drawn" if game.dimension == 1 else "expected",
        "local": game.dimension > 1,
    } | responses.routes(game)
    outside = max(float(game.action_set.contains(x).max()) for x in profiles)
    gap = max((float(np.abs(a - b).max()) for a, b in zip(receivers, told, strict=True) if b is not None), default=0.0)
    history, note = _history(game, rule, movers, profiles, receivers, limits, judged=not steps)
    checks = (
        Check("feasibility", outside / width, FEASIBILITY, "width of the action set", grade="proved"),
        Check("receivers", gap / width, RECEIVER, "width of the action set", "each estimate computed again"),
        Check("history", history, 1.0, UNIT, note),
        Check("regret", float((regrets / limits).max()), 1.0, UNIT, _how(game, steps)),
        *_tried(game, rule, end, receiver, request),
        *_again(game, movers, profiles, receivers, limits, steps, request),
    )
    return fields, Certificate(checks, float(regrets.max()), float((limits / game.stakes).max()))


def read(game: Preferences, point: Mapping[str, Any]) -> tuple[list[int | None], list[Floats], list[Floats | None]]:
    """Return movers, profiles and claimed receivers of a trajectory, or raise `InstanceError`."""
    given = point.get("trajectory")
    if not isinstance(given, (list, tuple)) or not given or not all(isinstance(entry, Mapping) for entry in given):
        raise InstanceError("trajectory: expected a list of objects with iteration, mover, actions and receiver")
    movers: list[int | None] = []
    profiles, told = [], []
    for k, entry in enumerate(given):
        mover, path = entry.get("mover"), f"trajectory[{k}]"
        if (mover is None) != (k == 0):
            raise InstanceError(f"{path}.mover: {mover}, expected null at the start and a player later")
        movers.append(None if mover is None else int(number(mover, f"{path}.mover", 0, game.players - 1)))
        shape = [game.players, game.dimension]
        profiles.append(numbers(entry.get("actions"), f"{path}.actions", shape, ["player", "coordinate"]))
        known = entry.get("receiver")
        told.append(None if known is None else numbers(known, f"{path}.receiver", [game.dimension], ["coordinate"]))
    return movers, profiles, told


def _history(
    game: Preferences,
    rule: responses.Rule,
    movers: list[int | None],
    profiles: list[Floats],
    receivers: Floats,
    limits: Floats,
    judged: bool,
) -> tuple[float, str]:
    """Return what movers, and those whom they passed over, could have gained at most, in gains that move nobody.

    It is infinite where the start is not truthful, somebody else than the mover moves, or the mover gains nothing. Few
    bisections promise no best response (a label may fall on either side of the last midpoint): then moves are not
    `judged` here, but followed.
    """
    if np.abs(profiles[0] - game.targets).max() > 0:
        return np.inf, "the start is not truthful"
    worst, turn = 0.0, 0
    for k in range(1, len(profiles)):
        mover = movers[k]
        assert mover is not None
        others = np.delete(profiles[k] - profiles[k - 1], mover, axis=0)
        if np.abs(others).max(initial=0.0) > 0:
            return np.inf, f"somebody else than the mover moves in iteration {k}"
        if responses.gain(game, mover, receivers[k - 1], receivers[k]) <= MOVED * limits[mover]:
            return np.inf, f"the mover of iteration {k} gains nothing"
        left = _regret(game, rule, mover, profiles[k], receivers[k]) if judged else 0.0
        passed = [(turn + j) % game.players for j in range((mover - turn) % game.players)]
        kept = [_regret(game, rule, i, profiles[k - 1], receivers[k - 1]) / limits[i] for i in passed]
        worst, turn = max(worst, left / limits[mover], *kept), (mover + 1) % game.players
    return worst, "what a mover, or one who was passed over, could have gained"


def _again(
    game: Preferences,
    movers: list[int | None],
    profiles: list[Floats],
    receivers: Floats,
    limits: Floats,
    steps: int,
    request: Request,
) -> tuple[Check, ...]:
    """Check receivers, moves and that nobody else would have moved a second time, without an estimate or a search."""
    turns = [-1, *(m for m in movers if m is not None)]  # a player moves after those whom it passed over
    moves = list(enumerate(turns))[1:]
    still = [(len(profiles) - 1, i) for i in range(game.players)]
    for k, mover in moves:
        passed = (mover - turns[k - 1] - 1) % game.players
        still += [(k - 1, (turns[k - 1] + 1 + j) % game.players) for j in range(passed)]
    if game.dimension > 1:
        pairs, deadline = game.drawn, request.deadline
        found = local.receivers(pairs, profiles, receivers, deadline)
        return found, local.replies(game, pairs, profiles, receivers, moves + still, deadline)
    score, (lower, upper) = drawn.Score(game, request.deadline), game.action_set.bounds
    width = score.error(float(receivers[0, 0])) if game.action_set.is_point else float((upper - lower).max())
    near = RECEIVER * width
    first = drawn.receivers_check(score, profiles, receivers, near)
    if steps:
        return first, drawn.bisections_check(score, profiles, receivers, moves, still, limits, steps, near)
    return first, drawn.replies_check(score, profiles, receivers, moves + still, limits)


def _regret(game: Preferences, rule: responses.Rule, player: int, actions: Floats, receiver: Floats) -> float:
    after = rule.improve(player, actions, receiver)[1]
    return max(0.0, responses.gain(game, player, receiver, after))


def _how(game: Preferences, steps: int) -> str:
    if steps:
        return f"by bisections of {steps} midpoints"
    if game.dimension == 1:
        return "by best responses to the drawn labels, exact to the last label"
    return "by local best responses: projected gradients through the estimate"


def _tried(
    game: Preferences, rule: responses.Rule, end: Floats, receiver: Floats, request: Request
) -> tuple[Check, ...]:
    """Try random fake points in several dimensions, where best responses are local."""
    if game.dimension == 1:
        return ()
    rng = np.random.default_rng(game.seed)
    worst = 0.0
    for i in range(min(game.players, PLAYERS)):
        for x in study.spread_points(game.action_set, rng, TRIED):
            request.deadline.check("trying random deviations")
            profile = end.copy()
            profile[i] = x
            try:
                after = rule.receiver(profile)
            except SolverFailed:
                continue
            worst = max(worst, responses.gain(game, i, receiver, after) / game.stakes[i])
    note = f"{TRIED} random fake points of each of {min(game.players, PLAYERS)} players"
    return (Check("random deviations", max(worst, 0.0), 10 * responses.LOCAL, "payoff range", note, "searched", False),)
