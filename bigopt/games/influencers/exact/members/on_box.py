"""Members of the equilibrium set on a box, where each coordinate is a continuous knapsack."""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Request
from bigopt.games.influencers.exact import box
from bigopt.games.influencers.exact.equilibria import Equilibria
from bigopt.games.influencers.exact.members.base import Members


class OnBox(Members):
    """Boxes: in each coordinate a continuous knapsack."""

    method = "a continuous knapsack a coordinate"

    def __init__(self, request: Request, known: Equilibria) -> None:
        """Keep the coordinates."""
        self.coordinates = known.coordinates
        shared = [c.tied for c in self.coordinates if c.shared and len(c.tied) > 1]
        movers = np.unique(np.concatenate(shared)) if shared else np.zeros(0, dtype=np.int64)
        super().__init__(request, known, movers, box.least_norm(known.game, self.coordinates))

    def minimize(self, cost: Floats) -> Floats:
        """Fill each coordinate's supply from the cheapest player on."""
        result = self.actions[self.movers]
        lower, upper = self.game.action_set.bounds
        for k, c in enumerate(self.coordinates):
            if not c.shared or len(c.tied) < 2:
                continue
            at = np.searchsorted(self.movers, c.tied)
            w = self.game.weights[c.tied]
            least, most = np.minimum(w * lower[k], w * upper[k]), np.maximum(w * lower[k], w * upper[k])
            order = np.argsort(cost[at, k] / w, kind="stable")
            room = (most - least)[order]
            given = np.clip(c.supply - least.sum() - np.concatenate([[0.0], np.cumsum(room)[:-1]]), 0.0, room)
            result[at[order], k] = np.clip((least[order] + given) / w[order], lower[k], upper[k])
        return result

    def ranges(self) -> Floats:
        """Return the ranges: a tied player gives at least what the others cannot, at most what they leave."""
        low, high = self.actions.copy(), self.actions.copy()
        lower, upper = self.game.action_set.bounds
        low[self.idle], high[self.idle] = lower, upper
        for k, c in enumerate(self.coordinates):
            if not c.shared or len(c.tied) < 2:
                continue
            w = self.game.weights[c.tied]
            least, most = np.minimum(w * lower[k], w * upper[k]), np.maximum(w * lower[k], w * upper[k])
            ends = np.sort(
                [
                    np.maximum(least, c.supply - (most.sum() - most)) / w,
                    np.minimum(most, c.supply - (least.sum() - least)) / w,
                ],
                axis=0,
            )
            low[c.tied, k], high[c.tied, k] = np.clip(ends, lower[k], upper[k])
        return np.stack([low, high], axis=2)

    def least(self) -> Floats:
        """Return the solution in closed form."""
        return self.actions
