r"""The certificate of weakly dominant strategies, and what all of them together allow.

Player i's largest regret over all profiles of the others is :math:`\sigma_X(w_i t_i) - w_i t_i^\top x_i`: the others'
actions cancel. A regret of 0 is eq. (15). The dominant actions are the face that :math:`w_i t_i` exposes, found in
exact arithmetic; the receivers of all dominant profiles are the sum of those faces. A player of weight whose face is a
point has a strictly dominant action (Remark 1, eq. (16)).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.action_sets import Box
from bigopt.action_sets.exposed import Exposed, exposed
from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts import Certificate, Check, Request
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.response import pulls_of_dominance
from bigopt.games.influencers.tolerances import DOMINANT, FEASIBLE, REGRET
from bigopt.games.influencers.verify.nash import clip, scaled, widths

CELLS = 20_000_000  # products of faces and players' targets that are held at a time


def verify(game: Influencers, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Prove dominance, decide which actions are alone, and give the ranges over all dominant profiles."""
    shape = [game.players, game.dimension]
    given = numbers(point.get("actions"), "actions", shape, ["player", "coordinate"])
    actions, outside = clip(game, given)
    receiver = game.receiver(actions)
    pull = pulls_of_dominance(game)
    regret = np.abs(game.weights) * np.maximum(game.action_set.shortfall(pull, actions), 0.0)
    found = exposed(game.action_set, pull)
    astray = np.maximum(found.distances(actions, widths(game)) - _rounding(game), 0.0)
    dimensions = found.dimensions
    receivers, losses = ranges(game, found)
    fields = {
        "actions": actions,
        "receiver": receiver,
        "losses": game.losses(receiver),
        "unique": dimensions == 0,
        "face_dimension": dimensions,
        "strictly_dominant": (dimensions == 0) & (game.weights != 0),
        "receiver_range": receivers,
        "loss_ranges": losses,
    }
    note = "the largest regret over all profiles"
    checks = (
        Check("feasibility", outside, FEASIBLE, "width of the action set"),
        Check("dominance", scaled(regret, game.loss_ranges()), REGRET, "payoff range", note, "proved"),
        Check("own face", float(astray.max()), DOMINANT, "width in the coordinate", "against the exact face"),
    )
    return fields, Certificate(checks, float(regret.max()), REGRET)


def _rounding(game: Influencers) -> float:
    """Return the rounding of one action in the coordinate of least width, in that width."""
    width = widths(game)
    place = np.abs(game.action_set.bounds).max(axis=0)
    return float(np.max(np.spacing(place) / np.where(width > 0, width, 1.0)))


def ranges(game: Influencers, found: Exposed) -> tuple[Floats, Floats]:
    """Return the least and largest of the receiver's coordinates and of every loss over all dominant profiles.

    Returns
    -------
    receivers : ndarray, shape (d, 2)
    losses : ndarray, shape (n, 2)
    """
    d = game.dimension
    settled = np.ones(game.players, dtype=bool)
    for tied in found.ties:
        settled[tied.rows] = False
    if isinstance(game.action_set, Box):
        return _of_box(game, found)
    base = game.background + game.weights[settled] @ found.points[settled]
    axes = np.eye(d)
    low, high = base.copy(), base.copy()
    least = game.targets @ base
    most = least.copy()
    for tied in found.ties:
        weights = game.weights[tied.rows]
        positive, negative = float(weights[weights > 0].sum()), float(-weights[weights < 0].sum())
        top, bottom = tied.face.support(axes), -tied.face.support(-axes)
        high += positive * top - negative * bottom
        low += positive * bottom - negative * top
        step = max(1, CELLS // max(1, len(game.targets)))
        for at in range(0, game.players, step):
            rows = slice(at, at + step)
            up, down = tied.face.support(game.targets[rows]), -tied.face.support(-game.targets[rows])
            most[rows] += positive * up - negative * down
            least[rows] += positive * down - negative * up
    return np.stack([low, high], axis=1), np.stack([-most, -least], axis=1)


def _of_box(game: Influencers, found: Exposed) -> tuple[Floats, Floats]:
    """Return the ranges on a box, where the receivers are a box: faces of boxes are boxes."""
    ends = np.stack([found.points, found.points])
    for tied in found.ties:
        ends[:, tied.rows] = np.array(tied.face.bounds)[:, None, :]
    supplies = np.sort(game.weights[None, :, None] * ends, axis=0)
    low, high = game.background + supplies.sum(axis=1)
    middle, half = game.targets @ (0.5 * low + 0.5 * high), np.abs(game.targets) @ (0.5 * high - 0.5 * low)
    return np.stack([low, high], axis=1), np.stack([-middle - half, half - middle], axis=1)
