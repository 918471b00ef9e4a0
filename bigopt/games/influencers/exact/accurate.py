"""How far a receiver may be from that of all equilibria, coordinate by coordinate."""

from __future__ import annotations

import numpy as np

from bigopt.action_sets import Ball
from bigopt.arithmetic.arrays import Floats
from bigopt.errors import LimitReached
from bigopt.games.influencers.dual import Found, radius
from bigopt.games.influencers.exact.equilibria import Equilibria
from bigopt.games.influencers.exact.optimal_face import polished


def receiver_error(known: Equilibria, receiver: Floats, enough: Floats) -> tuple[Floats, str, str]:
    """Return a bound on each coordinate's error, how it was found, and the grade of that.

    Parameters
    ----------
    known : Equilibria
    receiver : ndarray, shape (d,)
    enough : ndarray, shape (d,)
        A bound that need not be improved, in each coordinate.
    """
    if known.coordinates:
        return np.abs(receiver - known.receiver), "against the median formula, each coordinate by itself", "recomputed"
    away = np.abs(receiver - known.receiver)
    if known.game.action_set.is_point:
        return away, "nobody has a choice", "proved"
    room = radius(known.game, known.receiver, known.gap)
    strong = "|v - v*|^2 <= gap, by strong convexity of D"
    if (away + room <= enough).all() or isinstance(known.game.action_set, Ball) or known.actions is None:
        return away + room, strong, "proved"
    try:
        exact = polished(known.game, Found(known.receiver, known.actions, known.gap, ""), known.deadline)
    except LimitReached:
        return away + room, strong, "proved"
    return np.abs(receiver - exact.receiver), "against the receiver in fractions", "recomputed"
