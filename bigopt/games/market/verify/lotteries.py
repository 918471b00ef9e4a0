"""Certificates of randomized schemes, in fractions: only the rounding of the probabilities themselves is forgiven.

A probability in a file is a float. What that can move is measured on the lottery itself: its mean absolute deviation
from what it is worth in each state (nothing where one policy is sure, however extreme the others are).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from bigopt.alice import combination
from bigopt.arithmetic.decimals import fraction, seen
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.market.exact import obedient, outcomes
from bigopt.games.market.exact.lotteries import obedience
from bigopt.games.market.game import Market
from bigopt.games.market.options import nash, obeyed, rows_of
from bigopt.games.market.response import favourites
from bigopt.games.market.verify.frontiers import Free, Frontiers, Obeyed, nothing_below, nothing_else
from bigopt.games.market.verify.hulls import worst_by_enumeration
from bigopt.games.market.verify.spans import spans

ROUNDING = 1e-9  # of probabilities: per unit of the lottery's own spread
REPLAY = 30_000  # deterministic schemes up to which the worst randomized one is found by enumeration


@dataclass(frozen=True)
class Examined:
    """A lottery that was read: its exact values, what rounding can move, and its frontiers."""

    x: tuple[Fraction, ...]
    values: tuple[Fraction, ...]
    spreads: tuple[float, ...]
    wrong: float
    frontiers: Frontiers


def scheme(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify the answer of `worst` or `best` among randomized schemes."""
    fields, checks, found = common(game, point, request)
    checks.append((_best if request.concept == "best" else _worst)(game, found, request))
    return fields, Certificate(tuple(checks), checks[0].value, ROUNDING)


def stable(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify the intervals of Alice's utility that have stable lotteries, and a witness at each lower end."""
    given = point.get("schemes")
    if not isinstance(given, (list, tuple)):
        raise InstanceError("schemes: missing, expected a list of randomized schemes")
    unit, asked = game.units[1][0], obeyed(request)
    frontiers: Frontiers = Obeyed(game, request.deadline) if asked else Free(game)
    ours, complete = _values(game, frontiers, request)
    claimed = point.get("intervals")
    ends = [[float(low * unit), float(high * unit)] for low, high in ours]
    gain = wrong = off = unwilling = 0.0
    for i, row in enumerate(given):
        found = lottery_of(game, row, f"schemes[{i}]", frontiers)
        if asked:
            unwilling = max(unwilling, _disobedience(game, found.x))
        gain, wrong = max(gain, _gain(game, found, request)), max(wrong, found.wrong)
        if i < len(ours):
            off = max(off, _scaled(abs(found.values[0] - ours[i][0]), found.spreads[0]))
    checks = (
        Check("deviation", gain, ROUNDING, "the lottery's spread", "of any witness, by the Bobs' frontiers"),
        Check("probabilities", wrong, ROUNDING, "probability"),
        *([Check("obedience", unwilling, ROUNDING, "the row's own size")] if asked else []),
        Check("witnesses", float("inf") if len(given) != len(ours) else off, ROUNDING, "the lottery's spread"),
        Check("intervals", _apart(claimed, ends), ROUNDING, "length", "found again, along all frontiers"),
        complete,
    )
    fields: dict[str, Any] = {"count": None, "count_nash": None, "schemes": list(given), "intervals": ends}
    return fields | {"opt": game.opt_value}, Certificate(checks, None, ROUNDING)


def _values(game: Market, frontiers: Frontiers, request: Request) -> tuple[Sequence[tuple[Any, Any]], Check]:
    """Return the values of Alice's that stable lotteries attain, in her integer unit, and why no others."""
    if isinstance(frontiers, Obeyed):
        parts = obedient.stretches(frontiers.polytope)
        loose = not nothing_else(frontiers.polytope, parts)
        note = f"multipliers in fractions, and stable ends, of {len(parts)} pieces of the frontiers"
        values = [(low, high) for low, high, _ in obedient.intervals(frontiers.polytope, parts)]
        return values, Check("frontiers", float(loose), 0.0, "proofs", note, "proved")
    assert isinstance(frontiers, Free)
    return spans(frontiers, request.deadline), _overstated(game, frontiers)


def lottery_of(game: Market, given: Any, path: str, frontiers: Frontiers) -> Examined:
    """Read a randomized scheme [S][policies]; probabilities are made non-negative with sum one, and what that took."""
    if not isinstance(given, (list, tuple, np.ndarray)) or len(given) != game.S:
        raise InstanceError(f"{path}: expected {game.S} lists of probabilities (one a state)")
    flat: list[Fraction] = []
    wrong = 0.0
    for s, row in enumerate(given):
        if not isinstance(row, (list, tuple, np.ndarray)) or len(row) != game.sizes[s]:
            raise InstanceError(f"{path}[{s}]: expected {game.sizes[s]} probabilities (one a policy)")
        shares = [fraction(_share(p, f"{path}[{s}][{a}]")) for a, p in enumerate(row)]
        wrong = max(wrong, float(-min(shares)), float(abs(sum(shares) - 1)))
        shares = [max(Fraction(0), share) for share in shares]
        flat += [share / sum(shares) if sum(shares) else Fraction(1, len(shares)) for share in shares]
    values = tuple(value(game, p, flat) for p in range(game.k + 1))
    spreads = tuple(spread(game, p, flat) for p in range(game.k + 1))
    return Examined(tuple(flat), values, spreads, wrong, frontiers)


def common(
    game: Market, point: Mapping[str, Any], request: Request, step: Fraction | None = None
) -> tuple[dict[str, Any], list[Check], Examined]:
    """Return the fields and the checks of any single lottery."""
    asked = obeyed(request)
    frontiers: Frontiers = Obeyed(game, request.deadline) if asked else Free(game)
    found = lottery_of(game, point.get("scheme"), "scheme", frontiers)
    more = " that raises her by the step" if step is not None else " that is no worse for Alice"
    note = f"largest gain of a Bob by a lottery{more}, by the prices of his frontier in fractions"
    checks = [
        Check("deviation", _gain(game, found, request, step), ROUNDING, "the lottery's spread", note, "proved"),
        Check("probabilities", found.wrong, ROUNDING, "probability", "non-negative, and one in each state"),
    ]
    if asked:
        checks.append(Check("obedience", _disobedience(game, found.x), ROUNDING, "the row's own size"))
    checks.append(_theorem(game, found, request))
    values = [float(v * unit) for v, unit in zip(found.values, game.units[1], strict=True)]
    fields = {
        "scheme": rows_of(game, found.x),
        "alice": values[0],
        "bobs": np.array(values[1:]),
        "selected": 0,
        "opt": game.opt_value,
        "misalignment": None,  # the score of Section 7 is over deterministic schemes
        "bound": None,
    }
    return fields, checks, found


def _regrets(game: Market, found: Examined, nash: bool, step: Fraction | None = None) -> list[tuple[Fraction, float]]:
    """Return each Bob's largest gain in his integer unit, and what rounding of the lottery can make of it."""
    raised, lone = found.values[0] + (step or 0), game.k == 1
    beyond = float(game.opt - raised) <= ROUNDING * found.spreads[0] if step is None else raised > game.opt
    v = Fraction(game.lowest[0]) if lone else min(raised, Fraction(game.opt))
    regrets = []
    for j in range(game.k):
        bound, slope = found.frontiers.ceiling(j, v)
        spread = found.spreads[j + 1] + (0.0 if lone else float(slope) * found.spreads[0])
        free = beyond and not lone and not (nash and j == 0)
        regrets.append((Fraction(0) if free else max(Fraction(0), bound - found.values[j + 1]), spread))
    return regrets


def _gain(game: Market, found: Examined, request: Request, step: Fraction | None = None) -> float:
    return max(_scaled(gain, spread) for gain, spread in _regrets(game, found, nash(request), step))


def _theorem(game: Market, found: Examined, request: Request) -> Check:
    """Theorem 6 with its slack, over all outcomes: it holds for every lottery."""
    epsilon, weights, _ = combination.aligned(outcomes.coarse(game), False, request.deadline).exact
    units = game.units[1]
    free = Free(game) if obeyed(request) else found.frontiers
    gains = _regrets(game, Examined(found.x, found.values, (0.0,) * len(found.spreads), 0.0, free), False)
    slack = sum((w * g * u for w, (g, _), u in zip(weights, gains, units[1:], strict=True)), Fraction(0))
    short = game.opt * units[0] - 2 * epsilon - slack - found.values[0] * units[0]
    note = f"alice >= OPT - 2 epsilon - sum of w_j regret_j, epsilon {float(epsilon):.9g} over all outcomes"
    return Check("theorem 6", seen(max(Fraction(0), short)), 0.0, "utility", note, "proved")


def _best(game: Market, found: Examined, request: Request) -> Check:
    """OPT, or the best for Alice of a lone Bob's favourites."""
    top, sure, how, grade = Fraction(game.opt), True, "nobody has more to offer her", "recomputed"
    if game.k == 1 and obeyed(request):
        assert isinstance(found.frontiers, Obeyed)
        polytope = found.frontiers.polytope
        parts = obedient.stretches(polytope)
        top = max(high for _, high, _ in obedient.intervals(polytope, parts))
        sure, how, grade = nothing_else(polytope, parts), "of a lone Bob's favourites, by multipliers", "proved"
    elif game.k == 1:
        top, how = Fraction(favourites(game)[1]), "of a lone Bob's favourites"
    off = _scaled(top - found.values[0], found.spreads[0])
    return Check("best", off if sure else float("inf"), ROUNDING, "the lottery's spread", how, grade)


def _worst(game: Market, found: Examined, request: Request) -> Check:
    """Nothing stable gives Alice less."""
    if obeyed(request):
        assert isinstance(found.frontiers, Obeyed)
        _, v, pieces = obedient.worst(game, request.deadline)
        sure = nothing_below(found.frontiers.polytope, pieces, v)
        how, grade = f"{len(pieces)} pieces of the frontiers, by multipliers in fractions", "proved"
    elif game.k == 1:
        v, sure, how, grade = Fraction(favourites(game)[0]), True, "a lone Bob's favourites", "recomputed"
    elif game.schemes <= REPLAY:
        v, sure, grade = Fraction(worst_by_enumeration(game)), True, "recomputed"
        how = "by enumeration: a deterministic scheme attains the worst"
    else:
        assert isinstance(found.frontiers, Free)
        v = Fraction(spans(found.frontiers, request.deadline)[0][0])
        sure = all(found.frontiers.tight(j) for j in range(game.k))
        how, grade = "every outcome followed along frontiers that are attained everywhere, in integers", "recomputed"
    off = _scaled(abs(found.values[0] - v), found.spreads[0])
    return Check("worst", off if sure else float("inf"), ROUNDING, "the lottery's spread", how, grade)


def _overstated(game: Market, free: Free) -> Check:
    loose = sum(not free.tight(j) for j in range(game.k))
    return Check("frontiers", float(loose), 0.0, "Bobs", "schemes reach every point of every line")


def _disobedience(game: Market, x: Sequence[Fraction]) -> float:
    """Return the largest gain of Alice by disobeying, per unit of what is at stake in that pair of actions."""
    point = np.array(x, dtype=object)
    worst = 0.0
    for row in obedience(game):
        worst = max(worst, _scaled(-(row @ point), float(abs(row) @ point)))
    return worst


def _apart(claimed: Any, ends: Sequence[Sequence[float]]) -> float:
    """Return how far claimed intervals are from the recomputed ones, in their own size; infinity where not alike."""
    try:
        a, b = np.asarray(claimed, dtype=float), np.asarray(ends)
    except (TypeError, ValueError):
        return float("inf")
    if a.shape != b.shape or not np.isfinite(a).all():
        return float("inf")
    pairs = zip(a.ravel().tolist(), b.ravel().tolist(), strict=True)
    return max(_scaled(abs(own - end), abs(end)) for own, end in pairs)


def value(game: Market, player: int, x: Sequence[Fraction]) -> Fraction:
    """Return what a lottery is worth to a player, in its integer unit."""
    return sum((p * int(u) for p, u in zip(x, game.units[0][player], strict=True) if p), Fraction(0))


def spread(game: Market, player: int, x: Sequence[Fraction]) -> float:
    """Return the mean absolute deviation of a lottery's utility within its states, in the player's integer unit."""
    total = Fraction(0)
    for a, n in zip(game.first.tolist(), game.sizes.tolist(), strict=True):
        pairs = [(p, int(u)) for p, u in zip(x[a : a + n], game.units[0][player, a : a + n], strict=True) if p]
        mean = sum((p * u for p, u in pairs), Fraction(0))
        total += sum((p * abs(u - mean) for p, u in pairs), Fraction(0))
    return float(total)


def _scaled(gain: Fraction | float, spread: float) -> float:
    """Return a gain per unit of spread, infinity where nothing can be rounding."""
    if gain <= 0:
        return 0.0
    return float(gain) / spread if spread else float("inf")


def _share(value: Any, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise InstanceError(f"{path}: {str(value)[:40]!r}, expected a probability")
    if not -1e-3 <= value <= 1 + 1e-3:
        raise InstanceError(f"{path}: {float(value):g}, expected a probability")
    return float(value)
