"""Arguments from Python are checked before anything else is done with them: wrong ones are one-line errors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from bigopt.errors import UsageError

TEXTS = ("concept", "solver", "settings", "bob")
OPTIONAL = ("concept", "bob", "time_limit", "options", "model", "player")


def check(**given: Any) -> None:
    """Refuse arguments of `solve` of the wrong type; None stands for those that may be left out.

    Raises
    ------
    UsageError
        Names the argument, its value, and what was expected.
    """
    for name, value in given.items():
        if not (value is None and name in OPTIONAL):
            _check(name, value)


def _check(name: str, value: Any) -> None:
    """Refuse one argument."""
    if name in TEXTS and not isinstance(value, str):
        raise _wrong(name, value, "a text")
    if name == "model" and not isinstance(value, (str, Path)):
        raise _wrong(name, value, "a model's name or file")
    if name == "time_limit" and not (_real(value) and value > 0):
        raise _wrong("time limit", value, "seconds, more than 0")
    if name == "options" and not (isinstance(value, Mapping) and all(isinstance(key, str) for key in value)):
        raise _wrong(name, value, "a mapping from names to values")
    if name == "player" and not (_whole(value) and value >= 0):
        raise _wrong(name, value, "a player's index, from 0")
    if name == "progress" and not callable(value):
        raise _wrong(name, value, "a function of a message and the share that is done")


def _real(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def _whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _wrong(name: str, value: Any, expected: str) -> UsageError:
    return UsageError(f"{name}: {' '.join(repr(value).split())[:40]}, expected {expected}")
