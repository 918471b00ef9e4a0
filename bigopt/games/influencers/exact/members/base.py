"""What the members of every action set's equilibrium set have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from bigopt.action_sets.projection import onto_hull
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts.concept import Request
from bigopt.games.influencers.exact.equilibria import Equilibria

LEAST = 1e-12  # relative: how far the norm may still fall when the search for the least ends
ROUNDS = 500


class Members(ABC):
    """The equilibria as the players who may move, and a way to minimize a linear function over them.

    Attributes
    ----------
    movers : ndarray of int
        The players of weight who have a choice.
    actions : ndarray, shape (n, d)
        One equilibrium: what everybody else plays in all.
    """

    method: ClassVar[str]

    def __init__(self, request: Request, known: Equilibria, movers: Ints, actions: Floats) -> None:
        """Keep one equilibrium and who moves; players of weight 0 stand nearest to the origin."""
        self.request, self.game = request, known.game
        self.idle = np.flatnonzero(self.game.weights == 0)
        self.actions = actions.copy()
        self.actions[self.idle] = self.game.action_set.project(np.zeros((1, self.game.dimension)))
        self.movers = movers

    @abstractmethod
    def minimize(self, cost: Floats) -> Floats:
        """Return the movers' actions that minimize the sum of cost * x, shape (|movers|, d) both."""

    def member(self, cost: Floats) -> Floats:
        """Return the equilibrium that minimizes sum cost * x, shape (n, d) both."""
        result = self.actions.copy()
        result[self.idle] = self.game.action_set.argmax(-cost[self.idle])
        if len(self.movers):
            result[self.movers] = self.minimize(cost[self.movers])
        return result

    def extremes(self) -> Floats:
        """Return two opposite extreme members, shape (2, n, d): the ends of a generic direction."""
        cost = np.random.default_rng(0).normal(size=self.actions.shape)
        return np.stack([self.member(cost), self.member(-cost)])

    def ranges(self) -> Floats:
        """Return the smallest and largest of every coordinate over the set, shape (n, d, 2)."""
        low, high = self.actions.copy(), self.actions.copy()
        low[self.idle], high[self.idle] = self.game.action_set.bounds
        d, m = self.game.dimension, len(self.movers)
        for at, player in enumerate(self.movers.tolist()):
            self.request.progress(f"ranges of player {player}", at / m)
            for k in range(d):
                self.request.deadline.check("finding the ranges")
                cost = np.zeros((m, d))
                cost[at, k] = 1.0
                low[player, k] = self.minimize(cost)[at, k]
                high[player, k] = self.minimize(-cost)[at, k]
        return np.stack([low, high], axis=2)

    def least(self) -> Floats:
        """Return the equilibrium of least Euclidean norm, shape (n, d).

        Wolfe's idea: the point of least norm in the hull of the members found so far, and the member that is best
        against it, until none is better.
        """
        result = self.actions.copy()
        if not len(self.movers):
            return result
        shape = (len(self.movers), self.game.dimension)
        found = self.actions[self.movers].reshape(1, -1)
        point = found[0]
        for _ in range(ROUNDS):
            self.request.deadline.check("finding the member of least norm")
            new = self.minimize(point.reshape(shape)).ravel()
            if point @ (point - new) <= LEAST * (1.0 + float(point @ point)):
                break
            found = np.vstack([found, new])
            point = onto_hull(np.zeros((1, len(point))), found)[0]
        result[self.movers] = point.reshape(shape)
        return result
