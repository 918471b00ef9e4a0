"""Certificates of best-response dynamics: the end, and every move of the trajectory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.arithmetic.arrays import whole
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.market.game import Market
from bigopt.games.market.verify import lotteries
from bigopt.games.market.verify.scheme import certificate, common, lotteries_asked, read_scheme


def path(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify the end of best-response dynamics, and every step of the trajectory that leads there."""
    if lotteries_asked(request):
        return lotteries.scheme(game, point, request)
    scheme, totals, fields, checks = common(game, point, request)
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
        chosen = read_scheme(game, step["scheme"], f"trajectory[{i}].scheme")
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
    return fields, certificate(game, totals, checks)
