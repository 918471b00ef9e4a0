"""One combination: its error from the table, and a bound on what any other could have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import numbers
from bigopt.concepts import Certificate, Check, Request
from bigopt.errors import InstanceError
from bigopt.games.hull.asked import alice_of
from bigopt.games.hull.game import UtilityTable
from bigopt.games.hull.verify.fits import NONZERO
from bigopt.games.hull.verify.reach import Reach

OFF = 1e-6  # a weight below 0, or the sum off 1: taken out before anything is computed
GAP = 1e-7  # of Alice's mean square about her mean (simplex) or about 0 (NNLS)


def verify(game: UtilityTable, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Return the fields of a combination, and its certificate.

    On the simplex the Frank-Wolfe gap bounds what the error could fall by; for w >= 0 the Karush-Kuhn-Tucker conditions
    hold at the optimum and only there.
    """
    if "weights" not in point:
        raise InstanceError(f"weights: missing, expected {game.count} numbers (one a Bob)")
    given = numbers(point["weights"], "weights", (game.count,), ("Bob",))
    convex = request.options["weights"] == "one"
    alice, bobs = game.scaled_alices[:, alice_of(game, request)], game.scaled_bobs
    weights = np.maximum(given, 0.0)
    off = max(float(-given.min()), abs(float(given.sum()) - 1) if convex else 0.0)
    if convex and weights.sum() > 0:
        weights = weights / weights.sum()
    residual = alice - bobs @ weights
    pull = bobs.T @ residual
    mean = float(weights @ pull)
    if convex:
        spread = float(((alice - alice.mean()) ** 2).sum())
        gain = Reach.of(alice, bobs).gains((pull - mean)[None], np.array([np.linalg.norm(residual)]))[0]
        gap = Check("gap", 2 * float(gain) / spread, GAP, "Alice's sum of squares", "Frank-Wolfe gap", "proved")
    else:
        length = float(alice @ alice)
        norms = np.linalg.norm(bobs, axis=0)
        rise = float((pull / np.where(norms > 0, norms, 1.0)).max()) / np.sqrt(length)
        note = "u.r <= 0 for every Bob, and w.u.r = 0"
        gap = Check("stationary", max(rise, abs(mean) / length), GAP, "norms of Bob and Alice", note, "proved")
    fields = {
        "method": "simplex" if convex else "nnls",
        "weights": weights,
        "mse": float((residual**2).mean()),
        "nonzero": int((weights > NONZERO).sum()),
    }
    note = "w >= 0" + (" and sum w = 1" if convex else "")
    return fields, Certificate((Check("weights", off, OFF, "weight", note, "proved"), gap))
