"""All stable schemes by looking at every scheme: for games with few, and to check everything else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bigopt.games.market.game import Exact, Market

FEW = 5_000_000  # utilities of schemes that are enumerated where the data fit machine integers (8 bytes each)
FEW_BIG = 100_000  # and where they do not


@dataclass(frozen=True)
class Stable:
    """The stable schemes of a game, in lexicographic order.

    Attributes
    ----------
    schemes : int array [count, S]
    totals : integers [1 + k, count]
    nash : bool array [count]
        Which of them are Nash equilibria too (Definition 17, ties to the lowest index).
    """

    schemes: npt.NDArray[np.int64]
    totals: Exact
    nash: npt.NDArray[np.bool_]

    def only(self, nash: bool) -> Stable:
        """Return all, or only the Nash equilibria (there is always one that is best for Alice)."""
        if not nash:
            return self
        return Stable(self.schemes[self.nash], self.totals[:, self.nash], self.nash[self.nash])

    @property
    def worst(self) -> int:
        """The index of the first scheme that is worst for Alice."""
        return int(np.argmin(self.totals[0]))


def few(game: Market) -> bool:
    """Whether the game is small enough to enumerate."""
    return game.schemes * (game.k + 1) <= (FEW_BIG if game.units[0].dtype == object else FEW)


@lru_cache(maxsize=2)
def stable(game: Market) -> Stable:
    """Enumerate every scheme and keep the stable ones.

    STRICT: no Bob has a g with U(g) > U(f) and u_A(g) > u_A(f). Nash: STRICT, and the lowest-index Bob, who wins ties,
    has no g with u_A(g) >= u_A(f) and U(g) > U(f). For one Bob both are: U(f) is his maximum.
    """
    table, _ = game.units
    totals = np.zeros((game.k + 1, 1), dtype=table.dtype)
    for a, n in zip(game.first, game.sizes, strict=True):  # the last state varies fastest: lexicographic order
        totals = (totals[:, :, None] + table[:, None, a : a + n]).reshape(game.k + 1, -1)
    order = np.argsort(-totals[0], kind="stable")
    alice = totals[0, order]
    rank = np.searchsorted(-alice, -alice, side="left")  # how many schemes Alice strictly prefers
    upto = np.searchsorted(-alice, -alice, side="right")
    strict = np.ones(alice.size, dtype=bool)
    weak = np.ones(alice.size, dtype=bool)
    for j in range(game.k):
        own = totals[j + 1, order]
        best = np.maximum.accumulate(own)
        strict &= (rank == 0) | (best[np.maximum(rank - 1, 0)] <= own).astype(bool)
        if j == 0:
            weak = ((own == best[-1]) if game.k == 1 else (best[upto - 1] <= own)).astype(bool)
    if game.k == 1:
        strict = weak
    keep = np.sort(order[strict])
    nash = np.zeros(alice.size, dtype=bool)
    nash[order] = weak & strict
    schemes = np.column_stack(np.unravel_index(keep, tuple(game.sizes.tolist()))).astype(np.int64)
    return Stable(schemes, totals[:, keep], nash[keep])
