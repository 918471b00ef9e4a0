"""Members of the equilibrium set on a ball, where the players who are tied share a supply."""

from __future__ import annotations

import numpy as np

from bigopt.action_sets import Ball
from bigopt.concepts import Request
from bigopt.influencers.ball import Lengths
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
        """Return the movers' actions of least cost.

        With a cost for one mover only, in closed form: it goes to its extreme, the others share in proportion.
        """
        several = np.flatnonzero(cost.any(axis=1))
        if len(several) > 1:
            return self._cheapest(cost)
        at = int(several[0]) if len(several) else 0
        end = self._end(at, -cost[at] / max(float(np.linalg.norm(cost[at])), np.finfo(float).tiny))
        weights = self.game.weights[self.movers]
        center = self._center()
        others = np.delete(np.arange(len(weights)), at)
        left = self.supply - weights[at] * end - weights[others].sum() * center
        result = np.empty((len(weights), self.game.dimension))
        result[at] = end
        result[others] = center + np.sign(weights[others])[:, None] * left / np.abs(weights[others]).sum()
        return result

    def _cheapest(self, cost: Floats) -> Floats:
        r"""Return actions of least cost by the supply's multiplier m, which minimizes a sum of lengths.

        Player i plays the center minus r times the unit vector of cost_i - w_i m; the dual function of m is
        :math:`r \sum_i |w_i| \|cost_i / w_i - m\| - m^\top (supply - \sum_i w_i\, center)` up to a constant. Where m
        is some cost_i / w_i, that player's action is inside the ball. Smoothed lengths keep the supply right.
        """
        ball = self.game.action_set
        assert isinstance(ball, Ball)
        weights = self.game.weights[self.movers]
        points, offset = cost / weights[:, None], self.supply - weights.sum() * ball.center
        lengths = Lengths(points, np.abs(weights) * ball.radius, offset, square=0.0)
        m, last = lengths.sharpened(points.mean(axis=0), self.request.deadline)
        away = m - points
        distances = np.sqrt((away**2).sum(axis=1, keepdims=True) + last**2)
        result = ball.center + ball.radius * np.sign(weights)[:, None] * away / distances
        inmost = int(distances.argmin())  # it has the most room for what rounding left
        result[inmost] += (self.supply - weights @ result) / weights[inmost]
        return ball.project(result)

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
