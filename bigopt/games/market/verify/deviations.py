"""Best deviations a second way: what no scheme of a Bob's beats, from the last state to the first, as whole pairs.

The searches build a best scheme; here a given one is judged: nothing is better for the Bob among what Alice strictly
prefers, nothing as good for him is better for her, and none of the same value comes earlier in the order of policies.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bigopt.concepts.deadline import Deadline
from bigopt.errors import LimitReached
from bigopt.games.market.game import Market
from bigopt.games.market.verify.census import PAIRS, staircase


class Deviations:
    """One Bob's undominated pairs (Alice's utility -> his) over the states s, s + 1, ... for each s = 0..S."""

    def __init__(self, game: Market, bob: int, deadline: Deadline) -> None:
        """Compute the pairs in integers."""
        self.game, self.bob = game, bob
        self.table = game.units[0][[0, bob + 1]]
        alice, his = np.zeros(1, dtype=self.table.dtype), np.zeros(1, dtype=self.table.dtype)
        self.after: list[dict[int, int]] = [{0: 0}]
        kept = 0
        for s in reversed(range(game.S)):
            deadline.check("computing the Bobs' best deviations for the certificate")
            choices = self.table[:, game.first[s] : game.first[s] + game.sizes[s]]
            size = alice.size * choices.shape[1]
            if size > PAIRS or kept > PAIRS:
                raise LimitReached(f"{game.name}: {size:,} utility pairs in one state, at most {PAIRS:,} are kept")
            alice, his = staircase(np.add.outer(choices[0], alice).ravel(), np.add.outer(choices[1], his).ravel())
            kept += alice.size
            self.after.insert(0, dict(zip(alice.tolist(), his.tolist(), strict=True)))
        self.alice, self.his = alice, his

    def best(self, least: int) -> tuple[int, int] | None:
        """Return Alice's utility and his at his best scheme that gives her at least so much; None where none does."""
        at = int(np.searchsorted(self.alice, least))
        return (int(self.alice[at]), int(self.his[at])) if at < self.alice.size else None

    def is_first_best(self, scheme: npt.NDArray[np.int64], v: int) -> bool:
        """Whether a scheme is his best of more than v for Alice, the best for her of these, the first of these."""
        hers, his = (row[self.game.first + scheme].tolist() for row in self.table)
        if self.best(v + 1) != (sum(hers), sum(his)):
            return False
        left = [sum(hers), sum(his)]
        for s, (first, own) in enumerate(zip(self.game.first.tolist(), scheme.tolist(), strict=True)):
            for o in range(first, first + own):
                alice, bob = (int(value) for value in self.table[:, o])
                if self.after[s + 1].get(left[0] - alice) == left[1] - bob:
                    return False
            left = [left[0] - hers[s], left[1] - his[s]]
        return True


def first_favourite(game: Market, bob: int) -> npt.NDArray[np.int64]:
    """Return the Bob's favourite policy in each state, the first where several are: where dynamics start."""
    rows = [game.units[0][bob + 1, a : a + n].tolist() for a, n in zip(game.first, game.sizes, strict=True)]
    return np.array([row.index(max(row)) for row in rows], dtype=np.int64)
