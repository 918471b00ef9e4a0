"""Seeded families of influencer games; all numbers are short decimals, so that files hold them exactly."""

from __future__ import annotations

import numpy as np

from bigopt.action_sets import Ball, Box, Hull, Polytope, Simplex
from bigopt.action_sets.base import ActionSet
from bigopt.arithmetic.arrays import Floats
from bigopt.errors import UsageError
from bigopt.games.influencers.game import Influencers

SETS = ("box", "ball", "simplex", "polytope", "hull")
LARGEST = 50_000_000  # numbers of all targets, or of the set's rows or points: about 2 GB once checked


def influencers(
    *, players: int = 10, dimension: int = 2, action_set: str = "box", loss: str = "squared", seed: int = 0
) -> Influencers:
    """Return a random game whose weights are about 1 / players and whose targets spread a little beyond X.

    Parameters
    ----------
    players, dimension : int
        n and d.
    action_set : {"box", "ball", "simplex", "polytope", "hull"}
        Of size about 1 around the origin (the simplex: of sum 1); hulls have 4 d points, polytopes 4 d rows.
    loss : {"squared", "inner-product"}
    seed : int
        The same seed gives the same game.
    """
    if players < 1 or dimension < 1 or players * dimension > LARGEST:
        raise UsageError(f"{players} x {dimension}: expected at least 1 and at most {LARGEST:,} numbers in all")
    if action_set in ("hull", "polytope") and 4 * dimension**2 > LARGEST:
        raise UsageError(f"{action_set}: {4 * dimension} x {dimension} numbers, expected at most {LARGEST:,}")
    if seed < 0:
        raise UsageError(f"seed {seed}: expected a whole number of at least 0")
    if action_set not in SETS:
        raise UsageError(f"action set {action_set[:40]!r}: expected one of {', '.join(SETS)}")
    rng = np.random.default_rng([seed, players, dimension])
    targets = np.round(rng.normal(size=(players, dimension)), 3)
    if action_set == "simplex":
        targets = np.round(targets / 2 + 1 / dimension, 3)
    weights = _short(rng.uniform(0.5, 1.5, size=players) / players)
    chosen = _action_set(action_set, dimension, rng)
    name = f"influencers-{players}x{dimension}-{action_set}-{seed}"
    return Influencers(weights, targets, chosen, loss=loss, name=name)


def _short(values: Floats) -> Floats:
    """Round to 4 significant digits."""
    return np.array([float(f"{value:.4g}") for value in values.tolist()])


def _action_set(kind: str, dimension: int, rng: np.random.Generator) -> ActionSet:
    """Return a set of the kind."""
    if kind == "box":
        return Box(-np.ones(dimension), np.ones(dimension))
    if kind == "ball":
        return Ball(np.zeros(dimension), 1.0)
    if kind == "simplex":
        return Simplex(1.0, dimension)
    arrows = rng.normal(size=(4 * dimension, dimension))
    arrows = np.round(arrows / np.linalg.norm(arrows, axis=1, keepdims=True), 3)
    if kind == "hull":
        return Hull(arrows)
    box = np.vstack([np.eye(dimension), -np.eye(dimension)])  # keeps it bounded
    return Polytope(np.vstack([arrows[: 2 * dimension], box]), np.ones(4 * dimension))
