"""Certificate of quantal play: utilities by decimals of forty digits, the theorems of Section 4 in provable form."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np

from bigopt.alice import combination
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import UsageError
from bigopt.games.conversation import rules
from bigopt.games.conversation.exact import closure, quantal, replies, reply_tree
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import bounds
from bigopt.games.conversation.verify.agreement import step_of

EXPONENTIALS = 1e-13  # what floats may be off, in ranges of Alice's utility: each probability is within 8 roundings
ROUNDING = 1e-9  # of the inequalities, in ranges of utility
COARSE = 1000.0  # the bounds of regrets take this many times the usual tolerance of a closure


def profile_of(game: Conversation) -> list[rules.Rule]:
    """Return the Bobs' rules: the game's profile, else everybody straightforward."""
    given = game.profile if game.profile is not None else ["straightforward"] * game.k
    profile = list(rules.read(given, game.k, game.sizes[1], game.rounds))
    if any(rule.histories is not None for rule in profile):
        raise UsageError("profile: rules over histories of letters, but Alice announces beliefs: use names or rounds")
    return profile


def quantal_play(game: Conversation, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute utilities, regrets, closeness and bounds of a profile against a straightforward quantal Alice."""
    strength, step = float(request.options["lambda"]), step_of(request)
    profile = profile_of(game)
    here = replies.played(game, profile, strength, step)
    low, high = regrets(game, profile, here, strength, step, request)
    deviations = reference(game, profile, strength, step)
    chances = quantal.choices(game, here.groups, strength)
    measured = bounds.Measured(
        strength=strength,
        alice=float(here.utilities[0]),
        deviations=tuple(float(reply.utilities[0]) for reply in deviations),
        single=float(replies.played(game, [rules.Rule("straightforward")], strength, step).utilities[0]),
        delta=distance(game, deviations, strength),
        errors=tuple(quantal.errors(game, reply.groups) for reply in deviations),
        own_errors=quantal.errors(game, here.groups),
        gap=quantal.gap(game, here.groups, chances),
        regrets=tuple(high),
    )
    fit = combination.fit(*game.outcome_utilities(), deadline=request.deadline)
    stated = bounds.statements(game, measured, fit)
    fields = {
        "alice": measured.alice,
        "bobs": here.utilities[1:],
        "regrets": low,
        "regrets_at_most": high,
        "opt": float(game.worth(0, game.gains[0].max(axis=0).sum())),
        "delta": measured.delta,
        "epsilon_u": measured.epsilon_u,
        "error": float(measured.own_errors.max()),
        "epsilon": fit.epsilon,
        "distribution": quantal.outcomes(game, here.groups, chances),
        "bounds": stated,
    }
    exact = float(quantal.decimal_utility(game, here.groups, strength))
    scale = float(np.ptp(game.alice)) or 1.0
    note = "exponentials rounded correctly to forty digits"
    limit = EXPONENTIALS + rounding(exact) / scale
    off = Check("exponentials", abs(exact - measured.alice) / scale, limit, "utility range", note)
    return fields, Certificate((off, _bounded(game, low, high), *_theorems(game, measured.alice, stated)), max(high))


def regrets(
    game: Conversation,
    profile: Sequence[rules.Rule],
    here: replies.Reply,
    strength: float,
    step: Fraction | None,
    request: Request,
) -> tuple[list[float], list[float]]:
    """Return for each Bob what his best known deviation gains, and what none can exceed.

    Whatever is said about x_B splits each x_A's belief, so that no rule gives him more than the sum over x_A of the
    concave closures (up to three features x_B; beyond, the best action in every cell).
    """
    low, high = [], []
    for bob in range(game.k):
        found = replies.replies(game, profile, bob, strength, step, request.deadline)
        best = max(float(reply.amounts[bob + 1]) for reply in found)
        if step is None and game.rounds > 1:  # in one round the last word is his best deterministic rule
            best = max(best, reply_tree.best_of_all(game, profile, bob, strength, request.deadline) or best)
        most = 0.0
        for row in np.flatnonzero(game.possible.any(axis=1)).tolist():
            worth = closure.Worth.of(game, [row], bob, strength)
            most += closure.closure(worth, request.deadline, COARSE).bound
        low.append(max(0.0, float(best - here.amounts[bob + 1])))
        high.append(max(0.0, float(most - here.amounts[bob + 1])))
    return low, high


def _bounded(game: Conversation, low: list[float], high: list[float]) -> Check:
    """Check that no deviation that is known gains more than any can."""
    ranges = game.above[1:].max(axis=(1, 2)).tolist()
    over = max((a - b) / (own or 1.0) for a, b, own in zip(low, high, ranges, strict=True))
    return Check("regrets", over, ROUNDING, "utility range", "no known deviation gains more than any can", "proved")


def reference(
    game: Conversation, profile: Sequence[rules.Rule], strength: float, step: Fraction | None
) -> list[replies.Reply]:
    """Return what is played when each Bob in turn deviates to straightforward talk, the reference rule."""
    straight = rules.Rule("straightforward")
    return [
        replies.played(game, [*profile[:bob], straight, *profile[bob + 1 :]], strength, step) for bob in range(game.k)
    ]


def rounding(value: float) -> float:
    """Return what the last digits of a utility may be off."""
    return 8 * float(np.finfo(float).eps) * abs(value)


def distance(game: Conversation, deviations: Sequence[replies.Reply], strength: float) -> float:
    """Return the largest distance in the 1-norm between two deviations' distributions of (a, y) (Definition 13)."""
    laws: list[Floats] = [
        quantal.outcomes(game, reply.groups, quantal.choices(game, reply.groups, strength)) for reply in deviations
    ]
    return max((float(abs(p - q).sum()) for p, q in combinations(laws, 2)), default=0.0)


def _theorems(game: Conversation, alice: float, stated: Mapping[str, Any]) -> list[Check]:
    """Return the inequalities that are proved, each evaluated."""
    scale = float(game.above.max()) or 1.0  # the largest range of anybody's utility
    checks = []
    for name in ("theorem_2", "theorem_2_single", "estimate"):
        short = max(0.0, float(stated[name]) - alice) / scale
        limit = ROUNDING + rounding(alice) / scale
        checks.append(Check(name, short, limit, "utility range", bounds.NOTES[name], "proved"))
    gap = max(0.0, stated["lemma_1"]["gap"] - stated["lemma_1"]["sharp"]) / scale
    checks.append(Check("lemma 1", gap, ROUNDING, "utility range", "W((m - 1) / e) / lambda", "proved"))
    held = stated["proposition_2"]["delta"] <= stated["proposition_2"]["printed"] + ROUNDING
    note = "as printed; false with several Bobs, unless the errors are measured beside the others" if not held else ""
    checks.append(Check("proposition 2", 0.0, math.inf, "", note, "compared", claimed=False))
    return checks
