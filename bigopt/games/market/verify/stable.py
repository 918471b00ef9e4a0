"""Certificates of lists of stable schemes: each is stable, and none is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError, LimitReached
from bigopt.games.market.exact import enumeration
from bigopt.games.market.game import Market
from bigopt.games.market.options import nash, randomized
from bigopt.games.market.verify import lotteries
from bigopt.games.market.verify.census import Census
from bigopt.games.market.verify.intervals import complete, found_in, proof_of, shown, spans_below
from bigopt.games.market.verify.scheme import read_scheme


def stable(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify a list of stable schemes (or of Nash equilibria)."""
    if randomized(request):
        return lotteries.stable(game, point, request)
    rows = point.get("schemes")
    if not isinstance(rows, (list, tuple, np.ndarray)):
        raise InstanceError("schemes: missing, expected a list of schemes")
    schemes = np.array([read_scheme(game, row, f"schemes[{i}]") for i, row in enumerate(rows)], dtype=np.int64)
    schemes = schemes.reshape(-1, game.S)
    totals = game.units[0][:, game.first + schemes].sum(axis=2)
    census = Census(game, nash(request), request.deadline)
    good = census.stable(totals)
    equilibria = good if census.nash else good & Census(game, True, request.deadline).stable(totals)
    listed = {tuple(row) for row in schemes.tolist()}
    checks = [
        Check("unstable", float((~good).sum()), 0.0, "schemes", "listed schemes that a Bob would leave"),
        Check("repeated", float(len(schemes) - len(listed)), 0.0, "schemes"),
    ]
    proof, missing = _missing(game, census, listed, point)
    alice = [int(v) * game.units[1][0] for v in totals[0]]
    fields = {"count": len(schemes), "count_nash": int(equilibria.sum()), "schemes": schemes, "alice": alice}
    fields |= {"opt": game.opt * game.units[1][0]} | ({} if proof is None else {"proof": proof})
    return fields, Certificate((*checks, missing), tolerance=0.0)


def _missing(game: Market, census: Census, listed: set[tuple[int, ...]], point: Mapping[str, Any]) -> tuple[Any, Check]:
    """Count the stable schemes that are not listed."""
    few = enumeration.few(game)
    given = None if few else proof_of(game, point.get("proof"))
    try:
        spans = spans_below(census, given, game.opt, every=True)
        if not complete(census, spans, game.opt):
            note = "the proof leaves values of Alice's out"
            return shown(spans), Check("missing", 1.0, 0.0, "schemes", note, "searched")
        count = sum(
            tuple(row) not in listed
            for schemes, _ in found_in(census, spans, game.opt, every=True)
            for row in schemes.tolist()
        )
    except LimitReached:
        note = "the time limit came before everything was looked through"
        return None, Check("missing", 0.0, 0.0, "schemes", note, "searched")
    note = "every scheme against every Bob's frontier" if few else f"{len(spans)} intervals refuted or looked through"
    return None if few else shown(spans), Check("missing", float(count), 0.0, "schemes", note)
