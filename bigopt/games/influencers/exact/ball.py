r"""Equilibria on a ball: the dual in d variables, by Newton's method on a smoothed dual that is sharpened.

Up to terms in the centre, the dual is that of a weighted geometric median,

.. math:: D(v) = \tfrac12 \|v\|^2 - c^\top v + r \sum_i |w_i| \|t_i - v\|, \qquad c = c_0 + \sum_i w_i\, center,

smooth but at the targets, where plain Newton steps can stall. Lengths therefore start as sqrt(|t_i - v|^2 + m^2), whose
minimizer is the receiver of the feasible actions center + r sign(w_i) (t_i - v) / sqrt(...); m falls to nothing. In the
end the receiver is either smooth, and Newton's method on D itself polishes it, or a target: there the residual
v - c - r sum_others |w_j| u_j, u_j the unit vector from v to t_j, must be within the reach r sum_tied |w_i| of the tied
players, who share it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bigopt.action_sets import Ball
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.games.influencers.dual import Found, Keep, keep_nothing, potential_gap
from bigopt.games.influencers.game import Influencers

SHARPEST = 1e-9  # of the targets' spread: the last m
DECREASE = 0.1  # from one m to the next
NEWTON = 60  # steps for an m
QUIET = 1e-13  # relative size of a step that ends Newton's method
ROUNDING = 1e-9  # relative: the bound is tried at a target that is nearer than that


def solve(game: Influencers, deadline: Deadline, keep: Keep = keep_nothing) -> Found:
    """Return an equilibrium, with the gap that is left."""
    ball = game.action_set
    assert isinstance(ball, Ball)
    movers = game.weights != 0
    offset = game.background + game.weights.sum() * ball.center
    v = game.receiver(np.tile(ball.center, (game.players, 1)))
    dual = Lengths(game.targets[movers], np.abs(game.weights[movers]) * ball.radius, offset)
    if not dual.sizes.any() or dual.farthest(v) == 0:
        v = v if dual.sizes.any() else offset
        return _found(game, best_actions(game, v), v, "centre")

    def near(v: Floats) -> None:
        keep(lambda: _found(game, best_actions(game, v), v, "smoothed Newton"))

    near(v)
    v, _ = dual.sharpened(v, deadline, near)
    smooth = dual.minimize(v, 0.0, deadline)
    results = [
        _found(game, best_actions(game, c), c, "smoothed Newton")
        for c in (dual.nearest(v), dual.nearest(smooth), smooth)
    ]
    return min(results, key=lambda found: found.gap)


def _found(game: Influencers, actions: Floats, v: Floats, method: str) -> Found:
    receiver = game.receiver(actions)
    gap = min(potential_gap(game, actions, receiver, u) for u in (v, receiver))
    return Found(v if np.abs(receiver - v).max() <= 1e-12 * (1 + np.abs(v).max()) else receiver, actions, gap, method)


@dataclass(frozen=True)
class Lengths:
    r"""The function square / 2 |v|^2 - offset.v + sum_i sizes_i |points_i - v|, convex in v.

    Attributes
    ----------
    points : ndarray, shape (n, d)
    sizes : ndarray, shape (n,)
        At least 0.
    offset : ndarray, shape (d,)
    square : float
        0 or 1; if 0, the sizes sum to more than the length of the offset.
    """

    points: Floats
    sizes: Floats
    offset: Floats
    square: float = 1.0

    def farthest(self, v: Floats) -> float:
        """Return the largest distance of a point from v."""
        return float(np.linalg.norm(self.points - v, axis=1).max())

    def nearest(self, v: Floats) -> Floats:
        """Return the nearest point."""
        nearest: Floats = self.points[int(np.linalg.norm(self.points - v, axis=1).argmin())]
        return nearest

    def evaluate(self, v: Floats, m: float) -> tuple[float, Floats, Floats]:
        """Return the function with lengths sqrt(.^2 + m^2), its gradient and its Hessian at v.

        At m = 0 points that are v itself are left out.
        """
        away = self.points - v
        lengths = np.sqrt(np.einsum("nd,nd->n", away, away) + m * m)
        value = 0.5 * self.square * float(v @ v) - float(self.offset @ v) + float(self.sizes @ lengths)
        pulls = np.divide(self.sizes, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        gradient = self.square * v - self.offset - pulls @ away
        away *= np.sqrt(np.divide(pulls, lengths**2, out=np.zeros_like(lengths), where=lengths > 0))[:, None]
        hessian = (self.square + float(pulls.sum())) * np.eye(len(v)) - away.T @ away
        return value, gradient, hessian

    def sharpened(
        self, v: Floats, deadline: Deadline, near: Callable[[Floats], None] | None = None
    ) -> tuple[Floats, float]:
        """Return the minimizer at the last m, from v on, and that m; `near` is told the minimizers on the way."""
        last = SHARPEST * self.farthest(v)
        m = last / SHARPEST
        while True:
            v = self.minimize(v, m, deadline)
            if near is not None:
                near(v)
            if m <= last:
                return v, m
            m *= DECREASE

    def minimize(self, v: Floats, m: float, deadline: Deadline) -> Floats:
        """Return the minimizer at one m from v on, by Newton's method.

        Near a point, and farther from it than m, Newton's steps overshoot; there Weiszfeld's step, which never raises
        the function, jumps to the point.
        """
        current = self.evaluate(v, m)
        for _ in range(NEWTON):
            deadline.check("minimizing the dual")
            noise = 4e-16 * (abs(current[0]) + float(self.sizes.sum()))
            try:
                step = np.linalg.solve(current[2], current[1])
            except np.linalg.LinAlgError:
                break
            decrement, tried = float(current[1] @ step), None
            for length in (1.0, 0.5, 0.25):
                after = self.evaluate(v - length * step, m)
                if after[0] <= current[0] - 0.1 * length * decrement + noise:
                    tried = length * step
                    break
            if tried is None:
                lengths = np.sqrt(((self.points - v) ** 2).sum(axis=1) + m * m)
                pulls = np.divide(self.sizes, lengths, out=np.zeros_like(lengths), where=lengths > 0)
                tried = current[1] / (self.square + float(pulls.sum()))
                after = self.evaluate(v - tried, m)
                if after[0] >= current[0] - noise:
                    break
            v, current = v - tried, after
            if float(np.abs(tried).max()) <= QUIET * float(np.abs(v).max() + m):
                break
        return v


def best_actions(game: Influencers, v: Floats) -> Floats:
    """Return the best actions at the receiver v, shape (n, d); players whose target it is share what is missing."""
    ball = game.action_set
    assert isinstance(ball, Ball)
    away = game.targets - v
    lengths = np.linalg.norm(away, axis=1)
    tied = (lengths == 0) & (game.weights != 0)
    factors = np.divide(ball.radius * np.sign(game.weights), lengths, out=np.zeros_like(lengths), where=lengths > 0)
    actions: Floats = ball.center + factors[:, None] * away
    if tied.any():
        actions[tied] = ball.center
        missing = (v - game.receiver(actions)) / float(np.abs(game.weights[tied]).sum())
        length = float(np.linalg.norm(missing))
        missing *= ball.radius / length if length > ball.radius else 1.0
        actions[tied] += np.sign(game.weights[tied])[:, None] * missing
    idle = game.weights == 0
    if idle.any():
        actions[idle] = ball.project(np.zeros((1, game.dimension)))
    return actions


def snapped(game: Influencers, v: Floats) -> Floats:
    """Return the target of a player of weight that `v` is but for rounding, or else `v`."""
    far = np.where(game.weights != 0, np.abs(game.targets - v).max(axis=1), np.inf)
    nearest = int(far.argmin())
    target: Floats = game.targets[nearest]
    return target if far[nearest] <= ROUNDING * (1.0 + float(np.abs(v).max())) else v
