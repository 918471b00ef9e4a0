"""Certificates of several Bobs: every Bob's best reply to the others, and Theorem 1 where they are at equilibrium."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.alice import alignment
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.best_response import reply_to, which
from bigopt.games.persuasion.game import Persuasion, spread
from bigopt.games.persuasion.verify.one_sender import GAP, outcome_of, schemes_of, simplex

REGRET = 1e-6  # a Bob's range


def joint(game: Persuasion, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Measure every Bob's regret by his best reply, and hold Theorem 1 against an equilibrium."""
    given = schemes_of(game, point)
    schemes = [signals.cleaned(scheme) for scheme in given]
    now = outcome_of(game, schemes)
    regrets, scaled = [], []
    for j, utility in enumerate(game.utilities):
        request.deadline.check(f"finding the best reply of {game.names[j]}")
        reply, _ = reply_to(game, schemes, j, request.deadline)
        regrets.append(max(0.0, reply.bound - float(now.bobs[j])))
        scaled.append(regrets[-1] / spread(utility))
    worst = max(scaled)
    epsilon = [_epsilon(game, convex, request) for convex in (True, False)]
    floor = game.first_best - 2 * epsilon[0]
    equilibrium = worst <= REGRET
    fields = {
        "schemes": schemes,
        "alice": now.alice,
        "bobs": now.bobs,
        "regrets": np.array(regrets),
        "equilibrium": equilibrium,
        "full_disclosure": [j for j, scheme in enumerate(schemes) if _reveals(game, scheme)],
        "first_best": game.first_best,
        "aligned": game.first_best,
        "epsilon": epsilon[0],
        "bound": floor,
        "epsilon_any_sum": epsilon[1],
        "bound_any_sum": game.first_best - 2 * epsilon[1],
    }
    if "updates" in point:
        fields["updates"] = point["updates"]
    checks = [simplex(*given)]
    if request.profile is None:
        checks.append(Check("regret", worst, REGRET, "the Bob's payoff range"))
    checks += _theorem_1(game, now.alice, epsilon, equilibrium)
    return fields, Certificate(tuple(checks), max(regrets), REGRET)


def _epsilon(game: Persuasion, convex: bool, request: Request) -> float:
    """Return the alignment error of Definition 1, or the smaller one over weights of any sum (Remark 2)."""
    return alignment.fit(game.alice, game.utilities, convex=convex, deadline=request.deadline).epsilon


def _theorem_1(game: Persuasion, alice: float, epsilon: list[float], equilibrium: bool) -> list[Check]:
    """Theorem 1: Alice gets at least U_A(C*) - 2 epsilon; every Bob may reveal the state, so Definition 9 holds.

    Its proof needs no sum of the weights, so that the smaller epsilon over all non-negative weights serves as well.
    """
    names = ("theorem 1", "theorem 1, weights of any sum")
    if not equilibrium:
        return [Check(names[0], 0.0, GAP, note="skipped: the profile is not an equilibrium")]
    floors = [game.first_best - 2 * error for error in epsilon]
    unit = game.alice_range
    return [Check(n, (f - alice) / unit, GAP, "Alice's payoff range") for n, f in zip(names, floors, strict=True)]


def best_response(game: Persuasion, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute what a Bob's scheme gets him against the others', and prove it best."""
    given_profile = request.profile if request.profile is not None else point.get("profile")
    profile = signals.read_profile(game, given_profile)
    named = point.get("bob") if request.bob is None and request.player is None else None
    j = game.names.index(named) if named in game.names else which(game, request)
    given = signals.read_scheme(point["scheme"], "scheme", game)
    scheme = signals.cleaned(given)
    reply, kernel = reply_to(game, profile, j, request.deadline)
    found = signals.outcome(game, scheme, kernel, [game.utilities[j]])
    now = signals.outcome(game, profile[j], kernel, signals.tie_order(game))
    value, unit = float(found.bobs[j]), spread(game.utilities[j])
    fields = {
        "bob": game.names[j],
        "scheme": scheme,
        "recommendations": found.choices,
        "messages": kernel,
        "value": value,
        "current": float(now.bobs[j]),
        "regret": max(0.0, value - float(now.bobs[j])),
        "alice": found.alice,
        "bound": reply.bound,
        "profile": profile,
    }
    gap = Check("optimality", (reply.bound - value) / unit, GAP, "the Bob's payoff range")
    return fields, Certificate((simplex(given), gap), max(0.0, reply.bound - value), GAP)


def _reveals(game: Persuasion, scheme: Floats) -> bool:
    """Whether every signal is sent in one state only."""
    sent = scheme[game.prior > 0] > signals.UNUSED
    return bool((sent.sum(axis=0) <= 1).all())
