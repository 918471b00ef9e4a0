"""Certificates of persuasion: from the game and the point alone, optima by weak duality."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bigopt.alice import obedience
from bigopt.arithmetic.arrays import Floats, numbers, whole
from bigopt.arithmetic.flint_or_fractions import fmpq
from bigopt.concepts.certificate import weakest
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.exact.regions import favour
from bigopt.games.persuasion.exact.scheme import EXACT, EXACT_IF_NEEDED, best_scheme
from bigopt.games.persuasion.exact.split import split_value
from bigopt.games.persuasion.game import Persuasion
from bigopt.games.persuasion.verify import proof
from bigopt.games.persuasion.verify.private import GAP, OBEDIENCE, effective, judge, mean_of, read_maps

SIMPLEX = 1e-6  # probability: how far a row of a scheme may be from a distribution
BINDING = 1e-7  # of a row's stakes: a smaller slack is rounding
DUALITY = "weak duality: prices of the obedience rows, evaluated in fractions"
SMALL = 400  # states x actions up to which the robust value is computed unasked
ROBUST = 0.01  # of Alice's range: the margin of the robust value where none is given


def signaling(game: Persuasion, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute and prove a single sender's optimal scheme."""
    bob = _sender(point, request)
    if game.alice_signal is not None:
        return _private(game, point, bob, request)
    utility = game.utility_of(bob)
    given = signals.read_scheme(point["scheme"], "scheme", game, len(game.actions))
    scheme = signals.cleaned(given)
    joint = game.prior[:, None] * scheme
    mean = proof.value(game, scheme, utility)
    unit, value = proof.stake(game, scheme, utility, mean), proof.number(mean)
    top, prices = _bound(game, utility, mean, unit, point.get("prices"), request)
    bound = proof.number(top)
    checks = (simplex(given), _obeyed(game, joint), _optimal(top, mean, unit))
    fields = {
        "bob": game.label(bob),
        "scheme": scheme,
        "value": value,
        "alice": mean_of(game, scheme, game.alice),
        "first_best": game.first_best,
        "bound": bound,
    }
    fields |= _tie_values(game, scheme, utility, value, request)
    fields |= _prices(game, joint, prices)
    fields["messages"] = signals.messages(game, scheme)
    return fields, Certificate(checks, max(0.0, bound - value), GAP)


def _sender(point: Mapping[str, Any], request: Request) -> str | None:
    """Return whose scheme it is: the request's sender, else the one that a solution file names."""
    named = point.get("bob") if request.bob is None else request.bob
    if named is not None and not isinstance(named, str):
        raise InstanceError(f"bob: {str(named)[:40]!r}, expected a name")
    return named


def _bound(
    game: Persuasion, utility: Floats, mean: fmpq, unit: float, given: Any, request: Request
) -> tuple[fmpq, Floats]:
    """Return an upper bound on the sender's value and its prices: those of the point, or our own if they fall short."""
    if not game.inducible.any():
        raise InstanceError("scheme: no action ever wins by the margin, expected none: the program is infeasible")
    for found in _prices_to_try(game, utility, given, request):
        prices = _counted(game, found)
        top = proof.bound(game, utility, prices)
        if abs(proof.number(top - mean)) <= unit * GAP / 2:
            break
    return top, prices


def _prices_to_try(game: Persuasion, utility: Floats, given: Any, request: Request) -> Iterator[Floats]:
    """Yield prices of the obedience rows [A][A]: the point's, where it has some, then ours."""
    if given is not None:
        yield _read_prices(given, len(game.actions))
    request.deadline.check("finding prices for the certificate")
    for size in (EXACT, EXACT_IF_NEEDED):
        yield best_scheme(game, utility, game.margin, request.deadline, exact=size).prices


def _counted(game: Persuasion, prices: Floats) -> Floats:
    """Return prices [A][A] as the bound counts them: none below 0, of an action against itself or of one never taken.

    Whatever stands there proves the same bound, and would change what the margin costs.
    """
    counted = np.where(game.inducible[:, None], np.maximum(prices, 0.0), 0.0)
    np.fill_diagonal(counted, 0.0)
    return counted


def _read_prices(given: Any, count: int) -> Floats:
    """Read the prices as a table, or as a list of [recommended, instead, price]."""
    if isinstance(given, np.ndarray):
        return numbers(given, "prices", [count, count], ["action", "action"])
    prices = np.zeros((count, count))
    if not len(given):
        return prices
    listed = numbers(given, "prices", [None, 3])
    pairs = whole(listed[:, :2], "prices", [None, 2])
    if (pairs >= count).any():
        raise InstanceError(f"prices: action {pairs.max()}, expected below {count}")
    prices[pairs[:, 0], pairs[:, 1]] = listed[:, 2]
    return prices


def _obeyed(game: Persuasion, joint: Floats) -> Check:
    """Check that recommendations are obeyed: the probability that is not, each row's violation by its own stakes."""
    lost = obedience.disobeyed(joint, game.decimals, game.margin) + float(joint[:, ~game.inducible].sum())
    return Check("obedience", lost, OBEDIENCE, "probability", grade="proved")


def _tie_values(game: Persuasion, scheme: Floats, utility: Floats, value: float, request: Request) -> dict[str, Any]:
    """Return what the scheme is worth under each tie rule, and what a sender gets who insists on a margin."""
    margin = _margin(game, request)
    values = _by_ties(game, scheme, utility) | {"margin": signals.cautious(game, scheme, utility, margin)}
    robust: float | None = None
    if game.margin == margin:
        robust = value
    elif request.options.get("margin") is not None or scheme.size <= SMALL:
        found = best_scheme(game, utility, margin, request.deadline)
        robust = mean_of(game, found.scheme, utility) if found.scheme.any() else None
    cost = None if robust is None else value - robust
    return {"values": values, "margin": margin, "robust_value": robust, "robust_cost": cost}


def _margin(game: Persuasion, request: Request) -> float:
    """Return the margin that robustness is asked for."""
    asked = request.options.get("margin")
    return float(asked) if asked is not None else game.margin or ROBUST * game.alice_range


def _prices(game: Persuasion, joint: Floats, prices: Floats) -> dict[str, Any]:
    """Return the binding obedience rows of the used recommendations, and the prices that prove the bound."""
    gain, stake = obedience.gains(joint, game.decimals, game.margin)
    binding = (gain >= -BINDING * stake) & (joint.sum(axis=0) > signals.UNUSED)[:, None]
    np.fill_diagonal(binding, False)
    told, instead = np.nonzero(prices > 0)
    listed = [[int(a), int(b), float(prices[a, b])] for a, b in zip(told, instead, strict=True)]
    slope = float((prices.sum(axis=1) * joint.sum(axis=0)).sum())
    return {"binding": np.argwhere(binding), "prices": listed, "price_of_margin": slope}


def _private(
    game: Persuasion, point: Mapping[str, Any], bob: str | None, request: Request
) -> tuple[dict[str, Any], Certificate]:
    """Recompute and prove an optimal scheme for an Alice who sees something herself."""
    utility, kernel = game.utility_of(bob), signals.alone(game)
    given = signals.read_scheme(point["scheme"], "scheme", game)
    scheme = signals.cleaned(given)
    maps = read_maps(game, point, scheme.shape[1], kernel.shape[1])
    judged = judge(game, utility, kernel, favour(game, several=False), scheme, maps, request.deadline)
    value, bound = proof.number(judged.value), proof.number(judged.top)
    fields = {
        "bob": game.label(bob),
        "scheme": scheme,
        "recommendations": maps,
        "value": value,
        "alice": mean_of(game, effective(game, scheme, kernel, maps), game.alice),
        "first_best": game.first_best,
        "bound": bound,
        "values": _by_ties(game, scheme, utility),
        "messages": signals.messages(game, scheme),
    }
    return fields, Certificate((simplex(given), *judged.checks()), max(0.0, bound - value), GAP)


def _by_ties(game: Persuasion, scheme: Floats, utility: Floats) -> dict[str, float]:
    """Return a sender's value by what Alice does herself, ties as he likes (`sender`) and by the list (`first`)."""
    kernel = signals.alone(game)

    def worth(favoured: list[Floats]) -> float:
        choices = signals.outcome(game, scheme, kernel, favoured).choices
        return mean_of(game, effective(game, scheme, kernel, choices), utility)

    return {"sender": worth([utility]), "first": worth([])}


def first_best(game: Persuasion, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute the first best."""
    actions = whole(point["actions"], "actions", [len(game.states)], ["state"])
    if (actions >= len(game.actions)).any():
        raise InstanceError(f"actions: {actions.max()}, expected below {len(game.actions)}")
    alice = float(game.prior @ game.alice[np.arange(len(actions)), actions])
    loss = game.first_best - alice
    fields = {"actions": actions, "opt": alice, "alone": game.alone, "bobs": _by_state(game, actions)}
    worse = [s for s in game.live if game.alice[s, actions[s]] < game.alice[s].max()]
    wrong = Check("optimality", float(game.prior[worse].sum()), 0.0, "probability of a worse action", grade="proved")
    return fields, Certificate((wrong,), loss)


def _by_state(game: Persuasion, actions: Any) -> Floats:
    return np.array([game.prior @ u[np.arange(len(actions)), actions] for u in game.utilities])


def oblivious(game: Persuasion, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Prove that every Bob plays a single-sender optimum, and combine their signals by Bayes."""
    given = schemes_of(game, point)
    schemes = [signals.cleaned(scheme) for scheme in given]
    judged = [_single(game, s, utility, request) for s, utility in zip(schemes, game.utilities, strict=True)]
    expected, obeyed, optimal = zip(*judged, strict=True)
    combined = outcome_of(game, schemes)
    splits = (
        [split_value(game, schemes, j, request.deadline) for j in range(len(schemes))]
        if game.alice_signal is None
        else None
    )
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
    return fields, Certificate((simplex(*given), _farthest(obeyed), _farthest(optimal)), None, GAP)


def _single(game: Persuasion, scheme: Floats, utility: Floats, request: Request) -> tuple[float, Check, Check]:
    """Return a sender's value as the only one, that he is obeyed, and that nothing is worth more to him."""
    if game.alice_signal is not None:
        kernel = signals.alone(game)
        judged = judge(game, utility, kernel, favour(game, several=False), scheme, None, request.deadline)
        return proof.number(judged.value), *judged.checks()
    if scheme.shape[1] != len(game.actions):
        raise InstanceError(f"schemes: {scheme.shape[1]} signals, expected {len(game.actions)} (one an action)")
    mean = proof.value(game, scheme, utility)
    unit = proof.stake(game, scheme, utility, mean)
    top, _ = _bound(game, utility, mean, unit, None, request)
    return proof.number(mean), _obeyed(game, game.prior[:, None] * scheme), _optimal(top, mean, unit)


def _farthest(checks: Sequence[Check]) -> Check:
    """Return the check of the sender who is farthest off, no better proved than any."""
    return replace(max(checks, key=lambda check: check.value), grade=weakest(check.grade for check in checks))


def schemes_of(game: Persuasion, point: Mapping[str, Any]) -> list[Floats]:
    """Read one scheme a Bob from a point."""
    given = point["schemes"]
    if len(given) != len(game.bobs):
        raise InstanceError(f"schemes: {len(given)} tables, expected {len(game.bobs)} (one a Bob)")
    return [signals.read_scheme(item, f"schemes[{j}]", game) for j, item in enumerate(given)]


def outcome_of(game: Persuasion, schemes: list[Floats]) -> signals.Outcome:
    """Let Alice best respond to all Bobs' signals."""
    others = signals.combine([signals.alone(game), *schemes[1:]])
    return signals.outcome(game, schemes[0], others, signals.tie_order(game))


def simplex(*given: Floats) -> Check:
    """Check that the rows of schemes are distributions."""
    off = max(signals.off_simplex(scheme) for scheme in given)
    return Check("simplex", off, SIMPLEX, "probability", grade="proved")


def _optimal(top: fmpq, mean: fmpq, unit: float) -> Check:
    """Check that a value is the bound: less is not optimal, and more is no value of an obeyed scheme."""
    gap = abs(proof.number(top - mean)) / unit
    return Check("optimality", gap, GAP, "the sender's stakes", DUALITY, grade="proved")
