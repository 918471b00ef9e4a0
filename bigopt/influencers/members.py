"""Members of the equilibrium set: ranges, extreme ones, and the one of least norm, from linear minimization over it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from bigopt import catalog, solvers
from bigopt.action_sets import Ball, Box
from bigopt.concepts import Request
from bigopt.errors import UnsupportedProblem
from bigopt.influencers import box
from bigopt.influencers.equilibria import Equilibria
from bigopt.influencers.game import Influencers
from bigopt.influencers.optimal_face import minimized
from bigopt.numbers import Floats, Ints
from bigopt.projection import onto_hull

LEAST = 1e-12  # relative: how far the norm may still fall when the search for the least ends
ROUNDS = 500
DELEGATES = ("highs", "scip", "ipopt", "cbc", "glpk")  # solvers for the linear programs of `ne_face`


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


class OnFace(Members):
    """Simplices, hulls, polytopes: one linear program in the columns of the optimal face."""

    method = "linear programs on the optimal face"

    def __init__(self, request: Request, known: Equilibria) -> None:
        """State the program once."""
        assert known.actions is not None
        self.face = known.face
        super().__init__(request, known, self.face.tied, known.actions)

    def minimize(self, cost: Floats) -> Floats:
        """Solve the program for one cost."""
        maps = self.face.maps
        columns = np.concatenate([m.T @ c for m, c in zip(maps, cost, strict=True)])
        (a_ub, b_ub), (a_eq, b_eq) = self.face.inequalities, self.face.equations
        size = float(np.abs(columns).max()) or 1.0
        found = minimized(columns / size, a_ub, b_ub, a_eq, b_eq, (None, None))
        parts = np.split(found, np.cumsum([m.shape[1] for m in maps])[:-1])
        return np.stack([m @ u for m, u in zip(maps, parts, strict=True)])


class OnBox(Members):
    """Boxes: in each coordinate a continuous knapsack."""

    method = "a continuous knapsack a coordinate"

    def __init__(self, request: Request, known: Equilibria) -> None:
        """Keep the coordinates."""
        self.coordinates = known.coordinates
        shared = [c.tied for c in self.coordinates if c.shared and len(c.tied) > 1]
        movers = np.unique(np.concatenate(shared)) if shared else np.zeros(0, dtype=np.int64)
        super().__init__(request, known, movers, box.least_norm(known.game, self.coordinates))

    def minimize(self, cost: Floats) -> Floats:
        """Fill each coordinate's supply from the cheapest player on."""
        result = self.actions[self.movers]
        lower, upper = self.game.action_set.bounds
        for k, c in enumerate(self.coordinates):
            if not c.shared or len(c.tied) < 2:
                continue
            at = np.searchsorted(self.movers, c.tied)
            w = self.game.weights[c.tied]
            least, most = np.minimum(w * lower[k], w * upper[k]), np.maximum(w * lower[k], w * upper[k])
            order = np.argsort(cost[at, k] / w, kind="stable")
            room = (most - least)[order]
            given = np.clip(c.supply - least.sum() - np.concatenate([[0.0], np.cumsum(room)[:-1]]), 0.0, room)
            result[at[order], k] = np.clip((least[order] + given) / w[order], lower[k], upper[k])
        return result

    def ranges(self) -> Floats:
        """Return the ranges: a tied player gives at least what the others cannot, at most what they leave."""
        low, high = self.actions.copy(), self.actions.copy()
        lower, upper = self.game.action_set.bounds
        low[self.idle], high[self.idle] = lower, upper
        for k, c in enumerate(self.coordinates):
            if not c.shared or len(c.tied) < 2:
                continue
            w = self.game.weights[c.tied]
            least, most = np.minimum(w * lower[k], w * upper[k]), np.maximum(w * lower[k], w * upper[k])
            ends = np.sort(
                [
                    np.maximum(least, c.supply - (most.sum() - most)) / w,
                    np.minimum(most, c.supply - (least.sum() - least)) / w,
                ],
                axis=0,
            )
            low[c.tied, k], high[c.tied, k] = np.clip(ends, lower[k], upper[k])
        return np.stack([low, high], axis=2)

    def least(self) -> Floats:
        """Return the solution in closed form."""
        return self.actions


class BySolver(Members):
    """Any polyhedron, each linear program solved by the solver that was named, from the model file `ne_face`."""

    method = "the solver's linear programs on the optimal face"

    def __init__(self, request: Request, known: Equilibria) -> None:
        """Build the model for the players who have a choice."""
        own = (OnBox if isinstance(known.game.action_set, Box) else OnFace)(request, known)
        super().__init__(request, known, own.movers, own.actions)
        self.module = catalog.model("ne_face")
        game = self.game
        fixed = np.setdiff1d(np.arange(game.players), self.movers)
        supply = known.receiver - game.background - game.weights[fixed] @ self.actions[fixed]
        self.model = self.module.build(game, known.receiver, self.movers, supply) if len(self.movers) else None

    def minimize(self, cost: Floats) -> Floats:
        """Solve the model for one cost."""
        self.module.aim(self.model, cost)
        run = solvers.run(
            self.request.solver,
            self.model,
            "LP",
            time_limit=self.request.deadline.remaining,
            options=self.request.solver_options,
            tee=self.request.tee,
        )
        self.request.deadline.check("finding the ranges")
        if run.holds != "optimal":
            raise UnsupportedProblem(f"{self.request.solver}: stops with {run.stopped} on ne_face: use --solver exact")
        return np.asarray(self.module.read(self.model)["actions"])


class OnBall(Members):
    """Balls: players whose target is the receiver share a supply, each from a ball."""

    method = "the tied players of a ball"

    def __init__(self, request: Request, known: Equilibria) -> None:
        """Keep the tied players, if more than one way is left to share."""
        assert known.actions is not None
        several = known.dimension > known.game.dimension * int((known.game.weights == 0).sum())
        movers = known.tied if several else np.zeros(0, dtype=np.int64)
        super().__init__(request, known, movers, known.actions)
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


def of(game: Influencers, request: Request, known: Equilibria) -> Members:
    """Return the members of a game's equilibrium set, minimized over by `exact` or by the solver that was named."""
    if request.solver in DELEGATES:
        if not game.action_set.polyhedral:
            reason = f"cannot take ne-set of {game.name} (a {game.action_set.type} has no linear face)"
            raise UnsupportedProblem(f"solver {request.solver}: {reason}: use --solver exact")
        return BySolver(request, known)
    if isinstance(game.action_set, Box):
        return OnBox(request, known)
    return OnBall(request, known) if isinstance(game.action_set, Ball) else OnFace(request, known)
