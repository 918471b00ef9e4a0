"""Members of the equilibrium set on a ball, where the players who are tied share a supply."""

from __future__ import annotations

import numpy as np

from bigopt.action_sets import Ball
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Request
from bigopt.games.influencers.exact.ball import Lengths
from bigopt.games.influencers.exact.equilibria import Equilibria
from bigopt.games.influencers.exact.members.base import Members
from bigopt.games.influencers.exact.members.multiplier import least_norm

ROUNDING = 1e-15  # of all that can be supplied
REPAIRS = 200  # rounds of projection: a few do
SOME = 1e-3  # of the radius: room that everybody is taken to have
EQUAL = 1e-13  # relative: rounding errors of costs per unit of supply


class OnBall(Members):
    """Balls: players whose target is the receiver share a supply, each from a ball."""

    method = "the tied players of a ball"

    def __init__(self, request: Request, known: Equilibria) -> None:
        """Keep the players who share a supply in more than one way."""
        super().__init__(request, known, known.face.tied, known.face.actions)
        assert isinstance(self.game.action_set, Ball)
        self.ball = self.game.action_set
        weights = self.game.weights[self.movers]
        self.supply = weights @ self.actions[self.movers]
        self.total, self.size = float(weights.sum()), float(np.abs(weights).sum())

    def minimize(self, cost: Floats) -> Floats:
        """Return the movers' actions of least cost.

        With a cost for one mover only, in closed form: it goes to its extreme, the others share in proportion.
        """
        several = np.flatnonzero(cost.any(axis=1))
        if len(several) > 1:
            return self._cheapest(cost)
        at = int(several[0]) if len(several) else 0
        weights = self.game.weights[self.movers]
        end = self._end(weights[at], -cost[at] / max(float(np.linalg.norm(cost[at])), np.finfo(float).tiny))
        center = self.ball.center
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
        ball = self.ball
        weights = self.game.weights[self.movers]
        points, offset = cost / weights[:, None], self.supply - weights.sum() * ball.center
        lengths = Lengths(points, np.abs(weights) * ball.radius, offset, square=0.0)
        if lengths.farthest(points.mean(axis=0)) <= EQUAL * float(np.abs(points).max()):  # all members cost the same
            return self.actions[self.movers]
        m, last = lengths.sharpened(points.mean(axis=0), self.request.deadline)
        away = m - points
        units = away / np.sqrt((away**2).sum(axis=1, keepdims=True) + last**2)
        result = ball.center + ball.radius * np.sign(weights)[:, None] * units
        return self._supplied(result)

    def _supplied(self, actions: Floats) -> Floats:
        """Move actions that supply nearly enough into their balls and to the supply, first those with the most room."""
        ball, weights = self.ball, self.game.weights[self.movers]
        noise = ROUNDING * (self.size * (float(np.abs(ball.center).max()) + ball.radius))
        for _ in range(REPAIRS):
            actions = ball.project(actions)
            missing = self.supply - weights @ actions
            if float(np.abs(missing).max()) <= noise:
                break
            room = SOME + np.maximum(1.0 - np.linalg.norm(actions - ball.center, axis=1) / ball.radius, 0.0)
            actions = actions + (np.sign(weights) * room)[:, None] * missing / float(np.abs(weights) @ room)
        return actions

    def ranges(self) -> Floats:
        """Return the ranges: players of one weight share them."""
        low, high = self.actions.copy(), self.actions.copy()
        low[self.idle], high[self.idle] = self.game.action_set.bounds
        weights, where = np.unique(self.game.weights[self.movers], return_inverse=True)
        axes = np.eye(self.game.dimension)
        for ends, sign in ((low, -1.0), (high, 1.0)):
            table = [[self._end(weight, sign * axis)[k] for k, axis in enumerate(axes)] for weight in weights.tolist()]
            if table:
                ends[self.movers] = np.array(table)[where]
        return np.stack([low, high], axis=2)

    def _end(self, weight: float, direction: Floats) -> Floats:
        """Return a mover's farthest action in a unit direction: in its ball and within what the others allow."""
        ball = self.ball
        rest = (self.size - abs(weight)) / abs(weight)
        middle = (self.supply - (self.total - weight) * ball.center) / weight
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
        """Return the member of least norm: by a multiplier, or from members where rounding hides it."""
        result = self.actions.copy()
        if len(self.movers):
            weights, project = self.game.weights[self.movers], self.game.action_set.project
            found = least_norm(weights, self.supply, project, self.request.deadline)
            result[self.movers] = super().least()[self.movers] if found is None else found
        return result
