r"""A smooth approximation of the dual of the potential, for games with many players and few vertices.

Each player's best vertex, max_k s_ik with s_ik = sign(w_i) (t_i - v).p_k, gives way to its soft maximum
m log sum_k exp(s_ik / m). The smoothed dual, half of D of `verify` with its soft maxima, is

.. math:: D_m(v) = \tfrac12 \|v\|^2 - c_0^\top v + \sum_i |w_i|\, m \log \sum_k e^{s_{ik} / m},

strongly convex, with Hessian I + sum_i |w_i| / m Cov_i: Newton's method needs d x d systems only. Sharpening m leaves
a point near the minimum of D and few players whose best vertex is in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.games.influencers.game import Influencers

CHUNK = 1 << 16  # entries of a score matrix held at a time
FAINT = -50.0  # e^-50 of the best is lost in rounding anyway, and smaller numbers are slow
NEWTON = 30  # steps a sharpness
DECREASE = 1e-3  # of m times the weights: the Newton decrement that ends a sharpness


@dataclass(frozen=True)
class Scores:
    """Who likes which vertex how much.

    Attributes
    ----------
    game : Influencers
    points : ndarray, shape (q, d)
        The vertices.
    every : int
        Counts only players 0, every, 2 every, ... with that many times their weight.
    """

    game: Influencers
    points: Floats
    every: int = 1

    def chunks(self, v: Floats) -> Iterator[tuple[slice, Floats, Floats]]:
        """Yield (players, weights, scores [q][chunk]) a block at a time; a player's scores are a column."""
        game = self.game
        weights = game.weights[:: self.every]
        targets = game.targets[:: self.every]
        step = max(1, CHUNK // len(self.points))
        for at in range(0, len(weights), step):
            block = slice(at, at + step)
            away = targets[block] - v
            if (weights[block] <= 0).any():
                away *= np.sign(weights[block])[:, None]
            yield block, weights[block] * self.every, self.points @ away.T

    def size(self, v: Floats) -> float:
        """Return a bound on the scores' size."""
        far = float(np.linalg.norm(self.game.targets - v, axis=1).max())
        return (far + float(np.linalg.norm(v))) * float(np.linalg.norm(self.points, axis=1).max())

    def smoothed(self, v: Floats, m: float) -> tuple[float, Floats, Floats]:
        """Return D_m, its gradient and its Hessian at v."""
        points = self.points
        value = 0.5 * float(v @ v) - float(self.game.background @ v)
        supply = np.zeros(len(v))
        curvature = np.eye(len(v))
        mass = np.zeros(len(points))
        for _, weights, scores in self.chunks(v):
            top = scores.max(axis=0)
            scores -= top
            scores *= 1.0 / m
            np.maximum(scores, FAINT, out=scores)
            np.exp(scores, out=scores)
            total = scores.sum(axis=0)
            sizes = np.abs(weights)
            value += float(sizes @ (top + m * np.log(total)))
            scores *= 1.0 / total
            mean = points.T @ scores
            supply += mean @ weights
            mass += scores @ sizes
            curvature -= (mean * (sizes / m)) @ mean.T
        curvature += (points * (mass / m)[:, None]).T @ points
        return value, v - self.game.background - supply, curvature

    def minimize(self, v: Floats, m: float, deadline: Deadline) -> Floats:
        """Return the minimizer of D_m from v on, by Newton's method with step halving."""
        value, gradient, hessian = self.smoothed(v, m)
        for _ in range(NEWTON):
            deadline.check("smoothing the dual")
            try:
                step = np.linalg.solve(hessian, gradient)
            except np.linalg.LinAlgError:  # too sharp for floats
                break
            decrement = float(gradient @ step)
            length = 1.0
            while length > 1e-8:
                after = self.smoothed(v - length * step, m)
                if after[0] <= value - 0.1 * length * decrement + 1e-14 * abs(value):
                    break
                length *= 0.5 if length > 0.2 else 0.2
            v, (value, gradient, hessian) = v - length * step, after
            if decrement <= DECREASE * m * float(np.abs(self.game.weights).sum()) or length <= 1e-8:
                break
        return v
