"""What certificates of deterministic schemes share: the scheme, its utilities, its deviations, Theorem 6."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import whole
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.market import response
from bigopt.games.market.exact import enumeration, outcomes
from bigopt.games.market.game import Market

THEOREM = 1e-9  # rounding in OPT - 2 epsilon, in ranges of Alice's utility


def scheme_of(game: Market, point: Mapping[str, Any], key: str = "scheme") -> npt.NDArray[np.int64]:
    """Read a deterministic scheme [S] of a point, or raise `InstanceError`."""
    if key not in point:
        raise InstanceError(f"{key}: missing, expected {game.S} policy indices (one a state)")
    return read_scheme(game, point[key], key)


def lotteries_asked(request: Request) -> bool:
    """Whether lotteries were asked for."""
    return request.options.get("schemes") == "randomized" or bool(request.options.get("obedience"))


def common(
    game: Market, point: Mapping[str, Any], request: Request
) -> tuple[npt.NDArray[np.int64], tuple[int, ...], dict[str, Any], list[Check]]:
    """Return the scheme, its integer utilities, the common fields, and the checks of stability and of Theorem 6."""
    scheme = scheme_of(game, point)
    totals = game.totals(scheme)
    gains = response.gains(game, totals, request.deadline)
    values = [float(v) for v in game.values(totals)]
    fields = {"scheme": scheme, "alice": values[0], "bobs": np.array(values[1:]), "selected": 0, "opt": game.opt_value}
    score, bound = theorem(game, values[0], request)
    shown = max(float(g * unit) for g, unit in zip(gains, game.units[1][1:], strict=True))
    note = "largest gain of a Bob by a scheme that Alice strictly prefers, exact"
    checks = [Check("deviation", shown, 0.0, "utility", note), bound]
    return scheme, totals, fields | score, checks


def theorem(game: Market, alice: float, request: Request) -> tuple[dict[str, Any], Check]:
    """Return the misalignment fields and the check alice >= OPT - 2 epsilon."""
    few = enumeration.few(game)
    found = outcomes.score(game, request.deadline) if few else outcomes.coarse(game, request.deadline)
    epsilon = found.epsilon
    utilities = game.outcome_utilities()[0]
    span = float(np.ptp(utilities)) or 1.0
    where = "over the outcomes of stable schemes" if few else "over all outcomes, as the stable set is too large"
    value = max(0.0, game.opt_value - 2 * epsilon - alice) / span
    check = Check(
        "theorem 6", value, THEOREM, "utility range", f"alice >= OPT - 2 epsilon, epsilon {epsilon:.9g} {where}"
    )
    return {"misalignment": epsilon if few else None, "bound": game.opt_value - 2 * epsilon if few else None}, check


def certificate(game: Market, totals: tuple[int, ...], checks: list[Check]) -> Certificate:
    """Return the certificate whose regret is the first check's value."""
    return Certificate(tuple(checks), max(0.0, checks[0].value), 0.0)


def read_scheme(game: Market, value: Any, path: str) -> npt.NDArray[np.int64]:
    """Read a deterministic scheme [S] that stands at `path`."""
    scheme = whole(value, path, [game.S], ["state"])
    for s, a in enumerate(scheme.tolist()):
        if a >= game.sizes[s]:
            raise InstanceError(f"{path}[{s}]: {a}, expected a policy index from 0 to {game.sizes[s] - 1}")
    return scheme
