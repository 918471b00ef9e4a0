"""Which responses a game's dynamics are made of, and which gains count."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Request
from bigopt.games.preferences.exact import median, score
from bigopt.games.preferences.exact.drawn import DrawnLabels
from bigopt.games.preferences.exact.expected import ExpectedLabels
from bigopt.games.preferences.game import Preferences

GAIN = 1e-9  # of a payoff range: a smaller gain moves nobody
LOCAL = 1e-6  # the same where best responses are found by projected gradients
MOVES = 1000  # of a route in closed form


class Rule(Protocol):
    """A receiver and best responses to it."""

    method: str

    def receiver(self, actions: Floats) -> Floats:
        """Return the receiver of a profile, shape (d,)."""
        ...

    def improve(self, player: int, actions: Floats, receiver: Floats) -> tuple[Floats, Floats]:
        """Return a player's best response [d], and the receiver after it [d]."""
        ...


def of(game: Preferences, request: Request) -> Rule:
    """Return the exact rule on drawn labels in one dimension, the local one on expected labels in several."""
    if game.dimension == 1:
        return DrawnLabels(game, request.deadline, halvings(game, request))
    return ExpectedLabels(game, request.deadline, game.drawn)


def halvings(game: Preferences, request: Request) -> int:
    """Return how many midpoints a bisection takes; 0: replies are none, as always in several dimensions."""
    return int(request.options["steps"]) if game.dimension == 1 else 0


def least_gain(game: Preferences, request: Request) -> Floats:
    """Return the gain up to which a player stays, shape (n,): of a bisection, what its last step may miss.

    Where the action set is one point nobody moves, whatever rounding says.
    """
    share, steps = GAIN if game.dimension == 1 else LOCAL, halvings(game, request)
    lower, upper = game.action_set.bounds
    last = float((upper - lower).max()) * 0.5**steps if steps else 0.0
    limits = share * game.loss_ranges + last**2
    return np.where((limits > 0) & (not game.action_set.is_point), limits, np.inf)


def gain(game: Preferences, player: int, before: Floats, after: Floats) -> float:
    """Return how much less a player loses at one receiver than at another."""
    target = game.targets[player]
    return float(((before - target) ** 2).sum() - ((after - target) ** 2).sum())


def route(game: Preferences, coordinate: median.Coordinate) -> list[dict[str, Any]]:
    """Return the best-response moves of the game whose receiver is a sum in a coordinate, d = 1, in closed form.

    Player i answers with the fake point whose share is H(t_i) minus the others' shares, clipped to X.
    """
    (low,), (high,) = (end.tolist() for end in game.action_set.bounds)
    actions = game.targets[:, 0].copy()
    shares = coordinate.shares(actions)
    least, most = (coordinate.shares(np.full(game.players, end)) for end in (low, high))
    values = coordinate.value(game.targets[:, 0])
    receiver = coordinate.invert(float(shares.sum()), low, high)
    entries = [_entry(0, None, actions, receiver)]
    quiet, i = 0, 0
    while quiet < game.players and len(entries) <= MOVES:
        wanted = float(np.clip(values[i] - shares.sum() + shares[i], least[i], most[i]))
        after = coordinate.invert(float(shares.sum() - shares[i] + wanted), low, high)
        if gain(game, i, np.array([receiver]), np.array([after])) > GAIN * game.loss_ranges[i]:
            shares[i], receiver, quiet = wanted, after, 0
            actions = actions.copy()
            actions[i] = coordinate.part(np.array([i])).invert(wanted, low, high)
            entries.append(_entry(len(entries), i, actions, receiver))
        quiet, i = quiet + 1, (i + 1) % game.players
    return entries


def routes(game: Preferences) -> dict[str, list[dict[str, Any]] | None]:
    """Return the moves with infinitely many labels, and those of the affine game; None for many players or d > 1."""
    if game.dimension > 1 or game.players > 100:
        return {"population": None, "affine": None}
    return {"population": route(game, score.of(game)), "affine": route(game, median.Affine(game.weights))}


def _entry(iteration: int, mover: int | None, actions: Floats, receiver: float) -> dict[str, Any]:
    where = {"actions": actions[:, None].copy(), "receiver": np.array([receiver])}
    return {"iteration": iteration, "mover": mover} | where
