"""Small games as whole tables of integers: every profile's losses, potential, and who is content."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.graph import actions

LARGEST = 4_000_000  # integers in the table, where they fit 64 bits
LARGEST_OBJECTS = 100_000  # and where they do not
FITS = 2**61


class WholeTable:
    """All profiles of a game, by their players' actions in lexicographic order."""

    def __init__(self, game: Subsets) -> None:
        """List the actions; the arrays are made when they are asked for."""
        self.game = game
        self.actions = actions(game)
        self.shape = tuple(len(own) for own in self.actions)
        self.kind: Any = np.int64 if _fits(game) else object

    @cached_property
    def sums(self) -> list[npt.NDArray[Any]]:
        """What each player's actions add, shaped to be added over profiles: [1, ..., actions, ..., 1, d]."""
        found = []
        for i, own in enumerate(self.actions):
            vectors = self.game.centred.weighted[i].astype(self.kind)
            rows = np.array([vectors[list(action)].sum(axis=0) for action in own], dtype=self.kind)
            found.append(rows.reshape(*([1] * i), len(own), *([1] * (len(self.shape) - i - 1)), -1))
        return found

    @cached_property
    def receivers(self) -> npt.NDArray[Any]:
        """The receiver's point of every profile about the centred origin, shape [..., d]."""
        total = self.sums[0]
        for rows in self.sums[1:]:
            total = total + rows
        return total

    @cached_property
    def potentials(self) -> npt.NDArray[Any]:
        """Every profile's potential about the centred origin."""
        total = (self.receivers * self.receivers).sum(axis=-1)
        for rows, target in zip(self.sums, self.game.centred.targets, strict=True):
            total = total - 2 * (rows * target.astype(self.kind)).sum(axis=-1)
        return np.asarray(total)

    def losses(self, player: int) -> npt.NDArray[Any]:
        """Return one player's loss in every profile, in units of 1/denominator^2."""
        gap = self.receivers - self.game.centred.targets[player].astype(self.kind)
        return np.asarray((gap * gap).sum(axis=-1))

    @cached_property
    def totals(self) -> npt.NDArray[Any]:
        """The total loss of every profile."""
        return np.asarray(sum(self.losses(i) for i in range(self.game.players)))

    @cached_property
    def content(self) -> npt.NDArray[np.bool_]:
        """Whether nobody gains, in every profile."""
        found = np.ones(self.shape, dtype=bool)
        for i in range(self.game.players):
            own = self.losses(i)
            found &= (own == own.min(axis=i, keepdims=True)).astype(bool)
        return found


def small(game: Subsets) -> bool:
    """Say whether the whole table of a game is small."""
    return game.profiles * game.dimension <= (LARGEST if _fits(game) else LARGEST_OBJECTS)


def _fits(game: Subsets) -> bool:
    """Say whether 64 bits hold every total loss and potential."""
    exact = game.centred
    reach = sum(int(abs(v).max()) * int(k) for v, k in zip(exact.weighted, game.sizes, strict=True))
    reach += int(abs(exact.targets).max())
    return bool((game.players + 2) * game.dimension * reach**2 < FITS)
