"""What is asked of one player: which one, and what the others show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.concepts import Request
from bigopt.errors import InstanceError
from bigopt.games.subsets.game import Profile, Subsets


def player_of(game: Subsets, request: Request, point: Mapping[str, Any] | None = None) -> int:
    """Return the player that was asked for, or that the point names."""
    player = request.arguments.get("player")
    player = (point or {}).get("player") if player is None else player
    if isinstance(player, bool) or not isinstance(player, (int, np.integer)) or not 0 <= player < game.players:
        raise InstanceError(f"player: {str(player)[:40]}, expected a whole number from 0 to {game.players - 1}")
    return int(player)


def others_of(game: Subsets, request: Request, point: Mapping[str, Any] | None = None) -> Profile:
    """Return the profile that was given, or the point's own."""
    given = request.arguments.get("profile")
    if given is not None:
        return game.profile(unwrapped(given), "profile")
    return game.profile((point or {}).get("choices"), "choices")


def unwrapped(profile: Any) -> Any:
    """Take the choices out of a solution file."""
    if isinstance(profile, Mapping) and isinstance(profile.get("solution"), Mapping):
        profile = profile["solution"]
    return profile
