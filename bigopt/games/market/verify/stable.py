"""Certificates of lists of stable schemes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.market import response
from bigopt.games.market.exact import enumeration
from bigopt.games.market.game import Market
from bigopt.games.market.verify import lotteries
from bigopt.games.market.verify.scheme import lotteries_asked, read_scheme


def stable(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify a list of stable schemes: each is, and none is missing (by enumeration where the schemes are few)."""
    if lotteries_asked(request):
        return lotteries.stable(game, point, request)
    rows = point.get("schemes")
    if not isinstance(rows, (list, tuple, np.ndarray)):
        raise InstanceError("schemes: missing, expected a list of schemes")
    schemes = np.array([read_scheme(game, row, f"schemes[{i}]") for i, row in enumerate(rows)]).reshape(-1, game.S)
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
