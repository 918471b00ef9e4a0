"""Fits of nested sets: the sweep beside plain loops of scipy's nnls, scikit-learn and SLSQP, and over more processes.

Plain loops are measured on a sample of the sweep's fits and counted up to all of them; the notes say so.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy.optimize import minimize, nnls

from benchmarks.timing import Outcome, Row, limited, paired
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import Deadline
from bigopt.games.hull import UtilityTable
from bigopt.games.hull.exact.nested import Nested, sets_of
from bigopt.games.hull.exact.sweep import How, sweep
from bigopt.games.hull.fit import CONCEPT
from bigopt.games.hull.generate import noisy_rephrasings

MEMORY = 4_000.0  # megabytes
LIMIT = 600.0  # seconds


def run(smoke: bool) -> list[Row]:
    """Return the rows; `smoke` makes the table tiny."""
    game = noisy_rephrasings(rows=60, bobs=12, permutations=2) if smoke else noisy_rephrasings()
    sets = sets_of(game, game.count)
    sample = 6 if smoke else 60
    contenders: dict[str, Callable[[], Outcome]] = {
        "sweep and certificate, 1 process": partial(_swept, game, 1),
        "scipy nnls, plain loop": partial(_looped, game, sets, sample, _scipy),
        "SLSQP on the simplex, plain loop": partial(_looped, game, sets, max(2, sample // 10), _slsqp),
    }
    if not smoke:
        contenders["sweep and certificate, 2 processes"] = partial(_swept, game, 2)
    if importlib.util.find_spec("sklearn") is not None:
        contenders["scikit-learn positive=True, plain loop"] = partial(_looped, game, sets, sample, _sklearn)
    case = f"{game.rows} x {game.count}, {game.permutations} permutations, {game.folds} folds"
    return paired(case, contenders, repeats=1)


def _swept(game: UtilityTable, jobs: int) -> Outcome:
    """Run all fits of both fitted methods, and verify all four."""

    def work() -> float:
        weights = sweep(game, sets_of(game, game.count), How(jobs=jobs), Deadline())
        _, certificate = CONCEPT.verify(game, {"weights": weights}, CONCEPT.request())
        return float(certificate.verified)

    return limited(work, seconds=LIMIT, memory_mb=MEMORY)


def _looped(game: UtilityTable, sets: Nested, sample: int, one: Callable[[Floats, Floats], Any]) -> Outcome:
    """Fit a random sample of the sets once, and count the time up to all sets and folds."""
    rng = np.random.default_rng(0)
    chosen = rng.integers(0, len(sets.parent), sample)
    members, (train, _) = sets.members, game.split(0)
    start = time.perf_counter()
    for s in chosen:
        one(game.bobs[np.ix_(train, np.flatnonzero(members[s]))], game.alice[train])
    each = (time.perf_counter() - start) / sample
    total = each * len(sets.parent) * game.folds
    note = f"one method only; {1e3 * each:.3g} ms a fit in {sample} of {len(sets.parent) * game.folds} fits, counted up"
    return Outcome("done", total, 0.0, note=note)


def _scipy(bobs: Floats, alice: Floats) -> Any:
    return nnls(bobs, alice)


def _sklearn(bobs: Floats, alice: Floats) -> Any:
    from sklearn.linear_model import LinearRegression

    return LinearRegression(positive=True, fit_intercept=False).fit(bobs, alice)


def _slsqp(bobs: Floats, alice: Floats) -> Any:
    k = bobs.shape[1]
    return minimize(
        lambda w: ((alice - bobs @ w) ** 2).sum(),
        np.full(k, 1 / k),
        method="SLSQP",
        bounds=[(0, 1)] * k,
        constraints=[{"type": "eq", "fun": lambda w: w.sum() - 1}],
    )
