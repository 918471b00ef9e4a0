"""Fits of nested sets: the sweep beside plain loops of scipy, scikit-learn and pysyncon, over more processes and Dask.

Plain loops are measured on a sample of the sweep's fits and counted up to all of them; the notes say so. Sweeps are
beside two lone ones at once, which share nothing but the machine: more processes can't gain more than its cores do.
"""

from __future__ import annotations

import importlib.util
import resource
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
    case = f"{game.rows} x {game.count}, {game.permutations} permutations, {game.folds} folds"
    rows = paired(f"{case}, four methods", {"bigopt, fits and certificate": partial(_swept, game, 1)}, repeats=1)
    contenders: dict[str, Callable[[], Any]] = {"bigopt, 1 process": partial(_fits, game, sets, How(jobs=1))}
    if not smoke:
        contenders["bigopt, 2 processes"] = partial(_fits, game, sets, How(jobs=2))
        contenders["two lone sweeps at once (each)"] = partial(_at_once, game, sets)
    if installed("distributed") and not smoke:
        contenders |= {f"bigopt, Dask, {n} workers": partial(_on_dask, game, sets, n) for n in (1, 2)}
    rows += paired(f"{case}, two fitted methods", contenders, repeats=1)
    sample = 6 if smoke else 60
    loops: dict[str, Callable[[], Any]] = {
        "bigopt, both methods": partial(_fits, game, sets, How(jobs=1)),
        "scipy nnls": partial(_looped, game, sets, sample, _scipy),
        "SLSQP (simplex)": partial(_looped, game, sets, max(2, sample // 10), _slsqp),
    }
    if installed("sklearn"):
        loops["scikit-learn positive=True"] = partial(_looped, game, sets, sample, _sklearn)
    if installed("pysyncon"):
        loops["pysyncon (simplex)"] = partial(_looped, game, sets, max(2, sample // 10), _pysyncon)
    return rows + paired(f"{case}, plain loops", loops, repeats=1)


def installed(package: str) -> bool:
    """Say whether a peer is there."""
    return importlib.util.find_spec(package) is not None


def _fits(game: UtilityTable, sets: Nested, how: How) -> Outcome:
    """Run all fits of both fitted methods."""
    return limited(lambda: len(sweep(game, sets, how, Deadline())), seconds=LIMIT, memory_mb=MEMORY)


def _at_once(game: UtilityTable, sets: Nested) -> Outcome:
    """Run two sweeps in two processes that know nothing of each other, and return the slower one."""
    with ThreadPoolExecutor(2) as both:
        found = [both.submit(_fits, game, sets, How(jobs=1)) for _ in range(2)]
    return max((each.result() for each in found), key=lambda outcome: outcome.seconds or 0.0)


def _on_dask(game: UtilityTable, sets: Nested, workers: int) -> Outcome:
    """Run all fits on a cluster of this machine (its start is not counted); the memory is its largest worker's."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        start = time.perf_counter()
        sweep(game, sets, How(dask=cluster.scheduler_address), Deadline())
        taken = time.perf_counter() - start
        peaks = client.run(_peak)
    return Outcome("done", taken, max(peaks.values()), note="memory of the largest worker")


def _peak() -> float:
    """Return this process's largest resident memory in megabytes (2**20 bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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
    one(game.bobs[train, :2], game.alice[train])  # imports are not counted
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


def _pysyncon(bobs: Floats, alice: Floats) -> Any:
    from pysyncon import Synth

    return Synth.w_optimize(np.eye(len(alice)), bobs, alice)


def _slsqp(bobs: Floats, alice: Floats) -> Any:
    k = bobs.shape[1]
    return minimize(
        lambda w: ((alice - bobs @ w) ** 2).sum(),
        np.full(k, 1 / k),
        method="SLSQP",
        bounds=[(0, 1)] * k,
        constraints=[{"type": "eq", "fun": lambda w: w.sum() - 1}],
    )
