r"""The dual of the potential, which every lower bound rests on.

With p_i = w_i (t_i - v) and S the support function of X, every v gives the lower bound -2 D(v) on the potential,

.. math:: D(v) = \tfrac12 \|v\|^2 - c_0^\top v + \sum_i S(w_i (t_i - v)),

because :math:`\|s\|^2 \ge 2 v^\top s - \|v\|^2` in eq. (5). The gap between a point's potential and that bound,

.. math:: \phi(x) + 2 D(v) = \|\hat x - v\|^2 + 2 \sum_i \left( S(p_i) - p_i^\top x_i \right),

is a sum of terms >= 0 and so computed without cancellation. D is strongly convex; its minimizer is the receiver of
every equilibrium.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.games.influencers.game import Influencers

ROUNDING = 64 * float(np.finfo(float).eps)  # of the sizes that are multiplied: errors of the gap


@dataclass(frozen=True)
class Found:
    """An equilibrium as an algorithm left it: receiver (d,), actions (n, d), and the gap of its potential."""

    receiver: Floats
    actions: Floats
    gap: float
    method: str


Keep = Callable[[Callable[[], Found]], None]  # takes what makes the best profile so far


def keep_nothing(make: Callable[[], Found]) -> None:
    """Keep no profile on the way."""


def best_at(game: Influencers, v: Floats) -> Found:
    """Return everybody's best action at a receiver v, with the gap that v proves."""
    actions = game.action_set.argmax(game.pulls(v))
    receiver = game.receiver(actions)
    return Found(receiver, actions, potential_gap(game, actions, receiver, v), "best actions at a receiver")


def linear_terms(game: Influencers, actions: Floats, v: Floats) -> Floats:
    """Return 2 (S(p_i) - p_i.x_i) at p_i = w_i (t_i - v), shape (n,).

    Where X is a point, nobody has a choice, and what is left is rounding.
    """
    if game.action_set.is_point:
        return np.zeros(game.players)
    terms = game.action_set.shortfall(game.pulls(v), actions)
    terms *= 2.0
    return np.maximum(terms, 0.0)


def potential_gap(game: Influencers, actions: Floats, receiver: Floats, v: Floats) -> float:
    """Return the potential minus the lower bound -2 D(v); a receiver that is v but for rounding counts as v."""
    size = float(np.abs(game.weights).sum()) * float(np.abs(actions).max()) + float(np.abs(game.background).max())
    apart = receiver - v
    apart[np.abs(apart) <= ROUNDING * size] = 0.0
    return float(apart @ apart + linear_terms(game, actions, v).sum())


def radius(game: Influencers, v: Floats, gap: float) -> float:
    """Return how far the receiver of all equilibria may be from v, rounding errors included.

    D is strongly convex: half the square of that distance is at most D(v) - min D, and so at most half the gap.
    """
    far = float(np.linalg.norm(game.targets - v, axis=1).max())
    size = float(np.linalg.norm(game.action_set.bounds, axis=1).max())
    reach = float(np.abs(game.weights).sum()) * size + float(np.linalg.norm(game.background))
    noise = ROUNDING * (reach * far + reach**2)
    return float(np.sqrt(max(gap, 0.0) + noise))
