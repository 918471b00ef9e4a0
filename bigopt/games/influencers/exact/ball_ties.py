r"""The equilibrium set on a ball: whether players share a target that is the receiver, decided by rigorous arithmetic.

Players whose target is not the receiver have one best response. So there is more than one equilibrium only if at least
two players of weight share a target t that is the receiver, and the residual

.. math:: R(t) = t - c - r \sum_{t_i \ne t} |w_i| \frac{t_i - t}{\|t_i - t\|}, \qquad c = c_0 + \sum_i w_i\, center,

is shorter than what they can supply together, r times the sum of their |w_i|; where it is as long, they have one way to
supply it. Lengths are square roots: the comparison is exact where all of them are rational, and else made in intervals
of ever more digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

import numpy as np

from bigopt.action_sets import Ball
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.flint_or_fractions import fmpq, fmpq_mat
from bigopt.arithmetic.rationals import dot, matrix, rational, total
from bigopt.concepts.deadline import Deadline
from bigopt.games.influencers.dual import radius
from bigopt.games.influencers.exact.ball import best_actions
from bigopt.games.influencers.exact.equilibrium_set import EquilibriumSet
from bigopt.games.influencers.game import Influencers

ROUNDING = 64 * float(np.finfo(float).eps)  # of the sizes that are added: errors of the residual
BITS = (128, 512, 2048, 8192)  # residuals and reaches that agree in all of them are taken as equal


def ball_ties(game: Influencers, actions: Floats, v: Floats, gap: float, deadline: Deadline) -> EquilibriumSet:
    """Return the equilibrium set around one equilibrium; the arguments are those of `optimal_face.optimal_face`."""
    ball = game.action_set
    assert isinstance(ball, Ball)
    nobody = np.zeros(0, dtype=np.int64)
    if ball.radius == 0:
        return EquilibriumSet(v, actions, 0, nobody)
    free = game.dimension * int((game.weights == 0).sum())
    near = np.linalg.norm(game.targets - v, axis=1) <= radius(game, v, gap)
    players = np.flatnonzero(near & (game.weights != 0))
    shared, where, counts = np.unique(game.targets[players], axis=0, return_inverse=True, return_counts=True)
    for k in np.flatnonzero(counts > 1).tolist():
        tied = players[where.ravel() == k]
        if _inside(game, ball, shared[k], tied, deadline):
            more = game.dimension * (len(tied) - 1)
            return EquilibriumSet(shared[k], best_actions(game, shared[k]), free + more, tied)
    return EquilibriumSet(v, actions, free, nobody)


def _inside(game: Influencers, ball: Ball, target: Floats, tied: Ints, deadline: Deadline) -> bool:
    """Whether the residual at a target is shorter than its players' reach: in floats where there is no doubt."""
    others = game.weights != 0
    others[tied] = False
    away, weights = game.targets[others] - target, np.abs(game.weights[others])
    lengths = np.linalg.norm(away, axis=1)
    start = target - game.background - game.weights.sum() * ball.center
    residual = start - ball.radius * ((weights / lengths) @ away)
    reach = ball.radius * float(np.abs(game.weights[tied]).sum())
    size = float(np.abs(start).max()) + float(np.abs(game.weights).sum()) * (
        ball.radius + float(np.abs(ball.center).max())
    )
    noise = ROUNDING * game.dimension * (size + float(np.abs(game.background).max()))
    noise += ROUNDING * float(np.abs(target).max()) * float((weights / lengths).sum()) * ball.radius
    short = float(np.linalg.norm(residual))
    if abs(short - reach) > noise:
        return short < reach
    return _inside_exactly(game, ball, target, tied, np.flatnonzero(others), deadline)


def _inside_exactly(
    game: Influencers, ball: Ball, target: Floats, tied: Ints, others: Ints, deadline: Deadline
) -> bool:
    """Compare the squares of the residual and the reach."""
    t, r = matrix(target), rational(ball.radius)
    start = t - matrix(game.background_point) * rational(game.background_weight)
    start -= matrix(ball.center) * total(game.weights)
    reach = r * total(np.abs(game.weights[tied]))
    away = [matrix(game.targets[i]) - t for i in others.tolist()]
    pulls = [r * rational(weight) for weight in np.abs(game.weights[others]).tolist()]
    arrows = [arrow * pull for arrow, pull in zip(away, pulls, strict=True)]
    squares = [dot(arrow, arrow) for arrow in away]
    for bits in BITS:
        deadline.check("comparing square roots")
        least, most = zip(*(_inverse_root(square, bits) for square in squares), strict=True) if squares else ((), ())
        low, high = _square_within(start, arrows, least, most)
        if high < reach**2:
            return True
        if low >= reach**2:
            return False
    return False


def _inverse_root(square: fmpq, bits: int) -> tuple[fmpq, fmpq]:
    """Return bounds of 1 / sqrt(square), one number where it is rational, else 2^-bits of it apart."""
    top, bottom = int(square.denominator), int(square.numerator)  # 1 / sqrt = sqrt(top / bottom)
    if isqrt(top) ** 2 == top and isqrt(bottom) ** 2 == bottom:
        return (exactly := fmpq(isqrt(top), isqrt(bottom))), exactly
    whole = top * bottom  # sqrt(top / bottom) = sqrt(whole) / bottom
    shift = max(0, bits - whole.bit_length() // 2)
    root = isqrt(whole << 2 * shift)
    return fmpq(root, bottom << shift), fmpq(root + 1, bottom << shift)


def _square_within(
    start: fmpq_mat, arrows: list[fmpq_mat], least: Sequence[fmpq], most: Sequence[fmpq]
) -> tuple[fmpq, fmpq]:
    """Return bounds of |start - sum_j arrows_j f_j|^2 for factors f_j between bounds."""
    tables, low, high = [arrow.entries() for arrow in arrows], fmpq(0), fmpq(0)
    for k, value in enumerate(start.entries()):
        ends = [sorted((row[k] * a, row[k] * b)) for row, a, b in zip(tables, least, most, strict=True)]
        down = value - sum((b for _, b in ends), fmpq(0))
        up = value - sum((a for a, _ in ends), fmpq(0))
        high += max(down * down, up * up)
        low += min(down * down, up * up) if (down > 0) == (up > 0) else fmpq(0)
    return low, high
