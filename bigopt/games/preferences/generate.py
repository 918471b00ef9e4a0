"""A seeded family of labelling games."""

from __future__ import annotations

import numpy as np

from bigopt.action_sets import Ball, Box
from bigopt.errors import UsageError
from bigopt.games.preferences.game import LARGEST, Preferences

SETS = ("box", "ball")


def preferences(
    *,
    players: int = 2,
    dimension: int = 1,
    samples: int = 1000,
    law: str = "uniform",
    spread: float = 10.0,
    action_set: str = "box",
    seed: int = 0,
) -> Preferences:
    """Return labellers with ideal points uniform in [-1, 1]^d (or the unit ball) and equally many pairs each.

    Parameters
    ----------
    players, dimension, samples : int
        n, d, and the pairs that each player labels.
    law : {"uniform", "normal"}
        Of the responses: uniform on [-spread, spread]^d, or normal with standard deviation `spread`.
    spread : float
    action_set : {"box", "ball"}
    seed : int
        The same seed gives the same game, pairs and labels included.
    """
    if min(players, dimension, samples) < 1 or players * samples * dimension > LARGEST:
        raise UsageError(
            f"{players} x {samples} comparisons in {dimension} dimensions: expected at least 1 of each and at most "
            f"{LARGEST} numbers in all"
        )
    if seed < 0:
        raise UsageError(f"seed {seed}: expected a whole number of at least 0")
    if law not in ("uniform", "normal"):
        raise UsageError(f"law {law[:40]!r}: expected uniform or normal")
    if action_set not in SETS:
        raise UsageError(f"action set {action_set[:40]!r}: expected one of {', '.join(SETS)}")
    rng = np.random.default_rng([seed, players, dimension])
    targets = rng.uniform(-1.0, 1.0, size=(players, dimension))
    if action_set == "ball":
        targets /= np.maximum(1.0, np.linalg.norm(targets, axis=1, keepdims=True) * (1.0 + 1e-3))
    chosen = Box(-np.ones(dimension), np.ones(dimension)) if action_set == "box" else Ball(np.zeros(dimension), 1.0)
    ends = {"low": -spread, "high": spread} if law == "uniform" else {"mean": 0.0, "sd": spread}
    name = f"preferences-{players}x{dimension}-{samples}-{seed}"
    responses = {"distribution": law} | ends
    return Preferences(np.round(targets, 3), chosen, [samples] * players, responses, seed, name=name)
