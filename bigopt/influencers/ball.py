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

import numpy as np

from bigopt.action_sets import Ball
from bigopt.deadline import Deadline
from bigopt.influencers.dual import Found, potential_gap
from bigopt.influencers.game import Influencers
from bigopt.numbers import Floats

SHARPEST = 1e-9  # of the targets' spread: the last m
DECREASE = 0.1  # from one m to the next
NEWTON = 60  # steps for an m
QUIET = 1e-13  # relative size of a step that ends Newton's method
ROUNDING = 1e-9  # relative: the bound is tried at a target that is nearer than that


def solve(game: Influencers, deadline: Deadline) -> Found:
    """Return an equilibrium, with the gap that is left."""
    dual = _Dual(game)
    v = game.receiver(np.tile(dual.ball.center, (game.players, 1)))
    size = dual.size(v)
    if dual.reach == 0 or size == 0:
        v = dual.offset if dual.reach == 0 else v
        return _found(game, best_actions(game, v), v, "centre")
    m = size
    while m > SHARPEST * size:
        v = dual.minimize(v, m, deadline)
        m *= DECREASE
    smooth = dual.minimize(v, 0.0, deadline)
    candidates = [dual.nearest_target(v), dual.nearest_target(smooth), smooth]
    results = [_found(game, best_actions(game, c), c, "smoothed Newton") for c in candidates]
    best = min(results, key=lambda found: found.gap)
    return best


def _found(game: Influencers, actions: Floats, v: Floats, method: str) -> Found:
    receiver = game.receiver(actions)
    gap = min(potential_gap(game, actions, receiver, u) for u in (v, receiver))
    return Found(v if np.abs(receiver - v).max() <= 1e-12 * (1 + np.abs(v).max()) else receiver, actions, gap, method)


class _Dual:
    """The dual of one game on a ball."""

    def __init__(self, game: Influencers) -> None:
        assert isinstance(game.action_set, Ball)
        self.game, self.ball = game, game.action_set
        self.sizes = np.abs(game.weights) * self.ball.radius
        self.reach = float(self.sizes.sum())
        self.offset = game.background + game.weights.sum() * self.ball.center

    def size(self, v: Floats) -> float:
        """Return the largest distance of a target of weight from v."""
        far = np.linalg.norm(self.game.targets - v, axis=1)
        return float(np.where(self.sizes > 0, far, 0.0).max())

    def evaluate(self, v: Floats, m: float) -> tuple[float, Floats, Floats]:
        """Return the smoothed dual, its gradient and its Hessian at v; at m = 0 players at v itself are left out."""
        away = self.game.targets - v
        lengths = np.sqrt(np.einsum("nd,nd->n", away, away) + m * m)
        value = 0.5 * float(v @ v) - float(self.offset @ v) + float(self.sizes @ lengths)
        pulls = np.divide(self.sizes, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        gradient = v - self.offset - pulls @ away
        away *= np.sqrt(np.divide(pulls, lengths**2, out=np.zeros_like(lengths), where=lengths > 0))[:, None]
        hessian = (1.0 + float(pulls.sum())) * np.eye(len(v)) - away.T @ away
        return value, gradient, hessian

    def minimize(self, v: Floats, m: float, deadline: Deadline) -> Floats:
        """Return the minimizer from v on, by Newton's method with step halving."""
        value, gradient, hessian = self.evaluate(v, m)
        for _ in range(NEWTON):
            deadline.check("minimizing the dual")
            try:
                step = np.linalg.solve(hessian, gradient)
            except np.linalg.LinAlgError:
                break
            decrement, length = float(gradient @ step), 1.0
            while length > 1e-10:
                after = self.evaluate(v - length * step, m)
                if after[0] <= value - 0.1 * length * decrement + 4e-16 * (abs(value) + self.reach):
                    break
                length *= 0.5
            if length <= 1e-10:
                break
            v, (value, gradient, hessian) = v - length * step, after
            if float(np.abs(step).max()) <= QUIET * float(np.abs(v).max() + m):
                break
        return v

    def nearest_target(self, v: Floats) -> Floats:
        """Return the nearest target of a player of weight."""
        far = np.linalg.norm(self.game.targets - v, axis=1)
        nearest: Floats = self.game.targets[int(np.where(self.sizes > 0, far, np.inf).argmin())]
        return nearest


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
        missing *= min(1.0, ball.radius / max(float(np.linalg.norm(missing)), np.finfo(float).tiny))
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
