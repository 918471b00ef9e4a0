"""The units in which model files state a sender's program: solvers' tolerances are absolute."""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.decimals import Decimals
from bigopt.games.persuasion.game import Persuasion

ORDINARY = 64.0  # utilities that differ by 1/64 to 64, and are not farther than that from 0, stay as they are


def place_and_unit(game: Persuasion, utility: Floats) -> tuple[Floats, float]:
    """Return what a sender's utility [S][A] is measured from in each state, shape (S,), and in what unit.

    From what he likes best of what Alice ever takes; in the median distance of the rest from that, a power of two, so
    that no single outcome hides the others. 0 and 1 where the utilities are of ordinary size.
    """
    inside = utility[:, game.inducible]
    if not inside.size:
        return np.zeros(len(utility)), 1.0
    gaps = inside.max(axis=1, keepdims=True) - inside
    apart = gaps[game.live][gaps[game.live] > 0]
    unit = float(np.median(apart)) if apart.size else 1.0
    if 1 / ORDINARY <= unit <= ORDINARY and float(np.abs(inside).max()) <= ORDINARY * max(unit, 1.0):
        return np.zeros(len(utility)), 1.0
    return inside.max(axis=1), float(np.exp2(np.round(np.log2(unit))))


def above(game: Persuasion, utility: Floats) -> Floats:
    """Return a sender's utility [S][A] above its place and in its unit; differences are taken on the decimals."""
    place, unit = place_and_unit(game, utility)
    if not place.any():
        return utility / unit
    exact = Decimals.of(utility)
    nearest = (exact.nearest - place[:, None]) + exact.rest
    return np.asarray(nearest / unit)


def value_of(game: Persuasion, utility: Floats, value: float) -> float:
    """Return the expected utility from the model's objective."""
    place, unit = place_and_unit(game, utility)
    return unit * value + float(game.prior @ place)
