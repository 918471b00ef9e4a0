r"""One combination: its error from the table, and a bound on what any other could have.

On the simplex the Frank-Wolfe gap bounds what half the squared error could fall by. For :math:`w \ge 0` any y bounds
it: with the residual r, the error falls by at most

.. math:: \tfrac12 |r - y|^2 - \sum_j w_j \, u_j \cdot y + \sum_j w^*_j \max(0, u_j \cdot y),

w* a combination that is no worse (`reach` has bounds on it). Here y is r less what the Bobs in use have of it: then the
bound is of second order in what rounding leaves, and no common level of all utilities hides a worse combination.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts import Certificate, Check, Request
from bigopt.errors import InstanceError
from bigopt.games.hull.asked import alice_of
from bigopt.games.hull.game import UtilityTable
from bigopt.games.hull.verify.fits import NONZERO
from bigopt.games.hull.verify.reach import Reach

OFF = 1e-6  # a weight below 0, or the sum off 1: taken out before anything is computed
GAP = 1e-7  # of Alice's stake
ROUNDING = 1e-15  # of two norms: an inner product that is none
RANK = 1e-13  # of the largest singular value: less is rounding


def verify(game: UtilityTable, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Return the fields of a combination, and its certificate."""
    if "weights" not in point:
        raise InstanceError(f"weights: missing, expected {game.count} numbers (one a Bob)")
    given = numbers(point["weights"], "weights", (game.count,), ("Bob",))
    convex = request.options["weights"] == "one"
    alice, bobs = game.scaled_alices[:, alice_of(game, request)], game.scaled_bobs
    weights = np.maximum(given, 0.0)
    off = max(float(-given.min()), abs(float(given.sum()) - 1) if convex else 0.0)
    if convex and weights.sum() > 0:
        weights = weights / weights.sum()
    mixed = bobs @ weights
    residual = alice - mixed
    if convex:
        away = bobs - mixed[:, None]
        pulls = residual @ away
        gain = float(Reach.of(alice, bobs).gains(pulls[None], np.array([np.linalg.norm(residual)]))[0])
        least = ROUNDING * float(np.linalg.norm(away[:, weights > 0], axis=0).max(initial=0.0)) * _moved(bobs, weights)
        decided = float((np.einsum("rk,rk->k", away, away) - 2 * pulls).max()) + 2 * gain
        whole, note = float(((alice - alice.mean()) ** 2).sum()), "Frank-Wolfe gap"
    else:
        gain = min(_cone_gain(alice, bobs, weights, residual), 0.5 * float(residual @ residual))
        least = (ROUNDING * _moved(bobs, weights)) ** 2
        decided, whole, note = (
            float(mixed @ mixed) + 2 * gain,
            float(alice @ alice),
            "weak duality, Bobs in use projected out",
        )
    stake = _stake(alice, whole, min(float(residual @ residual), decided), least / GAP)
    fields = {
        "method": "simplex" if convex else "nnls",
        "weights": weights,
        "mse": float((residual**2).mean()),
        "nonzero": int((weights > NONZERO).sum()),
    }
    said = "w >= 0" + (" and sum w = 1" if convex else "")
    gap = Check("gap", 2 * gain / stake, GAP, "Alice's sum of squares", note, "proved")
    return fields, Certificate((Check("weights", off, OFF, "weight", said, "proved"), gap))


def _stake(alice: Floats, whole: float, left: float, least: float) -> float:
    """Return the unit of the gap: Alice's sum of squares, but no more than her typical spread or the error makes it.

    A single row that is far from all others, or a common level, is most of her sum of squares and decides nothing.
    """
    low, high = np.quantile(alice, [0.25, 0.75])
    return min(whole, max(len(alice) * float(high - low) ** 2, left, least) or whole)


def _moved(bobs: Floats, weights: Floats) -> float:
    """Return the summed norms of what the weights take of each Bob: floats hold their sum no better than this."""
    return float(weights @ np.linalg.norm(bobs, axis=0))


def _cone_gain(alice: Floats, bobs: Floats, weights: Floats, residual: Floats) -> float:
    """Return half of what the squared error could fall by over all w >= 0, at most (infinity: nothing bounds it)."""
    norms = np.linalg.norm(bobs, axis=0)
    used = bobs[:, weights > 0] / norms[weights > 0] if (norms[weights > 0] > 0).all() else bobs[:, weights > 0]
    basis, sizes, _ = np.linalg.svd(used, full_matrices=False)
    basis = basis[:, sizes > RANK * sizes.max(initial=0.0)]
    dual = residual - basis @ (basis.T @ residual)
    dual -= basis @ (basis.T @ dual)
    pulls, noise = dual @ bobs, ROUNDING * norms * float(np.linalg.norm(dual))
    rising = np.maximum(pulls - noise, 0.0)
    slack = float(weights @ np.maximum(-pulls - noise, 0.0))
    caps = np.where(rising > 0, _caps(alice, bobs, weights, float(np.linalg.norm(residual))), 0.0)
    away = residual - dual
    return 0.5 * float(away @ away) + slack + float(caps @ rising)


def _caps(alice: Floats, bobs: Floats, weights: Floats, length: float) -> Floats:
    """Return the most weight that every Bob has in a combination that is no worse, [K].

    With nobody (weight for 0) among them the affine hull of `reach` is a span. A Bob in the others' span is bounded
    along the fit, where all Bobs lean its way.
    """
    reach = Reach.of(alice, np.column_stack([np.zeros(len(alice)), bobs]))
    mixed = bobs @ weights
    lean = mixed @ bobs
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = (reach.along + length) / reach.heights
        along = (abs(float(alice @ mixed)) + length * float(np.linalg.norm(mixed))) / lean
    apart = np.where(reach.heights > 0, apart, np.inf)[1:]
    return np.minimum(apart, along) if (lean > 0).all() else apart
