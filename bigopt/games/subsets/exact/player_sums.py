"""Every player's distinct weighted sums, how often each occurs, and which actions have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from scipy.spatial import cKDTree

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.errors import UsageError
from bigopt.games.subsets.exact.combos import every, written
from bigopt.games.subsets.exact.task import EXACT_SQUARE, ROUNDING, _floats
from bigopt.games.subsets.game import Profile, Subsets

LARGEST_LIST = 1_000_000  # actions of one player that are listed
LARGEST_PRODUCT = 20_000_000  # profiles of all players but one that are looked at
CHUNK = 50_000


@dataclass(frozen=True, eq=False)
class Sums:
    """One player's distinct sums: `points` [N][d], how many actions have each, and the actions in order of the sum."""

    points: Floats
    counts: Ints
    first: Ints  # [N][k], one action of each sum
    rows: Ints  # [actions][k], sorted by sum
    offsets: Ints  # [N], where each sum's rows begin

    @cached_property
    def tree(self) -> cKDTree:
        """The k-d tree over the points."""
        return cKDTree(self.points)

    def actions(self, index: int) -> Ints:
        """Return every action whose sum is number `index`."""
        return self.rows[self.offsets[index] : self.offsets[index] + self.counts[index]]


class Table:
    """A finite game by sums: what decides losses is only which sum each player adds.

    Where the integers of the game fit, `points` are those integers and `slack` is 0; else floats, and `slack` is how
    far a computed distance may be from the true one: closer calls are made in Python's integers.
    """

    def __init__(self, game: Subsets) -> None:
        """List the actions, or raise `UsageError` with their number."""
        self.game = game
        for i in range(game.players):
            if game.actions(i) > LARGEST_LIST:
                raise UsageError(
                    f"player {i} has {written(game.actions(i))} actions ({written(game.profiles)} profiles), more than"
                    f" the {LARGEST_LIST} that are listed: use --concept nash or dynamics, or lower sizes"
                )
        self.exact = exact = game.centred
        reach = sum(int(abs(v).max()) * int(k) for v, k in zip(exact.weighted, game.sizes, strict=True))
        reach += int(abs(exact.targets).max())
        self.whole = (2 * reach) ** 2 * game.dimension < EXACT_SQUARE
        q = 1 if self.whole else exact.denominator
        scale = 2.0 * reach / q
        self.unit = 1.0 if not self.whole else 1.0 / exact.denominator
        terms = int(game.sizes.sum()) + game.dimension
        self.slack = 0.0 if self.whole else float(ROUNDING * terms * np.sqrt(game.dimension) * scale)
        self.targets = _floats(exact.targets, q)
        self.background = _floats(exact.background, q)
        self.sums = [self._sums(i, _floats(exact.weighted[i], q)) for i in range(game.players)]

    def _sums(self, player: int, vectors: Floats) -> Sums:
        rows = every(np.arange(len(self.game.items)), int(self.game.sizes[player]), self.game.repeats)
        points = np.zeros((len(rows), vectors.shape[1]))
        for column in range(rows.shape[1]):
            points += vectors[rows[:, column]]
        if not self.whole and self.game.weights[player]:
            ones = np.ones(len(rows), dtype=np.int64)
            return Sums(points, ones, rows, rows, np.arange(len(rows)))
        order = np.lexsort(points.T[::-1])
        points, rows = points[order], rows[order]
        new = np.concatenate([[True], (points[1:] != points[:-1]).any(axis=1)])
        offsets = np.flatnonzero(new)
        counts = np.diff(np.append(offsets, len(rows)))
        return Sums(points[offsets], counts, rows[offsets], rows, offsets)

    def tree_player(self, other: bool = False) -> int:
        """Return the player with most sums (or, with `other`, the next): the others are looked at one by one."""
        order = np.argsort([-len(s.points) for s in self.sums], kind="stable")
        return int(order[1 if other and len(order) > 1 else 0])

    def check_product(self, player: int) -> int:
        """Return how many profiles of sums the others have, or raise `UsageError`."""
        product = prod(len(s.points) for j, s in enumerate(self.sums) if j != player)
        if product > LARGEST_PRODUCT:
            raise UsageError(
                f"{written(self.game.profiles)} profiles: player {player} faces {written(product)} different ones, more"
                f" than the {LARGEST_PRODUCT} that are looked at: use --concept nash or dynamics, or lower sizes"
            )
        return product

    def others(self, player: int) -> Iterator[Ints]:
        """Yield the others' profiles as rows of sum indices (the column of `player` is 0), in chunks."""
        shape = [1 if j == player else len(s.points) for j, s in enumerate(self.sums)]
        total = prod(shape)
        for start in range(0, total, CHUNK):
            flat = np.arange(start, min(total, start + CHUNK))
            yield np.column_stack(np.unravel_index(flat, shape))

    def residual(self, rows: Ints, player: int) -> Floats:
        """Return target minus what the others and the background add, for rows of sum indices; shape [rows][d]."""
        total = self.targets[player] - self.background
        wanted = np.tile(total, (len(rows), 1))
        for j, s in enumerate(self.sums):
            if j != player:
                wanted -= s.points[rows[:, j]]
        return wanted

    def choices(self, row: Ints) -> Profile:
        """Return a profile with these sums."""
        return tuple(tuple(s.first[index].tolist()) for s, index in zip(self.sums, row, strict=True))

    def multiplicity(self, row: Ints) -> int:
        """Return how many profiles have these sums."""
        return prod(int(s.counts[index]) for s, index in zip(self.sums, row, strict=True))
