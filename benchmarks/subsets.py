"""Subset games: one exact best response, with its certificate, beside SCIP's MIQP and HiGHS's MILP.

Every run of a solver has 60 s; one that does not close counts as 60 s, and the note gives its loss and bound. The exact
response of the large cases runs in a process of its own under 4 GB.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import bigopt
from benchmarks.timing import Outcome, Row, limited, paired
from bigopt.arithmetic.arrays import Floats

LIMIT = 60.0  # seconds
MEMORY = 4_000.0  # megabytes
SAME = 1e-6  # difference of two losses that are called the same


def run(smoke: bool) -> list[Row]:
    """Return the rows of every case; `smoke` makes all of them tiny."""
    if smoke:
        return _beside(12, 2, 3, False, ("scip", "highs"), 1)
    rows = []
    for items, dimension, size, whole in (
        (100, 2, 5, 0),
        (100, 8, 5, 0),
        (200, 2, 5, 1),
        (200, 1, 10, 0),
        (200, 1, 10, 1),
    ):
        rows += _beside(items, dimension, size, bool(whole), ("scip", "highs"), 1)
    for items, dimension, size in ((1000, 2, 4), (200, 8, 6)):
        rows += _beside(items, dimension, size, False, (), 3)
    return rows


def game(items: int, dimension: int, size: int, whole: bool, seed: int = 0) -> bigopt.Subsets:
    """Return two players with normal items, or with different whole numbers up to 100,000."""
    rng = np.random.default_rng([seed, items, dimension, size])
    scale = 30_000.0 if whole else 1.0
    rows = scale * rng.normal(size=(items, dimension))
    targets = scale * rng.normal(size=(2, dimension))
    if whole:
        rows, targets = _different(np.round(rows), rng), np.round(targets)
    return bigopt.Subsets(np.ones(2), targets, rows, np.array([size, size]))


def _different(rows: Floats, rng: np.random.Generator) -> Floats:
    """Move rows that equal an earlier one by whole steps until all differ."""
    while len(again := np.setdiff1d(np.arange(len(rows)), np.unique(rows, axis=0, return_index=True)[1])):
        rows[again] += rng.integers(1, 100, size=(len(again), rows.shape[1]))
    return rows


def _beside(items: int, dimension: int, size: int, whole: bool, peers: tuple[str, ...], repeats: int) -> list[Row]:
    g = game(items, dimension, size, whole)
    known = _solve(g, "exact")["loss"]
    names = ("exact", *peers)
    contenders: dict[str, Callable[[], Outcome]] = {name: partial(_limited, g, name, known) for name in names}
    case = f"best response, |X| = {items}, d = {dimension}, k = {size}{', integers' if whole else ''}"
    return paired(case, contenders, repeats=max(repeats, 3) if not peers else repeats)


def _limited(g: bigopt.Subsets, solver: str, known: float) -> Outcome:
    """Run one solver in its own process; what did not close or is worse counts as the whole limit."""
    outcome = limited(lambda: _solve(g, solver), seconds=2 * LIMIT, memory_mb=MEMORY)
    if not outcome.done:
        return outcome
    found: dict[str, Any] = outcome.value
    loss, bound = (found[key] if found[key] is not None else float("nan") for key in ("loss", "bound"))
    if not found["closed"]:
        note = f"stopped at {LIMIT:g} s with loss {loss:.3g}, bound {bound:.3g}; the optimum is {known:.3g}"
        return Outcome("time limit", LIMIT, outcome.peak_mb, note=note)
    wrong = "" if loss <= known + SAME * max(1.0, known) else f" (WRONG: the optimum is {known:.3g})"
    return Outcome("done", outcome.seconds, outcome.peak_mb, note=f"loss {loss:.3g}{wrong}")


def _solve(g: bigopt.Subsets, solver: str) -> dict[str, Any]:
    """Return the loss, the bound, and whether the solver says that it is optimal."""
    first = list(range(int(g.sizes[0])))
    options = {"limits/absgap": 1e-6, "limits/gap": 0} if solver == "scip" else {}
    found = bigopt.solve(
        g, "best-response", solver=solver, player=0, profile=[first, first], time_limit=LIMIT, options=options
    )
    closed = found.stopped == "convergenceCriteriaSatisfied" and (solver != "exact" or found.certificate.verified)
    action = found.fields.get("action")
    loss = None if action is None else float(g.losses([list(action), first])[0])  # no time left: not verified
    return {"loss": loss, "bound": found.bound, "closed": closed}
