r"""Exact best responses to a profile.

With z_i the receiver without player i, the squared loss :math:`\|w_i x_i + z_i - t_i\|^2` is least at the projection
of :math:`(t_i - z_i) / w_i = x_i + (t_i - \hat x) / w_i` on X; the inner-product loss at any maximizer of
:math:`w_i t_i^\top x_i` (eq. (17)), whatever the others do. With w_i = 0 every action is a best response, and the
player stays where it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import LARGEST, Floats, numbers
from bigopt.concepts import Request
from bigopt.errors import InstanceError, UsageError
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.tolerances import FEASIBLE, MOVE

FARTHEST = 1e13  # of the action set's size: points farther away project to the same place, up to rounding


def best_responses(
    game: Influencers, actions: Floats, players: slice | list[int] = slice(None), receiver: Floats | None = None
) -> Floats:
    """Return the best response of each of `players` to the others' actions, shape (len(players), d).

    `receiver` saves summing over all players, where it is known.
    """
    weights, targets, own = game.weights[players], game.targets[players], actions[players]
    if game.loss == "inner-product":
        best = game.action_set.argmax(np.sign(weights)[:, None] * targets)
    else:
        pull = targets - (game.receiver(actions) if receiver is None else receiver)
        reach = max(FARTHEST * (set_size(game) + float(np.abs(own).max())), 1.0 / LARGEST)  # 0 at one point
        longest = np.abs(pull).max(axis=1)
        # Where the division would leave the floats' range, a shorter arrow in the same direction does.
        size = np.maximum(np.abs(weights), np.maximum(longest / reach, np.finfo(float).tiny))
        best = game.action_set.project(own + np.sign(weights)[:, None] * pull / size[:, None])
    return np.where((weights == 0)[:, None], own, best)


def gains(game: Influencers, actions: Floats, responses: Floats, players: slice | list[int] = slice(None)) -> Floats:
    """Return how much less each of `players` loses by playing its row of `responses` instead, shape (n,).

    With the step m = w_i (y - x_i) the difference of the squared losses is (2 (t_i - x̂) - m).m, without cancellation.
    """
    if responses.shape != actions[players].shape:
        raise InstanceError(f"responses: shape {list(responses.shape)}, expected {list(actions[players].shape)}")
    step = game.weights[players][:, None] * (responses - actions[players])
    targets = game.targets[players]
    if game.loss == "inner-product":
        return np.asarray(np.einsum("nd,nd->n", targets, step))
    return np.asarray(np.einsum("nd,nd->n", 2.0 * (targets - game.receiver(actions)) - step, step))


def regrets(game: Influencers, actions: Floats) -> Floats:
    """Return how much each player could still lower its loss, by its exact best response, shape (n,)."""
    return np.maximum(gains(game, actions, best_responses(game, actions)), 0.0)


def set_size(game: Influencers) -> float:
    """Return the longest side of the box around X: the unit of lengths."""
    lower, upper = game.action_set.bounds
    return float((upper - lower).max())


def rounding(game: Influencers) -> float:
    """Return the length below which a difference of actions is rounding."""
    return MOVE * (set_size(game) + float(np.abs(game.action_set.bounds).max()))


def read_profile(game: Influencers, profile: Any, path: str = "profile") -> Floats:
    """Read every player's action from a profile.

    Parameters
    ----------
    profile : nested list [n][d], {"actions": [n][d]}, or a solution with such a field
    path : str
        What to call it in messages.

    Raises
    ------
    InstanceError
        For a wrong shape, or an action outside the action set by more than FEASIBLE of its size.
    """
    data, where = profile, path
    if isinstance(data, Mapping) and isinstance(data.get("solution"), Mapping):
        data, where = data["solution"], f"{where}.solution"
    if isinstance(data, Mapping):
        if "actions" not in data:
            raise InstanceError(f"{where}.actions: missing, expected {game.players} lists of {game.dimension} numbers")
        data, where = data["actions"], f"{where}.actions"
    actions = numbers(data, where, [game.players, game.dimension], ["player", "coordinate"])
    outside = game.action_set.contains(actions)
    worst = int(outside.argmax())
    if outside[worst] > FEASIBLE * max(set_size(game), float(np.abs(actions).max())):
        kind = game.action_set.type
        raise InstanceError(f"{where}[{worst}]: {outside[worst]:g} outside the {kind}, expected a feasible action")
    return game.action_set.project(actions) if outside[worst] > 0 else actions


def asked(game: Influencers, request: Request, point: Mapping[str, Any] | None = None) -> tuple[Floats, int]:
    """Return the profile and the player, validated: of the request, else those that a solution names."""
    player, profile = request.player, request.profile
    if point is not None and player is None:
        player = point.get("player")
    if point is not None and profile is None:
        profile = point.get("profile")
    whole = isinstance(player, (int, np.integer)) and not isinstance(player, bool)
    if player is None or not whole or not 0 <= player < game.players:
        error = InstanceError if request.player is None else UsageError
        raise error(f"player: {str(player)[:40]!r}, expected a player, one of 0 to {game.players - 1}")
    return read_profile(game, profile), int(player)


def least_move(game: Influencers, tolerance: float) -> float:
    """Return the length up to which a move is none: a share of the set's size, and never less than rounding.

    Where the set is one point up to rounding, nobody can move.
    """
    size, noise = set_size(game), rounding(game)
    return max(tolerance * size, noise) if size > noise else size + float(np.abs(game.action_set.bounds).max())


def pulls_of_dominance(game: Influencers) -> Floats:
    """Return sign(w_i) t_i, the directions in which the players pull under inner-product loss, shape (n, d)."""
    return np.asarray(np.sign(game.weights)[:, None] * game.targets)
