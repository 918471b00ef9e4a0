"""What a lie about the own ideal point brings, where the receiver plays the equilibrium for everybody."""

from __future__ import annotations

from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Request
from bigopt.games.preferences.exact import median, responses, study
from bigopt.games.preferences.exact.expected import ExpectedLabels
from bigopt.games.preferences.exact.score import Score
from bigopt.games.preferences.game import Preferences

THINNED = 2000  # comparisons of the equilibria that a search plays, several dimensions
SWEEPS = 30  # of best responses
AUDITED = 200  # players whose misreports are all searched, one dimension


def reachable(game: Preferences, coordinate: Score, player: int) -> tuple[float, float]:
    """Return the lowest and the highest receiver that a player's report can bring, d = 1: it reports the ends of X."""
    (low,), (high,) = (end.tolist() for end in game.action_set.bounds)
    found = []
    for end in (low, high):
        targets = game.targets[:, 0].copy()
        targets[player] = end
        found.append(median.equilibrium(targets, coordinate, low, high).receiver)
    return found[0], found[1]


def search(game: Preferences, request: Request) -> dict[str, Any]:
    """Play the reported game by local dynamics, and try random misreports of the first players, d > 1."""
    actions, receiver = settle(game, game.targets, request)
    rng = np.random.default_rng(int(request.options["seed"]))
    best = game.targets.copy()
    wanted = min(game.players, int(request.options["players"]))
    for i in range(wanted):
        least = game.losses(receiver)[i]
        for report in study.spread_points(game.action_set, rng, int(request.options["reports"])):
            request.deadline.check("searching misreports")
            loss = float(((lied(game, i, report, request) - game.targets[i]) ** 2).sum())
            if loss < least:
                best[i], least = report, loss
        request.progress(f"misreports of player {i}", (i + 1) / wanted)
    return {"actions": actions, "misreports": best}


def lied(game: Preferences, player: int, report: Floats, request: Request) -> Floats:
    """Return the receiver [d] where one player reports something else than its target."""
    targets = game.targets.copy()
    targets[player] = report
    return settle(game, targets, request)[1]


def settle(game: Preferences, targets: Floats, request: Request) -> tuple[Floats, Floats]:
    """Return the profile and the receiver at which local dynamics of the reported game end, or are broken off."""
    told = game.with_targets(targets)
    rule = ExpectedLabels(told, request.deadline, game.drawn.thinned(THINNED))
    actions, limits = targets.copy(), responses.LOCAL * game.loss_ranges
    receiver = rule.receiver(actions)
    for _ in range(SWEEPS):
        moved = False
        for i in range(game.players):
            action, after = rule.improve(i, actions, receiver)
            if responses.gain(told, i, receiver, after) > limits[i]:
                actions[i], receiver, moved = action, after, True
        if not moved:
            break
    return actions, receiver
