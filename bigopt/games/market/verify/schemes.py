"""Certificates of market answers, from the game and the point alone; deterministic schemes in exact integers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import whole
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.market import dynamics, misalignment, response
from bigopt.games.market.exact import enumeration
from bigopt.games.market.game import Market
from bigopt.games.market.verify import lotteries as verify_lotteries

THEOREM = 1e-9  # rounding in OPT - 2 epsilon, in ranges of Alice's utility


def scheme_of(game: Market, point: Mapping[str, Any], key: str = "scheme") -> npt.NDArray[np.int64]:
    """Read a deterministic scheme [S] of a point, or raise `InstanceError`."""
    if key not in point:
        raise InstanceError(f"{key}: missing, expected {game.S} policy indices (one a state)")
    return _scheme(game, point[key], key)


def worst(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify Alice's worst stable scheme."""
    if _lotteries(request):
        return verify_lotteries.scheme(game, point, request)
    scheme, totals, fields, checks = _common(game, point, request)
    checks.append(_not_beaten(game, totals[0], request))
    return fields, _certificate(game, totals, checks)


def best(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify Alice's best stable scheme: any that reaches OPT is stable, since nobody can offer her more."""
    if _lotteries(request):
        return verify_lotteries.scheme(game, point, request)
    scheme, totals, fields, checks = _common(game, point, request)
    checks.append(Check("best", float((game.opt - totals[0]) * game.units[1][0]), 0.0, "utility", "exact"))
    return fields, _certificate(game, totals, checks)


def path(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify the end of best-response dynamics, and every step of the trajectory that leads there."""
    if _lotteries(request):
        return verify_lotteries.scheme(game, point, request)
    scheme, totals, fields, checks = _common(game, point, request)
    steps = point.get("trajectory", [])
    if not isinstance(steps, (list, tuple)):
        raise InstanceError("trajectory: expected a list of {bob, scheme}")
    trajectory, broken, before = [], 0, None
    for i, step in enumerate(steps):
        if not isinstance(step, Mapping) or "bob" not in step or "scheme" not in step:
            raise InstanceError(f"trajectory[{i}]: expected an object with bob and scheme")
        bob = int(whole(step["bob"], f"trajectory[{i}].bob", []))
        if not 0 <= bob < game.k:
            raise InstanceError(f"trajectory[{i}].bob: {bob}, expected an index from 0 to {game.k - 1}")
        chosen = _scheme(game, step["scheme"], f"trajectory[{i}].scheme")
        now = game.totals(chosen)
        if before is not None and not (now[0] > before[0] and now[bob + 1] > before[bob + 1]):
            broken += 1
        trajectory.append({"bob": bob, "scheme": chosen, "alice": float(now[0] * game.units[1][0])})
        before = now
    if before is not None and before != totals:
        broken += 1
    checks.append(
        Check("moves", float(broken), 0.0, "steps", "each raises Alice and its mover, the last is the scheme")
    )
    selected = trajectory[-1]["bob"] if trajectory else 0
    fields = fields | {"selected": selected, "trajectory": trajectory, "moves": max(0, len(trajectory) - 1)}
    return fields, _certificate(game, totals, checks)


def stable(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify a list of stable schemes: each is, and none is missing (by enumeration where the schemes are few)."""
    if _lotteries(request):
        return verify_lotteries.stable(game, point, request)
    rows = point.get("schemes")
    if not isinstance(rows, (list, tuple, np.ndarray)):
        raise InstanceError("schemes: missing, expected a list of schemes")
    schemes = np.array([_scheme(game, row, f"schemes[{i}]") for i, row in enumerate(rows)]).reshape(-1, game.S)
    totals = np.array([game.totals(row) for row in schemes], dtype=object).reshape(-1, game.k + 1)
    fronts = [response.frontier(game, j, request.deadline) for j in range(game.k)]
    unstable = nash = 0
    for row in totals:
        top = row[0] >= game.opt
        strict = top or all(int(f.above(int(row[0]))) <= own for f, own in zip(fronts, row[1:], strict=True))
        ceiling = fronts[0].bob[0] if game.k == 1 else fronts[0].above(int(row[0]), strict=False)
        unstable += not strict
        nash += bool(strict and int(ceiling) <= row[1])
    distinct = len({tuple(row) for row in schemes.tolist()})
    checks = [
        Check("unstable", float(unstable), 0.0, "schemes", "listed schemes with a deviation that both sides prefer"),
        Check("repeated", float(len(schemes) - distinct), 0.0, "schemes"),
    ]
    if enumeration.few(game):
        missing = len(enumeration.stable(game).schemes) - distinct + unstable
        checks.append(Check("missing", float(max(0, missing)), 0.0, "schemes", "by enumeration of every scheme"))
    alice = [float(row[0] * game.units[1][0]) for row in totals]
    fields = {"count": len(schemes), "count_nash": nash, "schemes": schemes, "alice": alice, "opt": game.opt_value}
    return fields, Certificate(tuple(checks), tolerance=0.0)


def best_response(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify one Bob's best response to the others' schemes."""
    from bigopt.games.market.best_response import outcome, profile_of, value

    player, profile = profile_of(game, request)
    action = scheme_of(game, point, "action")
    selected, totals = outcome(game, [*profile[:player], action, *profile[player + 1 :]])
    regret = (value(game, player, profile, request.deadline) - totals[player + 1]) * game.units[1][player + 1]
    fields = {"action": action, "loss": -float(game.values(totals)[player + 1])}
    fields |= {"alice": float(game.values(totals)[0]), "selected": selected}
    check = Check("regret", float(regret), 0.0, "utility", "exact, by a multiple-choice knapsack")
    return fields, Certificate((check,), float(regret), 0.0)


def _lotteries(request: Request) -> bool:
    return request.options.get("schemes") == "randomized" or bool(request.options.get("obedience"))


def _common(
    game: Market, point: Mapping[str, Any], request: Request
) -> tuple[npt.NDArray[np.int64], tuple[int, ...], dict[str, Any], list[Check]]:
    """Return the scheme, its integer utilities, the common fields, and the checks of stability and of Theorem 6."""
    scheme = scheme_of(game, point)
    totals = game.totals(scheme)
    gains = response.gains(game, totals, request.deadline)
    values = [float(v) for v in game.values(totals)]
    fields = {"scheme": scheme, "alice": values[0], "bobs": np.array(values[1:]), "selected": 0, "opt": game.opt_value}
    score, theorem = _theorem(game, values[0], request)
    shown = max(float(g * unit) for g, unit in zip(gains, game.units[1][1:], strict=True))
    note = "largest gain of a Bob by a scheme that Alice strictly prefers, exact"
    checks = [Check("deviation", shown, 0.0, "utility", note), theorem]
    return scheme, totals, fields | score, checks


def _theorem(game: Market, alice: float, request: Request) -> tuple[dict[str, Any], Check]:
    """Return the misalignment fields and the check alice >= OPT - 2 epsilon."""
    few = enumeration.few(game)
    found = misalignment.score(game, request.deadline) if few else misalignment.coarse(game, request.deadline)
    epsilon = found.epsilon
    outcomes = game.outcome_utilities()[0]
    span = float(np.ptp(outcomes)) or 1.0
    where = "over the outcomes of stable schemes" if few else "over all outcomes, as the stable set is too large"
    value = max(0.0, game.opt_value - 2 * epsilon - alice) / span
    check = Check(
        "theorem 6", value, THEOREM, "utility range", f"alice >= OPT - 2 epsilon, epsilon {epsilon:.9g} {where}"
    )
    return {"misalignment": epsilon if few else None, "bound": game.opt_value - 2 * epsilon if few else None}, check


def _not_beaten(game: Market, alice: int, request: Request) -> Check:
    """Compare with the enumerated worst, or with where best-response dynamics end where the schemes are too many."""
    if enumeration.few(game):
        found = enumeration.stable(game)
        least, note = int(found.totals[0, found.worst]), "by enumeration of every scheme"
    else:
        least = game.totals(dynamics.run(game, request.deadline)[-1].scheme)[0]
        note = "against best-response dynamics, which end at the worst where no two schemes tie"
    return Check("worst", float((alice - least) * game.units[1][0]), 0.0, "utility", note)


def _certificate(game: Market, totals: tuple[int, ...], checks: list[Check]) -> Certificate:
    return Certificate(tuple(checks), max(0.0, checks[0].value), 0.0)


def _scheme(game: Market, value: Any, path: str) -> npt.NDArray[np.int64]:
    scheme = whole(value, path, [game.S], ["state"])
    for s, a in enumerate(scheme.tolist()):
        if a >= game.sizes[s]:
            raise InstanceError(f"{path}[{s}]: {a}, expected a policy index from 0 to {game.sizes[s] - 1}")
    return scheme
