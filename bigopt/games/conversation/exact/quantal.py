r"""Quantal response (Definition 11): expected utilities of groups of pairs, in floats and in long decimals.

A group's beliefs are exact; only the exponentials are not. In floats a probability
:math:`p_a \propto e^{\lambda(\mu_a - \max \mu)}` has an error below :math:`8 \cdot 2^{-53}`: the exponent's relative
error is a few :math:`2^{-53}`, and :math:`x e^{-x} \le 1/e` keeps it small. The decimals carry forty digits.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.games.conversation.exact.beliefs import Labels, compress, sums
from bigopt.games.conversation.exact.talk import State
from bigopt.games.conversation.game import Conversation, Exact

DIGITS = 40


def choices(game: Conversation, groups: Labels, strength: float) -> Floats:
    """Return the probability of each action in each group [A, n]; groups of weight 0 choose evenly."""
    weight, total = sums(game, groups, decided=True)
    gap = _quotient(total - total.max(axis=0), np.maximum(weight, 1), game.units[1][0])
    power = np.exp(np.maximum(strength * gap, -745.0))
    return np.asarray(power / power.sum(axis=0))


def amounts(game: Conversation, groups: Labels, chances: Floats) -> Floats:
    """Return what everybody gets beyond an informed Alice [1 + k] where group g acts by `chances[:, g]`."""
    found = []
    for player, unit in enumerate(game.units[1]):
        _, total = sums(game, groups, player, decided=True)
        found.append(float((chances * _quotient(total, np.array(game.total, dtype=total.dtype), unit)).sum()))
    return np.array(found)


def utilities(game: Conversation, groups: Labels, chances: Floats) -> Floats:
    """Return everybody's expected utility [1 + k]."""
    return np.asarray(amounts(game, groups, chances) + game.informed())


def outcomes(game: Conversation, groups: Labels, chances: Floats) -> Floats:
    """Return the induced distribution over actions and states [A, Y] (Definition 5)."""
    return np.asarray(np.einsum("aij,ijy->ay", chances[:, groups], game.prior))


def decimal_utility(game: Conversation, groups: Labels, strength: float) -> Decimal:
    """Return Alice's expected utility with forty digits, each exponential correctly rounded."""
    weight, total = sums(game, groups)
    unit = game.units[1][0]
    with localcontext() as context:
        context.prec = DIGITS
        scale = Decimal(unit.numerator) / Decimal(unit.denominator)
        value = Decimal(0)
        for w, column in zip(weight.tolist(), total.T.tolist(), strict=True):
            if w:
                powers = [(Decimal(repr(strength)) * scale * (g - max(column)) / w).exp() for g in column]
                value += sum((p * g for p, g in zip(powers, column, strict=True)), Decimal(0)) / sum(powers)
        return value * scale / game.total


def gap(game: Conversation, groups: Labels, chances: Floats) -> float:
    """Return the largest loss of quantal against best response in any group (Lemma 1)."""
    weight, total = sums(game, groups, decided=True)
    mu = _quotient(total, np.maximum(weight, 1), game.units[1][0])
    return float(((mu.max(axis=0) - (chances * mu).sum(axis=0)) * (weight > 0)).max())


def errors(game: Conversation, groups: Labels) -> Floats:
    r"""Return :math:`\|\mu - \mu_{true}\|_\infty` of each pair [X_A, X_B]; pairs of probability 0 have none."""
    weight, total = sums(game, groups)
    unit = game.units[1][0]
    known: dict[tuple[int, ...], float] = {}
    found = np.zeros(groups.shape)
    for a, b in np.argwhere(game.possible).tolist():
        g, w, m = total[:, groups[a, b]].tolist(), int(weight[groups[a, b]]), int(game.mass[a, b])
        true = game.gains[0][:, a, b].tolist()
        key = (w, m, *g, *true)
        if key not in known:
            known[key] = float(max(abs(Fraction(x * m - t * w, w * m)) for x, t in zip(g, true, strict=True)) * unit)
        found[a, b] = known[key]
    return found


def last_word(game: Conversation, before: State, heard: Labels, words: Labels) -> Labels:
    """Return Alice's groups after a Bob's last word [histories, X_B] to each history of her announcements."""
    return compress(before.alice, words[heard, np.arange(game.sizes[1])[None, :]])


def _quotient(top: Exact, bottom: Exact, unit: Fraction) -> Floats:
    """Divide integers and multiply by a unit; Python's own division of long ones rounds correctly."""
    if top.dtype != object and bottom.dtype != object:
        return np.asarray(top / bottom * float(unit), dtype=float)
    return np.asarray(top.astype(object) * unit.numerator / (bottom.astype(object) * unit.denominator), dtype=float)
