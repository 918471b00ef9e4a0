"""The outcomes on which the misalignment score of Section 7 is measured (Remark 5), and the score itself."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from bigopt.alice import combination
from bigopt.alice.utilities import Utilities, utilities
from bigopt.arithmetic.counting import repeated
from bigopt.arithmetic.decimals import fraction
from bigopt.concepts.deadline import Deadline
from bigopt.games.market.exact import enumeration
from bigopt.games.market.game import Market

Outcomes = npt.NDArray[np.intp]


def possible(game: Market) -> Outcomes:
    """Return the flat outcomes of states with a positive prior."""
    weight = repeated(np.array([w > 0 for w in game.prior_weights]), game.sizes)
    return np.flatnonzero(weight)


def alice_optimal(game: Market) -> Outcomes:
    """Return the possible outcomes that are best for Alice in their state, ties included."""
    alice = game.units[0][0]
    best = repeated(np.maximum.reduceat(alice, game.first), game.sizes)
    return np.intersect1d(np.flatnonzero(alice == best), possible(game))


def attained(game: Market, schemes: npt.NDArray[np.int64]) -> Outcomes:
    """Return the possible outcomes (y, f(y)) of some schemes [count, S]."""
    return np.intersect1d(np.unique(game.first + schemes), possible(game))


def sides(game: Market) -> tuple[Outcomes, Outcomes]:
    """Return the outcomes of the upper and of the lower inequality, by enumeration of the stable schemes."""
    return attained(game, enumeration.stable(game).schemes), alice_optimal(game)


def tight(game: Market) -> Utilities:
    """Return all utilities with the sides of Section 7: outcomes of stable schemes, and Alice's optimal ones."""
    return utilities(*game.outcome_decimals(), *sides(game))


def coarse(game: Market) -> Utilities:
    """Return the same with all possible outcomes on both sides: Theorem 6 holds with them all the more."""
    inside = possible(game)
    return utilities(*game.outcome_decimals(), inside, inside)


def score(game: Market, deadline: Deadline | None = None) -> combination.Alignment:
    """Return the tight epsilon with its weights (w >= 0 without a sum constraint) and offset."""
    return combination.aligned(tight(game), False, deadline)


def excess(game: Market, scheme: npt.NDArray[np.int64], weights: tuple[Fraction, ...], offset: Fraction) -> Fraction:
    """Return max of w U + c - u_A over the possible outcomes of a scheme, in fractions (0 where there are none)."""
    alice, bobs = game.outcome_decimals()
    found = []
    for o in attained(game, np.asarray(scheme)[None]).tolist():
        mixed = sum((w * fraction(row[o]) for w, row in zip(weights, bobs, strict=True)), offset)
        found.append(mixed - fraction(alice[o]))
    return max(found)
