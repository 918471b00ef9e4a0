"""Certificates of persuasion: from the game and the point alone, optima by weak duality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.alice import obedience
from bigopt.arithmetic.arrays import Floats, whole
from bigopt.arithmetic.flint_or_fractions import fmpq
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.exact.regions import favour
from bigopt.games.persuasion.exact.scheme import EXACT, EXACT_IF_NEEDED, best_scheme
from bigopt.games.persuasion.exact.split import split_value
from bigopt.games.persuasion.game import Persuasion, spread
from bigopt.games.persuasion.verify import proof
from bigopt.games.persuasion.verify.private import GAP, OBEDIENCE, effective, judge, read_maps

SIMPLEX = 1e-6  # probability: how far a row of a scheme may be from a distribution
BINDING = 1e-7  # of a row's stakes: a smaller slack is rounding
DUALITY = "weak duality: prices of the obedience rows, evaluated in fractions"
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
    mean = proof.value(game, scheme, utility)
    unit, value = proof.stake(game, scheme, utility, mean), proof.number(mean)
    top, prices = _bound(game, utility, mean, unit, point.get("prices"), request)
    bound = proof.number(top)
    checks = (simplex(given), _obeyed(game, joint), _optimal(top, mean, unit))
    fields = {
        "bob": game.label(bob),
        "scheme": scheme,
        "value": value,
        "alice": float((joint * game.alice).sum()),
        "first_best": game.first_best,
        "bound": bound,
    }
    fields |= _tie_values(game, scheme, utility, value, request)
    fields |= _prices(game, joint, prices)
    fields["messages"] = signals.messages(game, scheme)
    return fields, Certificate(checks, max(0.0, bound - value), GAP)


def _sender(game: Persuasion, point: Mapping[str, Any], request: Request) -> str | None:
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
    if given is not None:
        prices = _read_prices(given, len(game.actions))
        top = proof.bound(game, utility, prices)
        if proof.number(top - mean) <= unit * GAP / 2:
            return top, prices
    request.deadline.check("finding prices for the certificate")
    for size in (EXACT, EXACT_IF_NEEDED):
        prices = best_scheme(game, utility, game.margin, request.deadline, exact=size).prices
        top = proof.bound(game, utility, prices)
        if abs(proof.number(top - mean)) <= unit * GAP / 2:
            break
    return top, prices


def _obeyed(game: Persuasion, *joints: Floats) -> Check:
    """Check that recommendations are obeyed: the probability that is not, each row's violation by its own stakes."""
    lost = [
        obedience.disobeyed(joint, game.decimals, game.margin) + float(joint[:, ~game.inducible].sum())
        for joint in joints
    ]
    return Check("obedience", max(lost), OBEDIENCE, "probability", grade="proved")


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
    alice = float((game.prior[:, None] * effective(game, scheme, kernel, maps) * game.alice).sum())
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
        "bound": bound,
        "values": values,
        "messages": signals.messages(game, scheme),
    }
    return fields, Certificate((simplex(given), *judged.checks()), max(0.0, bound - value), GAP)


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
    expected, gaps, losses = zip(*judged, strict=True)
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
    unit = spread(game.alice[np.ix_(game.live, game.ever)])
    outside = max(combined.alice - game.first_best, game.alone - combined.alice) / unit
    checks = (
        simplex(*given),
        Check("obedience", max(losses), OBEDIENCE, "probability", grade="proved"),
        Check("optimality", max(gaps), GAP, "the sender's stakes", DUALITY, grade="proved"),
        Check("between alone and first best", outside, GAP, "Alice's stakes", grade="proved"),
    )
    return fields, Certificate(checks, None, GAP)


def _single(game: Persuasion, scheme: Floats, utility: Floats, request: Request) -> tuple[float, float, float]:
    """Return a sender's value, how far it is from its bound in his stakes, and the probability that is disobeyed."""
    if game.alice_signal is not None:
        kernel = signals.alone(game)
        judged = judge(game, utility, kernel, favour(game, several=False), scheme, None, request.deadline)
        obeyed, optimal = judged.checks()
        return proof.number(judged.value), optimal.value, obeyed.value
    if scheme.shape[1] != len(game.actions):
        raise InstanceError(f"schemes: {scheme.shape[1]} signals, expected {len(game.actions)} (one an action)")
    mean = proof.value(game, scheme, utility)
    unit = proof.stake(game, scheme, utility, mean)
    top, _ = _bound(game, utility, mean, unit, None, request)
    lost = _obeyed(game, game.prior[:, None] * scheme).value
    return proof.number(mean), _optimal(top, mean, unit).value, lost


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
