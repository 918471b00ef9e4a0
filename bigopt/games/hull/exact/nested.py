"""The sets of Bobs that are fitted, each one Bob more than another: a fit starts from that of its parent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Ints
from bigopt.games.hull.game import SUBSETS, UtilityTable


@dataclass(frozen=True)
class Nested:
    """A forest of sets: set number s is set `parent[s]` (-1: the empty set) with Bob `added[s]`; parents come first.

    `chains` are ranges of sets that need no other range's fits.
    """

    parent: Ints
    added: Ints
    chains: tuple[tuple[int, int], ...]
    bobs: int

    def first(self, chains: int) -> Nested:
        """Return the sets of the first chains alone."""
        last = self.chains[chains - 1][1]
        return Nested(self.parent[:last], self.added[:last], self.chains[:chains], self.bobs)

    @property
    def longest(self) -> int:
        """How many sets the longest chain has."""
        return max(last - first for first, last in self.chains)

    @property
    def size(self) -> Ints:
        """How many Bobs every set has."""
        found = np.zeros(len(self.parent), dtype=np.int64)
        for s, p in enumerate(self.parent.tolist()):
            found[s] = 1 if p < 0 else found[p] + 1
        return found

    @property
    def members(self) -> npt.NDArray[np.bool_]:
        """Which Bobs every set has, shape [sets][K]."""
        found = np.zeros((len(self.parent), self.bobs), dtype=bool)
        for s, (p, j) in enumerate(zip(self.parent.tolist(), self.added.tolist(), strict=True)):
            if p >= 0:
                found[s] = found[p]
            found[s, j] = True
        return found


def sets_of(game: UtilityTable, most: int) -> Nested:
    """Return all subsets of at most `most` Bobs where there are few, else the prefixes of random permutations."""
    if game.count <= SUBSETS:
        return _subsets(game.count, most)
    rng = np.random.default_rng([game.seed, 2])
    orders = [rng.permutation(game.count)[:most] for _ in range(game.permutations)]
    parent = np.arange(len(orders) * most) - 1
    parent[::most] = -1
    chains = tuple((c * most, (c + 1) * most) for c in range(len(orders)))
    return Nested(parent, np.concatenate(orders), chains, game.count)


def _subsets(bobs: int, most: int) -> Nested:
    """Return the subsets in the order in which each follows the one without its last Bob."""
    parent: list[int] = []
    added: list[int] = []

    def below(at: int, first: int, size: int) -> None:
        for j in range(first, bobs if size < most else first):
            parent.append(at)
            added.append(j)
            below(len(parent) - 1, j + 1, size + 1)

    below(-1, 0, 0)
    return Nested(np.array(parent), np.array(added), ((0, len(parent)),), bobs)
