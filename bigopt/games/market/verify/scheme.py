"""What certificates of deterministic schemes share: the scheme, its utilities, its deviations, Theorem 6."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.alice import combination
from bigopt.arithmetic.arrays import whole
from bigopt.arithmetic.decimals import seen
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.market.exact import enumeration, outcomes
from bigopt.games.market.game import Market
from bigopt.games.market.options import nash
from bigopt.games.market.verify import misalignment
from bigopt.games.market.verify.census import Census

Scheme = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Examined:
    """A scheme that was read and tested for deviations: its integer utilities, its fields and its checks."""

    scheme: Scheme
    totals: tuple[int, ...]
    census: Census
    fields: dict[str, Any]
    checks: tuple[Check, ...]

    def certificate(self, *more: Check) -> Certificate:
        """Return the certificate whose regret is the first check's value."""
        return Certificate((*self.checks, *more), self.checks[0].value, 0.0)


def scheme_of(game: Market, point: Mapping[str, Any], key: str = "scheme") -> Scheme:
    """Read a deterministic scheme [S] of a point, or raise `InstanceError`."""
    if key not in point:
        raise InstanceError(f"{key}: missing, expected {game.S} policy indices (one a state)")
    return read_scheme(game, point[key], key)


def read_scheme(game: Market, value: Any, path: str) -> Scheme:
    """Read a deterministic scheme [S] that stands at `path`."""
    scheme = whole(value, path, [game.S], ["state"])
    for s, a in enumerate(scheme.tolist()):
        if a >= game.sizes[s]:
            raise InstanceError(f"{path}[{s}]: {a}, expected a policy index from 0 to {game.sizes[s] - 1}")
    return scheme


def examine(game: Market, point: Mapping[str, Any], request: Request) -> Examined:
    """Read the scheme, and check that no Bob would leave it, and Theorem 6."""
    scheme = scheme_of(game, point)
    totals = game.totals(scheme)
    census = Census(game, nash(request), request.deadline)
    gains = census.gains(totals)
    values = game.values(totals)
    fields = {
        "scheme": scheme,
        "alice": values[0],
        "bobs": np.array(values[1:]),
        "selected": 0,
        "opt": game.opt * game.units[1][0],
    }
    worth = [gain * unit for gain, unit in zip(gains, game.units[1][1:], strict=True)]
    score, bound = theorem(game, scheme, worth, request)
    who = "that Alice strictly prefers" if game.k > 1 else "whatever Alice thinks of it, as he is alone"
    note = f"largest gain of a Bob by a scheme {who}, by an exact knapsack"
    checks = (Check("deviation", seen(max(worth)), 0.0, "utility", note), bound)
    return Examined(scheme, totals, census, fields | score, checks)


def theorem(
    game: Market, scheme: Scheme, regrets: Sequence[Fraction], request: Request
) -> tuple[dict[str, Any], Check]:
    r"""Return the misalignment fields and Theorem 6, :math:`u_A \ge OPT - 2\varepsilon - w \cdot regret`.

    It holds for every scheme: Alice's favourite g has w U(g) + c >= OPT - epsilon, each U_j(g) is at most U_j(f) and
    Bob j's regret, and w U(f) + c <= u_A(f) + epsilon, where epsilon covers the outcomes of f as well.
    """
    few = enumeration.few(game)
    table = misalignment.table(game, request.deadline) if few else outcomes.coarse(game)
    epsilon, weights, offset = combination.aligned(table, False, request.deadline).exact
    own = max(epsilon, outcomes.excess(game, scheme, weights, offset))
    slack = sum((w * r for w, r in zip(weights, regrets, strict=True)), Fraction(0))
    alice, opt = game.totals(scheme)[0] * game.units[1][0], game.opt * game.units[1][0]
    where = "over the outcomes of stable schemes" if few else "over all outcomes, as the stable set is too large"
    note = f"alice >= OPT - 2 epsilon - sum of w_j regret_j in fractions, epsilon {float(epsilon):.9g} {where}"
    short = seen(max(Fraction(0), opt - epsilon - own - slack - alice))
    fields = {"misalignment": float(epsilon), "bound": float(opt - 2 * epsilon)} if few else {}
    return {"misalignment": None, "bound": None} | fields, Check("theorem 6", short, 0.0, "utility", note, "proved")
