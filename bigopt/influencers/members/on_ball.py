"""Members of the equilibrium set on a ball, where the players who are tied share a supply."""

from __future__ import annotations

import numpy as np

from bigopt.action_sets import Ball
from bigopt.concepts import Request
from bigopt.influencers.equilibria import Equilibria
from bigopt.influencers.members.base import Members
from bigopt.numbers import Floats


class OnBall(Members):
    """Balls: players whose target is the receiver share a supply, each from a ball."""

    method = "the tied players of a ball"

    def __init__(self, request: Request, known: Equilibria) -> None:
        """Keep the players who share a supply in more than one way."""
        super().__init__(request, known, known.face.tied, known.face.actions)
        weights = self.game.weights[self.movers]
        self.supply = weights @ self.actions[self.movers]

    def minimize(self, cost: Floats) -> Floats:
        """Return shares w_i x_i = w_i (center + r u_i): the multiplier of the supply is found by a convex program.

        The first mover goes to its extreme in its direction; the others share what is left in proportion.
        """
        at = int(np.argmax(np.linalg.norm(cost, axis=1)))
        end = self._end(at, -cost[at] / max(float(np.linalg.norm(cost[at])), np.finfo(float).tiny))
        weights = self.game.weights[self.movers]
        center = self._center()
        others = np.delete(np.arange(len(weights)), at)
        left = self.supply - weights[at] * end - weights[others].sum() * center
        result = np.empty((len(weights), self.game.dimension))
        result[at] = end
        result[others] = center + np.sign(weights[others])[:, None] * left / np.abs(weights[others]).sum()
        return result

    def _center(self) -> Floats:
        assert isinstance(self.game.action_set, Ball)
        return self.game.action_set.center

    def _end(self, at: int, direction: Floats) -> Floats:
        """Return mover `at`'s farthest action in a unit direction: in its ball and within what the others allow."""
        ball, weights = self.game.action_set, self.game.weights[self.movers]
        assert isinstance(ball, Ball)
        rest = float(np.abs(weights).sum() - abs(weights[at])) / abs(weights[at])
        middle = (self.supply - (weights.sum() - weights[at]) * ball.center) / weights[at]
        balls = ((ball.center, ball.radius), (middle, rest * ball.radius))
        for (c, r), (other, reach) in (balls, balls[::-1]):
            point = c + r * direction
            if np.linalg.norm(point - other) <= reach * (1.0 + 1e-12):
                return np.asarray(point)
        axis = middle - ball.center
        apart = float(np.linalg.norm(axis))
        axis /= apart
        along = 0.5 * (apart + (ball.radius**2 - (rest * ball.radius) ** 2) / apart)
        side = direction - (direction @ axis) * axis
        side /= max(float(np.linalg.norm(side)), np.finfo(float).tiny)
        return np.asarray(ball.center + along * axis + np.sqrt(max(ball.radius**2 - along**2, 0.0)) * side)

    def least(self) -> Floats:
        """Return the member of least norm: x_i is the point of the ball nearest to w_i m, m the supply's multiplier."""
        from scipy.optimize import root

        result = self.actions.copy()
        if not len(self.movers):
            return result
        weights, project = self.game.weights[self.movers], self.game.action_set.project

        def missing(m: Floats) -> Floats:
            return np.asarray(weights @ project(weights[:, None] * m) - self.supply)

        m = root(missing, self.supply / float(weights @ weights), tol=1e-13).x
        nearest = project(weights[:, None] * m)
        if float(np.abs(missing(m)).max()) > 1e-9 * (1.0 + float(np.abs(self.supply).max())):
            return result
        result[self.movers] = nearest
        return result
