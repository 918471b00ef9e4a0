r"""A game in units of its own for solvers, whose tolerances are absolute: about the middle of X, and of width one.

With x = o + u y, coordinate by coordinate, the receiver is r + u z, z = sum_i w_i y_i and r = c0 + o sum_i w_i, and

.. math:: \phi(x) = \sum_k u_k^2 \Big( z_k^2 - 2 \sum_i w_i s_{ik} y_{ik} \Big) + \|r\|^2 - 2 \sum_i w_i t_i^\top o,
          \qquad s_{ik} = (t_{ik} - r_k) / u_k.

On a box coordinates are independent, so that each has its own unit and the factors u_k^2 may be left out; elsewhere
there is one unit. What of a target is orthogonal to the plane of X is left out too: it changes phi by a constant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bigopt.action_sets import Ball, Box, Hull, Polytope, Simplex
from bigopt.action_sets.base import ActionSet
from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.rationals import matrix, minus, rational, total
from bigopt.games.influencers.game import Influencers

ORDINARY = 64.0  # a set of widths from 1/64 to 64, and not farther than that from 0, stays in the game's own units
PLANE = 1e-12  # of the largest singular value: a smaller one belongs to a direction in which X is flat


@dataclass(frozen=True)
class Units:
    """The units of a game."""

    original: Influencers

    @cached_property
    def ordinary(self) -> bool:
        """Whether the game's own units serve: then o = 0, u = 1, and the program is the paper's own."""
        chosen = self.original.action_set
        lower, upper = chosen.bounds
        width = np.asarray(upper - lower)
        near = float(max(np.abs(lower).max(), np.abs(upper).max())) <= ORDINARY
        flat = isinstance(chosen, Hull) and not chosen.has_interior
        return bool(near and width.min() >= 1.0 / ORDINARY and not flat)

    @cached_property
    def origin(self) -> Floats:
        """A point o of X near its middle, shape (d,); 0 on a simplex."""
        chosen = self.original.action_set
        return np.zeros(chosen.dimension) if self.ordinary or isinstance(chosen, Simplex) else chosen.middle

    @cached_property
    def lengths(self) -> Floats:
        """The units u, powers of two near X's widths, shape (d,): on a box one a coordinate, elsewhere one for all."""
        if self.ordinary:
            return np.ones(self.original.dimension)
        lower, upper = self.original.action_set.bounds
        width = np.asarray(upper - lower)
        if not isinstance(self.original.action_set, Box):
            width = np.full(len(width), width.max())
        return np.exp2(np.round(np.log2(np.where(width > 0, width, 1.0))))

    @cached_property
    def action_set(self) -> ActionSet:
        """The set Y of the y_i; X itself where the game's units are ordinary."""
        chosen = self.original.action_set
        return chosen if self.ordinary else _divided(chosen.moved(self.origin), self.lengths)

    @cached_property
    def game(self) -> Influencers:
        """The game of the y_i, with targets s_i and no background; the game itself where its units are ordinary."""
        game = self.original
        if self.ordinary:
            return game
        place = matrix(game.background_point) * rational(game.background_weight)
        place += matrix(self.origin) * total(game.weights)
        targets = minus(game.targets, place) / self.lengths
        chosen = self.action_set
        nothing = np.zeros(game.dimension)
        plane = _plane(chosen)
        if plane is not None:
            targets = targets @ plane.T @ plane
        return replace(game, targets=targets, action_set=chosen, background_weight=0.0, background_point=nothing)

    def potential(self, value: float) -> float | None:
        """Return the potential from the model's objective, None where its coordinates are in different units."""
        if self.ordinary:
            return value
        if (self.lengths != self.lengths[0]).any():
            return None
        game, o = self.original, self.origin
        r = game.background + game.weights.sum() * o
        constant = float(r @ r) - 2.0 * float((game.weights @ game.targets) @ o)
        return float(self.lengths[0]) ** 2 * value + constant

    def actions(self, values: Floats) -> Floats:
        """Return actions of the game itself."""
        return np.asarray(self.origin + values * self.lengths)


@dataclass(frozen=True)
class ReplyUnits:
    """The units in which a model states one player's best response to a profile [n][d]."""

    game: Influencers
    player: int
    profile: Floats

    @cached_property
    def units(self) -> Units:
        """Those of the action set."""
        return Units(self.game)

    @cached_property
    def origin(self) -> Floats:
        """The receiver where the player's action is o, shape (d,)."""
        w = float(self.game.weights[self.player])
        start: Floats = self.game.receiver(self.profile) + w * (self.units.origin - self.profile[self.player])
        return start

    @property
    def aims(self) -> Floats:
        """How far the target is from there, s, shape (d,)."""
        return np.asarray((self.game.targets[self.player] - self.origin) / self.units.lengths)

    @property
    def worth(self) -> float:
        """What a width is worth under inner-product loss, h: the largest |t_k u_k|, 1 where units are ordinary."""
        most = float(np.abs(self.game.targets[self.player] * self.units.lengths).max())
        return 1.0 if self.units.ordinary or most == 0 else most

    def loss(self, value: float) -> float | None:
        """Return the player's loss from the model's objective, None where its coordinates are in different units."""
        lengths = self.units.lengths
        if self.game.loss != "squared":
            return self.worth * value - float(self.game.targets[self.player] @ self.origin)
        return None if (lengths != lengths[0]).any() else float(lengths[0]) ** 2 * value


def _divided(chosen: ActionSet, lengths: Floats) -> ActionSet:
    """Return the set with its coordinates in those units (one for all, but on a box)."""
    if isinstance(chosen, Box):
        return Box(chosen.lower / lengths, chosen.upper / lengths)
    unit = float(lengths[0])
    if isinstance(chosen, Ball):
        return Ball(chosen.center / unit, chosen.radius / unit)
    if isinstance(chosen, Simplex):
        return Simplex(chosen.scale / unit, chosen.dimension)
    if isinstance(chosen, Hull):
        return Hull(chosen.points / unit)
    assert isinstance(chosen, Polytope)
    equal = None if chosen.b_eq is None else chosen.b_eq / unit
    return Polytope(chosen.A, chosen.b / unit, chosen.A_eq, equal)


def _plane(chosen: ActionSet) -> Floats | None:
    """Return an orthonormal basis of a hull's plane as rows, None where it has room in all directions."""
    if not isinstance(chosen, Hull) or chosen.has_interior:
        return None
    _, values, rows = np.linalg.svd(chosen.points - chosen.middle, full_matrices=False)
    return np.asarray(rows[values > PLANE * max(float(values[0]), np.finfo(float).tiny)])
