"""Seeded tables of three settings. They are made up: no model was asked and no person."""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.counting import repeated
from bigopt.errors import UsageError
from bigopt.games.hull.game import LARGEST, UtilityTable


def noisy_rephrasings(
    *,
    rows: int = 1000,
    bobs: int = 100,
    common: float = 0.15,
    bias: float = 0.1,
    noise: float = 0.2,
    permutations: int = 100,
    seed: int = 0,
) -> UtilityTable:
    """Bobs who try to be Alice: her score, an error that all of them share, a bias and noise of their own.

    Scores are whole numbers from 0 to 100, divided by 100. Bobs differ in how strongly they react to an outcome, and in
    the size of their noise.
    """
    _sizes(rows, bobs)
    rng = np.random.default_rng(seed)
    alice = rng.beta(0.7, 0.7, rows)
    shared = common * rng.normal(size=(rows, 3)) @ rng.dirichlet(np.ones(3), bobs).T * 1.5
    reaction = 1 + 2 * bias * rng.normal(size=bobs)
    own = noise * rng.gamma(4.0, 0.25, bobs) * rng.normal(size=(rows, bobs))
    scores = 0.5 + reaction * (alice - 0.5)[:, None] + bias * rng.normal(size=bobs) + shared + own
    return _table("noisy-rephrasings", _scores(alice), _scores(scores), permutations, seed)


def personas(
    *, rows: int = 1000, bobs: int = 100, noise: float = 0.15, permutations: int = 100, seed: int = 0
) -> UtilityTable:
    """Six persons of different outlooks, each rephrased many times; Alice weighs the outlooks in her own way."""
    _sizes(rows, bobs)
    rng = np.random.default_rng(seed)
    outlooks = rng.beta(0.6, 0.6, (rows, 6))
    alice = outlooks @ rng.dirichlet(np.ones(6)) + 0.08 * rng.normal(size=rows)
    base = np.arange(bobs) % 6
    scores = outlooks[:, base] + 0.08 * rng.normal(size=bobs) + noise * rng.normal(size=(rows, bobs))
    return _table("personas", _scores(alice), _scores(scores), permutations, seed)


def opinions(
    *, questions: int = 80, bobs: int = 9, humans: int = 50, permutations: int = 100, seed: int = 0
) -> UtilityTable:
    """Multiple-choice questions of 2 to 6 answers: humans pick one each, models have distributions over them."""
    if questions < 1 or humans < 1:
        raise UsageError(f"generate opinions: {questions} questions, {humans} humans, expected at least 1")
    _sizes(6 * questions, max(bobs, humans))
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 7, questions)
    groups = repeated(np.arange(questions), sizes)
    alices, models = [], []
    for size in sizes.tolist():
        people = rng.dirichlet(np.full(size, 1.2))
        leanings = rng.dirichlet(3 * people + 0.3, humans)
        picked = (leanings.cumsum(axis=1) < rng.random((humans, 1))).sum(axis=1).clip(max=size - 1)
        alices.append(np.eye(size)[picked].T)
        models.append(rng.dirichlet(2 * people + 0.2, bobs).T)
    table = np.vstack(alices)
    live = np.ptp(table, axis=0) > 0
    return UtilityTable(
        table[:, live],
        np.round(np.vstack(models), 4).astype(float),
        groups=groups,
        permutations=permutations,
        seed=seed,
        name=f"opinions-q{questions}-k{bobs}-h{humans}-s{seed}",
    )


def _scores(values: Floats) -> Floats:
    """Return scores from 0 to 1 in hundredths."""
    return np.round(100 * np.clip(values, 0, 1)) / 100


def _table(kind: str, alice: Floats, bobs: Floats, permutations: int, seed: int) -> UtilityTable:
    name = f"{kind}-n{len(bobs)}-k{bobs.shape[1]}-s{seed}"
    return UtilityTable(alice, bobs, permutations=permutations, seed=seed, name=name)


def _sizes(rows: int, bobs: int) -> None:
    """Refuse sizes before memory is touched."""
    if rows < 1 or bobs < 1 or rows * bobs > LARGEST:
        raise UsageError(f"generate: {rows} rows of {bobs} Bobs, expected 1 to {LARGEST} cells: choose other sizes")
