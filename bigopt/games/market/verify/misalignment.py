"""Certificates of the misalignment score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.alice import alignment
from bigopt.arithmetic.arrays import numbers
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.market.exact.outcomes import sides
from bigopt.games.market.game import Market


def misalignment(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute epsilon from the weights and prove that no others do better."""
    if "weights" not in point:
        raise InstanceError(f"weights: missing, expected {game.k} numbers (one a Bob)")
    given = numbers(point["weights"], "weights", [game.k], ["Bob"])
    weights = np.maximum(given, 0.0)
    alice, bobs = game.outcome_utilities()
    upper, lower = sides(game)
    epsilon, offset = alignment.measure(alice, bobs, weights, upper, lower)
    bound = alignment.lower_bound(alice, bobs, weights, convex=False, upper=upper, lower=lower)
    scale = alignment.scale_of(alice, bobs)
    checks = (
        Check("weights", max(0.0, float(-given.min())), alignment.NEGATIVE, "weight", "w >= 0"),
        Check("gap", (epsilon - bound) / scale, alignment.GAP, "utility range", f"dual bound {bound:.12g}"),
    )
    return {"epsilon": epsilon, "weights": weights, "offset": offset}, Certificate(checks)
