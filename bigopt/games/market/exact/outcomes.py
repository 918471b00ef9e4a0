"""The outcomes on which the misalignment score of Section 7 is measured (Remark 5), and the score itself."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bigopt.alice import alignment
from bigopt.concepts.deadline import Deadline
from bigopt.games.market.exact import enumeration
from bigopt.games.market.game import Market

Outcomes = npt.NDArray[np.intp]


def possible(game: Market) -> Outcomes:
    """Return the flat outcomes of states with a positive prior."""
    weight = np.repeat(np.array([w > 0 for w in game.prior_weights]), game.sizes)
    return np.flatnonzero(weight)


def alice_optimal(game: Market) -> Outcomes:
    """Return the possible outcomes that are best for Alice in their state, ties included."""
    alice = game.units[0][0]
    best = np.repeat(np.maximum.reduceat(alice, game.first), game.sizes)
    return np.intersect1d(np.flatnonzero(alice == best), possible(game))


def attained(game: Market, schemes: npt.NDArray[np.int64]) -> Outcomes:
    """Return the possible outcomes (y, f(y)) of some schemes [count, S]."""
    return np.intersect1d(np.unique(game.first + schemes), possible(game))


def sides(game: Market) -> tuple[Outcomes, Outcomes]:
    """Return the outcomes of the upper and of the lower inequality, by enumeration of the stable schemes."""
    return attained(game, enumeration.stable(game).schemes), alice_optimal(game)


def score(game: Market, deadline: Deadline | None = None) -> alignment.Alignment:
    """Return the tight epsilon with its weights (w >= 0 without a sum constraint) and offset."""
    upper, lower = sides(game)
    return alignment.fit(*game.outcome_utilities(), convex=False, upper=upper, lower=lower, deadline=deadline)


def coarse(game: Market, deadline: Deadline | None = None) -> alignment.Alignment:
    """Return epsilon over all possible outcomes: no enumeration, and Theorem 6 holds with it all the more."""
    alice, bobs = game.outcome_utilities()
    inside = possible(game)
    return alignment.fit(alice[inside], bobs[:, inside], convex=False, deadline=deadline)
