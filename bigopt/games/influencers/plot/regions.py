"""Outlines on paper and ranges on the line: of the action set, of all equilibria, of all dominant actions."""

from __future__ import annotations

import numpy as np

from bigopt.action_sets import Box
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.drawing.projection import View, directions
from bigopt.games.influencers.exact import equilibria, members
from bigopt.games.influencers.exact.members import Members
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.response import pulls_of_dominance

MANY = 8  # players: of more, not all equilibria are found for a picture, but on a box
OUTLINE = 180  # directions in which a region's outline is found


def equilibrium_ranges(game: Influencers) -> Floats | None:
    """Return the smallest and largest coordinates of each player's action over all equilibria, shape (n, d, 2)."""
    own = _members(game)
    return None if own is None else own.ranges()


def regions(game: Influencers, view: View) -> dict[int, Floats]:
    """Return the outline on paper of each player's actions in all equilibria, or in all dominant profiles.

    None of them, where there are too many players to find them all in a moment.
    """
    whole = view.outline(game.action_set.argmax)
    if game.loss == "inner-product":
        if game.dimension != 2:
            return {}
        faces = dominant_faces(game)
        free = (pulls_of_dominance(game) == 0).all(axis=1)
        return {i: whole if free[i] else faces[i] for i in range(game.players)}
    own = _members(game)
    if own is None:
        return {}
    if isinstance(game.action_set, Box) and game.dimension == 2:  # coordinates separate
        return dict(enumerate(rectangles(own.ranges())))
    found = dict.fromkeys(own.idle.tolist(), whole)
    for at, player in enumerate(own.movers.tolist()):
        costs = np.zeros((OUTLINE, len(own.movers), game.dimension))
        costs[:, at] = directions(OUTLINE) @ view.basis
        found[player] = view(np.stack([own.minimize(cost)[at] for cost in costs]))
    return found


def _members(game: Influencers) -> Members | None:
    """Return the members of the equilibrium set, None where there are too many players for a picture."""
    if game.players > MANY and not isinstance(game.action_set, Box):
        return None
    return members.of(game, Request("ne-set"), equilibria.of(game, Deadline()))


def rectangles(ranges: Floats) -> Floats:
    """Return the corners of ranges (n, 2, 2) in the plane, in order, shape (n, 4, 2)."""
    return ranges[:, [[0, 1], [0, 1], [0, 1], [0, 1]], [[0, 0], [1, 0], [1, 1], [0, 1]]]


def dominant_faces(game: Influencers) -> Floats:
    """Return the two ends of each player's face of dominant actions in the plane, shape (n, 2, 2)."""
    pull = pulls_of_dominance(game)
    across = np.stack([-pull[:, 1], pull[:, 0]], axis=1)
    idle = (pull == 0).all(axis=1)
    across[idle] = [1.0, 0.0]
    tilt = 1e-9  # a face's ends are exposed by the direction turned a little to each side
    return np.stack([game.action_set.argmax(pull + s * tilt * across) for s in (-1.0, 1.0)], axis=1)
