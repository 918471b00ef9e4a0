"""Arguments that concepts of several kinds take: a player, a profile, a Bob."""

from __future__ import annotations

from typing import Any

import numpy as np

from bigopt.concepts.concept import Argument


def is_index(value: Any) -> bool:
    """Say whether a value is a whole number >= 0."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool) and bool(value >= 0)


def is_text(value: Any) -> bool:
    """Say whether a value is a text."""
    return isinstance(value, str)


PLAYER = Argument("player", "--player", "I", "The player, from 0.", is_index, "a player's index, from 0", int)
PROFILE = Argument("profile", "--profile", "FILE", "JSON file with what the others play.", file=True)
BOB = Argument("bob", "--bob", "NAME", "The Bob in question, by name.", is_text, "a text")
