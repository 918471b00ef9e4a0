"""Certificates of persuasion: from the game and the point alone, optima by weak duality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt import alignment, obedience
from bigopt.concepts import Request
from bigopt.errors import InstanceError
from bigopt.numbers import Floats, whole
from bigopt.persuasion import signals
from bigopt.persuasion.best_response import reply_to, which
from bigopt.persuasion.game import Persuasion, spread
from bigopt.persuasion.oblivious import split_value
from bigopt.persuasion.reply import best_reply, ties
from bigopt.persuasion.response import best_scheme
from bigopt.solution import Certificate, Check

SIMPLEX = 1e-6  # probability: how far a row of a scheme may be from a distribution
OBEDIENCE = 1e-7  # Alice's range: what she may lose by obeying
GAP = 1e-6  # the sender's range: between his value and its upper bound
REGRET = 1e-6  # a Bob's range
PRICED = 1e-9  # the sender's range per Alice's: smaller prices are rounding
SMALL = 400  # states x actions up to which the robust value is computed unasked
ROBUST = 0.01  # of Alice's range: the margin of the robust value where none is given


def signaling(game: Persuasion, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute and prove a single sender's optimal scheme."""
    bob = _sender(game, point, request)
    if game.alice_signal is not None:
        return _private(game, point, bob, request)
    utility = game.utility_of(bob)
    given = signals.read_scheme(point["scheme"], "scheme", game, len(game.actions))
    scheme = signals.cleaned(given)
    joint = game.prior[:, None] * scheme
    value, unit = float((joint * utility).sum()), spread(utility)
    bound, prices = _bound(game, utility, value + GAP * unit / 2, point.get("prices"), request)
    disobeyed = obedience.loss(joint, game.alice, game.margin) / game.alice_range
    barred = float(joint[:, ~game.inducible].sum())
    checks = (
        _simplex(given),
        Check("obedience", max(disobeyed, barred), OBEDIENCE, "Alice's payoff range"),
        _optimal(bound - value, unit),
    )
    fields = {
        "bob": game.label(bob),
        "scheme": scheme,
        "value": value,
        "alice": float((joint * game.alice).sum()),
        "first_best": game.first_best,
        "bound": bound,
    }
    fields |= _tie_values(game, scheme, utility, value, request)
    fields |= _prices(game, joint, prices, unit)
    fields["messages"] = signals.messages(game, scheme)
    return fields, Certificate(checks, max(0.0, bound - value), GAP)


def _sender(game: Persuasion, point: Mapping[str, Any], request: Request) -> str | None:
    """Return whose scheme it is: the request's sender, else the one that a solution file names."""
    named = point.get("bob") if request.bob is None else request.bob
    if named is not None and not isinstance(named, str):
        raise InstanceError(f"bob: {str(named)[:40]!r}, expected a name")
    return named


def _bound(game: Persuasion, utility: Floats, enough: float, given: Any, request: Request) -> tuple[float, Floats]:
    """Return an upper bound on the sender's value and its prices: those of the point, or our own if they fall short."""
    allowed = np.where(game.inducible, utility, -np.inf)
    count = len(game.actions)
    if given is not None:
        prices = _read_prices(given, count)
        bound = obedience.bound(game.prior, game.alice, allowed, prices, game.margin)
        if bound <= enough:
            return bound, prices
    request.deadline.check("finding prices for the certificate")
    prices = best_scheme(game, utility, game.margin, request.deadline).prices
    return obedience.bound(game.prior, game.alice, allowed, prices, game.margin), prices


def _read_prices(given: Any, count: int) -> Floats:
    """Read the prices as a table, or as a list of [recommended, instead, price]."""
    table = np.asarray(given, dtype=float)
    if table.shape == (count, count) and isinstance(given, np.ndarray):
        return table
    prices = np.zeros((count, count))
    if table.size == 0:
        return prices
    if table.ndim != 2 or table.shape[1] != 3:
        raise InstanceError(f"prices: shape {list(table.shape)}, expected rows [recommended, instead, price]")
    pairs = whole(table[:, :2], "prices", [len(table), 2])
    if (pairs >= count).any():
        raise InstanceError(f"prices: action {pairs.max()}, expected below {count}")
    prices[pairs[:, 0], pairs[:, 1]] = table[:, 2]
    return prices


def _tie_values(game: Persuasion, scheme: Floats, utility: Floats, value: float, request: Request) -> dict[str, Any]:
    """Return what the scheme is worth under each tie rule, and what a sender gets who insists on a margin."""
    kernel = signals.alone(game)
    margin = _margin(game, request)
    joint = game.prior[:, None] * scheme

    def worth(favoured: list[Floats]) -> float:
        choice = signals.outcome(game, scheme, kernel, favoured).choices[:, 0]
        return float((joint * utility[:, choice]).sum())

    values = {
        "sender": worth([utility]),
        "first": worth([]),
        "margin": signals.cautious(game, scheme, utility, margin),
    }
    robust: float | None = None
    if game.margin == margin:
        robust = value
    elif request.options.get("margin") is not None or scheme.size <= SMALL:
        found = best_scheme(game, utility, margin, request.deadline)
        robust = float((game.prior[:, None] * found.scheme * utility).sum()) if found.scheme.any() else None
    cost = None if robust is None else value - robust
    return {"values": values, "margin": margin, "robust_value": robust, "robust_cost": cost}


def _margin(game: Persuasion, request: Request) -> float:
    """Return the margin that robustness is asked for."""
    asked = request.options.get("margin")
    return float(asked) if asked is not None else game.margin or ROBUST * game.alice_range


def _prices(game: Persuasion, joint: Floats, prices: Floats, unit: float) -> dict[str, Any]:
    """Return the binding obedience rows of the used recommendations, and the prices that prove the bound."""
    gains = obedience.gains(joint, game.alice, game.margin) / game.alice_range
    np.fill_diagonal(gains, -np.inf)
    gains[joint.sum(axis=0) <= signals.UNUSED] = -np.inf
    told, instead = np.nonzero(prices > PRICED * unit / game.alice_range)
    listed = [[int(a), int(b), float(prices[a, b])] for a, b in zip(told, instead, strict=True)]
    slope = float((prices.sum(axis=1) * joint.sum(axis=0)).sum())
    return {"binding": np.argwhere(gains >= -OBEDIENCE), "prices": listed, "price_of_margin": slope}


def _private(
    game: Persuasion, point: Mapping[str, Any], bob: str | None, request: Request
) -> tuple[dict[str, Any], Certificate]:
    """Recompute and prove an optimal scheme for an Alice who sees something herself."""
    utility, kernel = game.utility_of(bob), signals.alone(game)
    given = signals.read_scheme(point["scheme"], "scheme", game)
    scheme = signals.cleaned(given)
    size = [scheme.shape[1], kernel.shape[1]]
    maps = whole(point["recommendations"], "recommendations", size, ["signal", "signal of Alice"])
    if (maps >= len(game.actions)).any():
        raise InstanceError(f"recommendations: action {maps.max()}, expected below {len(game.actions)}")
    value, alice, lost = 0.0, 0.0, 0.0
    for m in range(kernel.shape[1]):
        joint = game.prior[:, None] * scheme * kernel[:, [m]]
        value += float((joint * utility[:, maps[:, m]]).sum())
        obeyed = (joint * game.alice[:, maps[:, m]]).sum(axis=0)
        alice += float(obeyed.sum())
        lost += float((joint.T @ game.alice).max(axis=1).sum() - obeyed.sum())
    unit = spread(utility)
    request.deadline.check("finding the best reply for the certificate")
    reply = best_reply(game, utility, kernel, ties(game, kernel), request.deadline)
    own = _for_sender(game, utility)
    values = {
        "sender": own(scheme, [utility]),
        "first": own(scheme, []),
    }
    fields = {
        "bob": game.label(bob),
        "scheme": scheme,
        "recommendations": maps,
        "value": value,
        "alice": alice,
        "first_best": game.first_best,
        "bound": reply.bound,
        "values": values,
        "messages": signals.messages(game, scheme),
    }
    checks = (
        _simplex(given),
        Check("obedience", lost / game.alice_range, OBEDIENCE, "Alice's payoff range"),
        _optimal(reply.bound - value, unit),
    )
    return fields, Certificate(checks, max(0.0, reply.bound - value), GAP)


def _for_sender(game: Persuasion, utility: Floats) -> Any:
    """Return the function (scheme, favoured) -> a sender's value by Alice's actual choices."""
    kernel = signals.alone(game)

    def worth(scheme: Floats, favoured: list[Floats]) -> float:
        choices = signals.outcome(game, scheme, kernel, favoured).choices
        total = 0.0
        for m in range(kernel.shape[1]):
            total += float((game.prior[:, None] * scheme * kernel[:, [m]] * utility[:, choices[:, m]]).sum())
        return total

    return worth


def first_best(game: Persuasion, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute the first best."""
    actions = whole(point["actions"], "actions", [len(game.states)], ["state"])
    if (actions >= len(game.actions)).any():
        raise InstanceError(f"actions: {actions.max()}, expected below {len(game.actions)}")
    alice = float(game.prior @ game.alice[np.arange(len(actions)), actions])
    loss = game.first_best - alice
    fields = {"actions": actions, "opt": alice, "alone": game.alone, "bobs": _by_state(game, actions)}
    check = Check("optimality", loss / game.alice_range, GAP, "Alice's payoff range")
    return fields, Certificate((check,), loss, GAP)


def _by_state(game: Persuasion, actions: Any) -> Floats:
    return np.array([game.prior @ u[np.arange(len(actions)), actions] for u in game.utilities])


def oblivious(game: Persuasion, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Prove that every Bob plays a single-sender optimum, and combine their signals by Bayes."""
    given = _schemes(game, point)
    schemes = [signals.cleaned(scheme) for scheme in given]
    expected, gaps, losses = [], [], []
    for scheme, utility in zip(schemes, game.utilities, strict=True):
        value, bound, lost = _single(game, scheme, utility, request)
        expected.append(value)
        gaps.append((bound - value) / spread(utility))
        losses.append(lost)
    combined = _combined(game, schemes)
    splits = [split_value(game, schemes, j) for j in range(len(schemes))] if game.alice_signal is None else None
    fields = {
        "schemes": schemes,
        "expected": np.array(expected),
        "combined": combined.alice,
        "first_best": game.first_best,
        "gap": game.first_best - combined.alice,
        "alone": game.alone,
        "bobs": combined.bobs,
        "split": splits,
    }
    outside = max(combined.alice - game.first_best, game.alone - combined.alice) / game.alice_range
    checks = (
        Check("simplex", max(signals.off_simplex(s) for s in given), SIMPLEX, "probability"),
        Check("obedience", max(losses), OBEDIENCE, "Alice's payoff range"),
        Check("optimality", max(gaps), GAP, "the sender's payoff range"),
        Check("between alone and first best", outside, GAP, "Alice's payoff range"),
    )
    return fields, Certificate(checks, max(0.0, *gaps), GAP)


def _single(game: Persuasion, scheme: Floats, utility: Floats, request: Request) -> tuple[float, float, float]:
    """Return a sender's value, its upper bound, and what Alice loses by obeying him alone."""
    if game.alice_signal is not None:
        kernel = signals.alone(game)
        request.deadline.check("finding the best reply for the certificate")
        reply = best_reply(game, utility, kernel, ties(game, kernel), request.deadline)
        return _for_sender(game, utility)(scheme, [utility]), reply.bound, 0.0
    if scheme.shape[1] != len(game.actions):
        raise InstanceError(f"schemes: {scheme.shape[1]} signals, expected {len(game.actions)} (one an action)")
    joint = game.prior[:, None] * scheme
    value = float((joint * utility).sum())
    bound, _ = _bound(game, utility, np.inf, None, request)
    return value, bound, obedience.loss(joint, game.alice, game.margin) / game.alice_range


def joint(game: Persuasion, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Measure every Bob's regret by his best reply, and hold Theorem 1 against an equilibrium."""
    given = _schemes(game, point)
    schemes = [signals.cleaned(scheme) for scheme in given]
    now = _combined(game, schemes)
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
    checks = [Check("simplex", max(signals.off_simplex(s) for s in given), SIMPLEX, "probability")]
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
    return fields, Certificate((_simplex(given), gap), max(0.0, reply.bound - value), GAP)


def _schemes(game: Persuasion, point: Mapping[str, Any]) -> list[Floats]:
    """Read one scheme a Bob from a point."""
    given = point["schemes"]
    if len(given) != len(game.bobs):
        raise InstanceError(f"schemes: {len(given)} tables, expected {len(game.bobs)} (one a Bob)")
    return [signals.read_scheme(item, f"schemes[{j}]", game) for j, item in enumerate(given)]


def _combined(game: Persuasion, schemes: list[Floats]) -> signals.Outcome:
    """Let Alice best respond to all Bobs' signals."""
    others = signals.combine([signals.alone(game), *schemes[1:]])
    return signals.outcome(game, schemes[0], others, signals.tie_order(game))


def _reveals(game: Persuasion, scheme: Floats) -> bool:
    """Whether every signal is sent in one state only."""
    sent = scheme[game.prior > 0] > signals.UNUSED
    return bool((sent.sum(axis=0) <= 1).all())


def _simplex(given: Floats) -> Check:
    return Check("simplex", signals.off_simplex(given), SIMPLEX, "probability")


def _optimal(gap: float, unit: float) -> Check:
    return Check("optimality", gap / unit, GAP, "the sender's payoff range")
