"""The numbers of a figure as CSV, beside its picture."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.plot.regions import dominant_faces, equilibrium_ranges
from bigopt.games.influencers.plot.shown import Shown, shown


@dataclass(frozen=True)
class Action:
    """One coordinate of a player's action; `least` and `most` over all profiles that are as good."""

    instance: str
    player: int
    coordinate: int
    weight: float
    target: float
    action: float
    least: float
    most: float
    receiver: float


@dataclass(frozen=True)
class Move:
    """One coordinate of a player's action after `update` best responses."""

    instance: str
    update: int
    player: int
    coordinate: int
    action: float


def write(path: Path, rows: Sequence[object]) -> Path:
    """Write dataclass rows as CSV."""
    table = [asdict(row) for row in rows]  # type: ignore[call-overload]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    return path


def actions(games: Sequence[Influencers]) -> list[Action]:
    """Return what the pictures of games show of their equilibria or dominant actions."""
    rows = []
    for game in games:
        what = shown(game, None)
        ends = _ends(game, what)
        for i, k in np.ndindex(*what.actions.shape):
            numbers = (game.weights[i], game.targets[i, k], what.actions[i, k], *ends[i, k], what.receiver[k])
            rows.append(Action(game.name, i, k, *(float(number) for number in numbers)))
    return rows


def _ends(game: Influencers, what: Shown) -> np.ndarray:
    """Return the least and the largest coordinates that are as good, shape (n, d, 2)."""
    if game.loss == "inner-product":
        return np.sort(np.moveaxis(dominant_faces(game), 1, 2), axis=2)
    found = equilibrium_ranges(game) if what.several else None
    return np.stack([what.actions, what.actions], axis=2) if found is None else found


def moves(game: Influencers) -> list[Move]:
    """Return the path of best responses that a picture shows."""
    path = shown(game, None).path
    assert path is not None  # the loss is squared
    return [Move(game.name, u, i, k, float(path[u, i, k])) for u, i, k in np.ndindex(*path.shape)]
