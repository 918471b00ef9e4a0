"""The lemmas and theorems of Section 4 as numbers: printed, in sharp form, and what was measured."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import lambertw

from bigopt.alice.combination import Alignment
from bigopt.arithmetic.arrays import Floats
from bigopt.games.conversation.game import Conversation

NOTES = {
    "theorem_2": "alice >= max_k E_dev,k[u_A] - 2 epsilon - delta / 2 - sum w_j r_j",
    "theorem_2_single": "alice >= U_A(C*) - 2 epsilon - (k - 1/2) delta - sum w_j r_j",
    "estimate": "alice >= OPT - E|error| - log m / lambda",
}


@dataclass(frozen=True, eq=False)
class Measured:
    """What was measured of a profile and of the deviations to the reference rule.

    Attributes
    ----------
    strength : float
        lambda.
    alice, single : float
        Her utility here, and with one Bob who plays the reference rule.
    deviations : tuple of float
        Her utility when each Bob deviates to it.
    delta : float
        The largest distance between two deviations in the 1-norm.
    errors : tuple of arrays [X_A, X_B]
        Her estimation errors in each deviation.
    own_errors : array [X_A, X_B]
    gap : float
        The largest loss of quantal response in any information set.
    regrets : tuple of float
        Upper bounds of the Bobs' regrets.
    """

    strength: float
    alice: float
    deviations: tuple[float, ...]
    single: float
    delta: float
    errors: tuple[Floats, ...]
    own_errors: Floats
    gap: float
    regrets: tuple[float, ...]

    @property
    def epsilon_u(self) -> float:
        """The largest estimation error in any deviation: over transcripts of several Bobs."""
        return max(float(errors.max()) for errors in self.errors)


def statements(game: Conversation, found: Measured, fit: Alignment) -> dict[str, Any]:
    """Return every statement of Section 4, evaluated; distances count in ranges of the Bobs' utilities."""
    m, lam = game.sizes[2], found.strength
    span = float(np.ptp(game.bobs.reshape(game.k, -1), axis=1).max())
    regret = float(np.dot(fit.weights, found.regrets))
    less = 2 * fit.epsilon + regret
    opt = float(game.worth(0, game.gains[0].max(axis=0).sum()))
    mean_error = float((game.mass.astype(float) * found.own_errors).sum() / game.total)
    x = lam * found.epsilon_u
    sharp = float(lambertw((m - 1) / math.e).real) / lam
    single = found.single - less - (game.k - 0.5) * found.delta * _larger(game, span)
    return {
        "lemma_1": {"gap": found.gap, "printed": math.log(m) / lam, "sharp": sharp},
        "lemma_2": {"printed": _grow(2 * x), "sharp": 2 * math.tanh(x / 2)},
        "proposition_2": {"delta": found.delta, "printed": _grow(4 * _alone(found, lam)), "sharp": 2 * math.tanh(x)},
        "corollary_1": _high_probability(game, found),
        "corollary_2": 4 * math.e * x if x <= 0.25 else None,
        "theorem_2": max(found.deviations) - less - found.delta / 2 * span,
        "theorem_2_single": single,
        "theorem_2_printed": found.single - 2 * fit.epsilon - found.delta,
        "theorem_5": theorem_5(opt, fit.epsilon, m, lam, game.rounds),
        "corollary_3": corollary_3(opt, fit.epsilon, m, lam, game.rounds),
        "estimate": opt - mean_error - math.log(m) / lam,
    }


def theorem_5(opt: float, epsilon: float, actions: int, strength: float, rounds: int) -> float:
    """Return Theorem 5's bound at K rounds with the best failure probability of a grid; vacuous below 10^16 rounds."""
    return max(_theorem_5(opt, epsilon, actions, strength, rounds, d) for d in np.logspace(-8, -0.01, 200).tolist())


def _theorem_5(opt: float, epsilon: float, actions: int, strength: float, rounds: int, d: float) -> float:
    zeta = 10 * float(3 * actions / (rounds * d)) ** (1 / 6)
    estimation: float = 2 * (zeta + d) + _grow(4 * strength * zeta) + d
    return opt - 2 * epsilon - estimation - math.log(actions) / strength


def corollary_3(opt: float, epsilon: float, actions: int, strength: float, rounds: int) -> float | None:
    """Return Corollary 3's bound with the best failure probability; None where its hypothesis never holds."""
    best = None
    for d in np.logspace(-8, -0.01, 200).tolist():
        third = math.sqrt(3 * actions / (rounds * d)) ** (1 / 3)
        if 10 * strength * third <= 0.25:
            less = 2 * epsilon + (20 + 40 * math.e * strength) * third + 3 * d + math.log(actions) / strength
            best = max(best if best is not None else -math.inf, opt - less)
    return best


def _high_probability(game: Conversation, found: Measured) -> dict[str, float]:
    """Return Corollary 1 with the best event of features: 2 tanh(lambda e) + 2 rho, rho the probability of errors > e.

    In print the last term is rho: a total variation of at most 1 is a distance of at most 2 in the 1-norm.
    """
    worst = np.max(found.errors, axis=0)
    best = {"e": math.inf, "rho": 1.0, "delta_at_most": 2.0}
    for e in np.unique(worst[game.possible]).tolist():
        rho = int(game.mass[worst > e].sum()) / game.total
        bound = 2 * math.tanh(found.strength * e) + 2 * rho
        if bound < best["delta_at_most"]:
            best = {"e": e, "rho": rho, "delta_at_most": bound}
    return best


def _alone(found: Measured, strength: float) -> float:
    """Return lambda times the smallest largest error of a deviation: what Proposition 2 measures with C* alone."""
    return strength * min(float(errors.max()) for errors in found.errors)


def _larger(game: Conversation, span: float) -> float:
    """Return the larger of the ranges of Alice's and the Bobs' utilities."""
    return max(span, float(np.ptp(game.alice)))


def _grow(x: float) -> float:
    return math.expm1(x) if x < 700 else math.inf
