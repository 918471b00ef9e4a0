r"""The equilibrium in one dimension, in closed form.

In the coordinate H the receiver is a sum of what the players contribute, and every loss is single-peaked with its peak
at H(t_i). So a player whose target is above the receiver labels as from the upper end of X, one below as from the
lower end, and at the target anything between: with the players sorted by target, a_i and b_i what they contribute from
the lower and the upper end,

.. math:: H(\hat x) = \operatorname{median}\{H(t_1), \dots, H(t_n), g_0, \dots, g_n\}, \qquad
          g_k = \sum_{j \le k} a_{(j)} + \sum_{j > k} b_{(j)}.

H(t_(k)) rises and g_k falls with k: about log2 n values of H are enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints


class Coordinate(Protocol):
    """An increasing coordinate in which the receiver is the sum of the players' shares."""

    def value(self, points: Floats) -> Floats:
        """Return the sum of everybody's shares, all at the same point, for each point."""
        ...

    def shares(self, actions: Floats) -> Floats:
        """Return what each player contributes, shape (n,)."""
        ...

    def part(self, players: Ints) -> Coordinate:
        """Return the coordinate of some players alone."""
        ...

    def invert(self, value: float, low: float, high: float) -> float:
        """Return the point in [low, high] of a value, the nearer end beyond."""
        ...


@dataclass(frozen=True)
class Affine:
    """The coordinate of an affine receiver: x itself, with weights [n]. The theoretical game of the paper."""

    weights: Floats

    def value(self, points: Floats) -> Floats:
        """Return the weights' sum times x."""
        return np.asarray(points * self.weights.sum())

    def shares(self, actions: Floats) -> Floats:
        """Return w_i x_i."""
        return np.asarray(self.weights * actions)

    def part(self, players: Ints) -> Affine:
        """Return the coordinate of some players."""
        return Affine(self.weights[players])

    def invert(self, value: float, low: float, high: float) -> float:
        """Divide by the weights' sum."""
        return float(min(max(value / float(self.weights.sum()), low), high))


@dataclass(frozen=True)
class Equilibrium:
    """The receiver, an action for each player [n], the players whose target it is, and whether they are free."""

    receiver: float
    actions: Floats
    tied: Ints
    unique: bool


def equilibrium(targets: Floats, coordinate: Coordinate, low: float, high: float) -> Equilibrium:
    """Return the equilibrium of players with targets [n] in [low, high]; tied players share equally."""
    n = len(targets)
    order = np.argsort(targets, kind="stable")
    t = targets[order]
    least, most = (coordinate.shares(np.full(n, end))[order] for end in (low, high))
    levels = float(most.sum()) - np.concatenate([[0.0], np.cumsum(most - least)])
    first, last = 0, n  # the first k whose target is not under the level below it
    while first < last:
        k = (first + last) // 2
        if float(coordinate.value(t[k : k + 1])[0]) >= levels[k + 1]:
            last = k
        else:
            first = k + 1
    actions = np.where(np.arange(n) < first, low, high)
    if first == n or float(coordinate.value(t[first : first + 1])[0]) >= levels[first]:
        receiver, tied = coordinate.invert(float(levels[first]), low, high), np.zeros(0, dtype=np.int64)
        back = np.empty(n)
        back[order] = actions
        return Equilibrium(receiver, back, tied, True)
    receiver = float(t[first])
    group = np.flatnonzero(t == receiver)
    above, below = np.flatnonzero(t > receiver), np.flatnonzero(t < receiver)
    supply = float(coordinate.value(t[first : first + 1])[0]) - float(most[above].sum()) - float(least[below].sum())
    actions[below], actions[above] = low, high
    actions[group] = coordinate.part(order[group]).invert(supply, low, high)
    back = np.empty(n)
    back[order] = actions
    shared = float(least[group].sum()) < supply < float(most[group].sum())
    return Equilibrium(receiver, back, np.sort(order[group]), len(group) == 1 or not shared)
