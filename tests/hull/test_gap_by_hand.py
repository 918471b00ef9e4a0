"""The gap of a combination by plain sums, the projection by least squares, at points near and far from the best."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import nnls

from bigopt.games.hull import UtilityTable
from bigopt.games.hull.verify.reach import Reach
from tests.hull.certified import said, table, values


def of_any_sum(alice: Any, bobs: Any, weights: Any) -> tuple[float, float]:
    """Return half of what the squared error could fall by, at most, and what the weights decide."""
    mixed = sum(w * bob for w, bob in zip(weights, bobs.T, strict=True))
    rest = alice - mixed
    used = bobs[:, weights > 0]
    dual = rest - used @ np.linalg.lstsq(used, rest, rcond=1e-13)[0] if used.shape[1] else rest
    length, reach = np.sqrt(rest @ rest), Reach.of(alice, np.column_stack([0 * alice, bobs]))
    lean = [mixed @ bob for bob in bobs.T]
    left = sum((r - y) ** 2 for r, y in zip(rest, dual, strict=True)) / 2
    for j, bob in enumerate(bobs.T):
        pull, noise = float(bob @ dual), 1e-15 * np.sqrt(bob @ bob) * np.sqrt(dual @ dual)
        if pull < -noise:
            left += weights[j] * (-pull - noise)
        if pull > noise:
            height = reach.heights[j + 1]
            cap = (reach.along[j + 1] + length) / height if height > 0 else np.inf
            if min(lean) > 0:
                cap = min(cap, (abs(alice @ mixed) + length * np.sqrt(mixed @ mixed)) / lean[j])
            left += cap * (pull - noise)
    gain = min(left, rest @ rest / 2)
    return gain, mixed @ mixed + 2 * gain


def of_sum_one(alice: Any, bobs: Any, weights: Any) -> tuple[float, float]:
    mixed = bobs @ weights
    rest = alice - mixed
    pulls = np.array([(bob - mixed) @ rest for bob in bobs.T])
    gain = float(Reach.of(alice, bobs).gains(pulls[None], np.array([np.sqrt(rest @ rest)]))[0])
    return gain, max((bob - mixed) @ (bob - mixed) - 2 * p for bob, p in zip(bobs.T, pulls, strict=True)) + 2 * gain


def games() -> list[tuple[Any, Any]]:
    """Return small tables: as they are, at a level, with a wild row, with a Bob of zeros, and of opposed Bobs."""
    found = []
    for seed, level in ((0, 0.0), (1, 30.0), (2, 0.0), (3, 0.0), (4, 0.0)):
        near = table(seed, rows=12, bobs=3)
        alice, bobs = near.alice + level, near.bobs + level
        if seed == 2:
            alice[0] += 40.0
        if seed == 3:
            bobs = np.column_stack([bobs, np.zeros(12)])
        if seed == 4:
            bobs = np.column_stack([bobs, -3.0 * bobs[:, 0], bobs[:, 1]])
        found.append((alice, bobs))
    return found


@pytest.mark.parametrize("case", range(5))
def test_the_gap_is_what_plain_sums_say(case: int) -> None:
    alice, bobs = games()[case]
    game, k = UtilityTable(alice, bobs, folds=1), bobs.shape[1]
    scaled, others = game.scaled_alices[:, 0], game.scaled_bobs
    best = nnls(others, scaled)[0]
    low, high = np.quantile(scaled, [0.25, 0.75])
    alone = np.eye(k)[0]
    without = [nnls(others * (np.arange(k) != j), scaled)[0] for j in range(k)]
    for weights in (best, 0.9 * best, best + 0.01, alone, np.full(k, 1 / k), 0.3 * alone, np.zeros(k), *without):
        for one, whole in ((False, scaled @ scaled), (True, ((scaled - scaled.mean()) ** 2).sum())):
            w = weights / weights.sum() if one and weights.sum() else weights
            if one and not w.sum():
                continue
            gain, decided = (of_sum_one if one else of_any_sum)(scaled, others, w)
            rest = scaled - others @ w
            stake = min(whole, max(12 * (high - low) ** 2, min(rest @ rest, decided)))
            shown = values(said(game, "combination", {"weights": w}, weights="one" if one else "any")[1])["gap"]
            assert shown == pytest.approx(2 * gain / stake, rel=1e-5, abs=1e-11)
            if not one:  # and it is no less than what the best gains
                assert shown * stake >= rest @ rest - ((scaled - others @ best) ** 2).sum() - 1e-9 * whole
