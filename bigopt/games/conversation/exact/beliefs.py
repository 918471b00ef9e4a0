"""Conditional expectations as integers: groups of cells, their weights and sums, and the messages that announce them.

A belief is the vector (weight, sum of gains of each action) divided by its greatest common divisor: two groups have
the same expected utilities exactly if these integers are equal. No fraction is ever formed.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.games.conversation.game import Conversation, Exact

Labels = npt.NDArray[np.int64]
ROOM = 2**62  # products of int64 below this do not overflow


def compress(*labels: npt.NDArray[Any]) -> Labels:
    """Return one label 0, 1, ... for each combination of the given labels, which share a shape."""
    joint = np.zeros(labels[0].size, dtype=np.int64)
    for part in labels:
        values, ids = np.unique(part.ravel(), return_inverse=True)
        joint = np.unique(joint * len(values) + ids.ravel(), return_inverse=True)[1].ravel()
    return joint.astype(np.int64).reshape(labels[0].shape)


def sums(game: Conversation, groups: Labels, player: int = 0, decided: bool = False) -> tuple[Exact, Exact]:
    """Return each group's weight [n] and its sum of a player's gains [A, n]; `groups` labels the pairs [X_A, X_B].

    `decided` counts them from what Alice's best action gives in each pair.
    """
    count = int(groups.max()) + 1
    gains, mass = (game.decided if decided else game.gains)[player], game.mass
    weight = np.zeros(count, dtype=mass.dtype)
    np.add.at(weight, groups.ravel(), mass.ravel())
    total = np.zeros((len(gains), count), dtype=gains.dtype)
    for row, gain in zip(total, gains, strict=True):
        np.add.at(row, groups.ravel(), gain.ravel())
    return weight, total


def beliefs(weight: Exact, total: Exact) -> Exact:
    """Return the beliefs [1 + A, n] in lowest terms; groups of weight 0 get zeros."""
    table = np.vstack([weight, total])
    return np.asarray(table // np.maximum(np.gcd.reduce(table, axis=0), 1))


def rounded(game: Conversation, weight: Exact, total: Exact, grid: Fraction) -> Exact:
    """Return the beliefs [A, n] rounded to multiples of the grid, halves up."""
    unit = game.units[1][0]
    up, down = 2 * unit.numerator * grid.denominator, unit.denominator * grid.numerator
    largest = 2 * max(int(abs(total).max()), int(weight.max()), 1) * max(up, 2 * down)  # numpy numbers would wrap
    if total.dtype == object or weight.dtype == object or largest >= ROOM:
        weight, total = weight.astype(object), total.astype(object)
    return np.where(weight > 0, (total * up + weight * down) // np.maximum(weight * (2 * down), 1), 0)


def message(game: Conversation, groups: Labels, grid: Fraction | None) -> Labels:
    """Return what the owner of each group announces, as a label a pair [X_A, X_B]; equal messages, equal labels."""
    weight, total = sums(game, groups)
    table = beliefs(weight, total) if grid is None else rounded(game, weight, total, grid)
    return _ids(table)[groups]


def _ids(table: Exact) -> Labels:
    """Return one label for each different column."""
    if table.dtype != object:
        return np.unique(table, axis=1, return_inverse=True)[1].ravel().astype(np.int64)
    known: dict[tuple[int, ...], int] = {}
    return np.array([known.setdefault(tuple(column), len(known)) for column in table.T.tolist()], dtype=np.int64)
