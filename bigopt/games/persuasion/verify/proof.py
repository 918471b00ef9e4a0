"""Values, stakes and bounds of one sender in fractions: what a certificate concludes is computed here."""

from __future__ import annotations

import numpy as np

from bigopt.alice import obedience
from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.flint_or_fractions import fmpq, fmpq_mat
from bigopt.arithmetic.rationals import matrix, rational
from bigopt.games.persuasion.game import Persuasion

ZERO = fmpq(0)
LEFT_OVER = fmpq(1, 10**8)  # probability, given the state


def number(exact: fmpq) -> float:
    """Return the nearest float."""
    return int(exact.numerator) / int(exact.denominator)


def value(game: Persuasion, scheme: Floats, utility: Floats) -> fmpq:
    """Return the expected utility of a scheme [S][A] whose recommendations are obeyed; its rows are scaled to 1."""
    total = ZERO
    for s, row, worth in _used(game, scheme, utility):
        total += game.exact_prior[s] * sum((p * u for p, u in zip(row, worth, strict=True)), ZERO) / sum(row, ZERO)
    return total


def stake(game: Persuasion, scheme: Floats, utility: Floats, mean: fmpq) -> float:
    """Return what is at stake for a sender: the mean distance of his utility from its mean.

    Where a scheme always gets him the same, but for what solvers leave of recommendations that they drop: at least
    the smallest difference that another action would make in some state. Outcomes that never happen don't count, so
    that one terrible entry hides no other. What a state gets him whatever Alice does hides nothing either: at most
    twice the mean range of his utility within a state is at stake.
    """
    total = ZERO
    gets: set[fmpq] = set()
    for s, row, worth in _used(game, scheme, utility):
        gets.update(u for p, u in zip(row, worth, strict=True) if p > LEFT_OVER)
        spread = sum((p * abs(u - mean) for p, u in zip(row, worth, strict=True)), ZERO)
        total += game.exact_prior[s] * spread / sum(row, ZERO)
    if len(gets) > 1:
        return number(min(total, 2 * _range(game, utility) or total))
    allowed, always = np.flatnonzero(game.inducible), next(iter(gets), mean)
    others = (abs(rational(u) - always) for u in utility[np.ix_(game.live, allowed)].ravel().tolist())
    return number(max(total, min((gap for gap in others if gap > 0), default=fmpq(1))))


def _range(game: Persuasion, utility: Floats) -> fmpq:
    """Return the mean, over states, of the range of a utility over the actions that Alice may take."""
    allowed, total = np.flatnonzero(game.inducible), ZERO
    for s in game.live.tolist():
        row = [rational(u) for u in utility[s, allowed].tolist()]
        total += game.exact_prior[s] * (max(row) - min(row))
    return total


def bound(game: Persuasion, utility: Floats, prices: Floats) -> fmpq:
    """Return the upper bound on a sender's value that prices [A][A] of the obedience rows prove."""
    return obedience.bound(
        game.exact_prior, game.exact_alice, _exact(utility), game.inducible, prices, game.exact_margin
    )


def _exact(utility: Floats) -> fmpq_mat:
    return matrix(utility)


def _used(game: Persuasion, scheme: Floats, utility: Floats) -> list[tuple[int, list[fmpq], list[fmpq]]]:
    """Return each live state with the positive entries of its row and what they are worth."""
    found = []
    for s in game.live.tolist():
        used = np.flatnonzero(scheme[s])
        row = [fmpq(*float(v).as_integer_ratio()) for v in scheme[s, used]]
        found.append((s, row, [rational(float(u)) for u in utility[s, used]]))
    return found
