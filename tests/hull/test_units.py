"""A Bob in other units, or with one wild entry, hides nothing and is no reason to refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt import solve
from bigopt.games.hull import UtilityTable
from bigopt.games.hull.verify.reach import Reach

QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("combination", {}),
    ("combination", {"weights": "any"}),
    ("fit", {}),
    ("audit", {}),
    ("audit", {"weights": "one"}),
)


@pytest.mark.parametrize("unit", [1e9, 1e6, 1e-9])
@pytest.mark.parametrize("cells", [slice(None), slice(5, 6)])
def test_the_table_of_the_paper_with_a_bob_in_other_units(unit: float, cells: slice) -> None:
    table = bigopt.load("hull/table-1")
    bobs = np.array(table.bobs)
    bobs[cells, 1] *= unit
    game = UtilityTable(table.alices[:, 0], bobs)
    for concept, options in QUESTIONS:
        found = solve(game, concept, options=options)
        assert found.solved, (concept, options, found.certificate.failed)


def test_no_combination_gains_more_than_the_bound() -> None:
    """Combinations that are better than a bad one, drawn near it and all over the simplex."""
    rng = np.random.default_rng(0)
    for units in ([1.0, 1.0, 1.0], [1.0, 1e3, 1.0], [1e2, 1e4, 1.0]):
        alice = rng.normal(size=8)
        bobs = rng.normal(size=(8, 3)) * units
        heavy = np.array(units) > 1
        weights = np.where(heavy, 1e-3, 1.0) / np.where(heavy, 1e-3, 1.0).sum()
        residual = alice - bobs @ weights
        pull = bobs.T @ residual
        bound = Reach.of(alice, bobs).gains((pull - weights @ pull)[None], np.array([np.linalg.norm(residual)]))[0]
        drawn = np.vstack([rng.dirichlet(np.ones(3), 2000), rng.dirichlet(np.where(heavy, 1e-2, 1.0), 2000)])
        least = float(((alice[:, None] - bobs @ drawn.T) ** 2).sum(axis=0).min())
        plain = float((pull - weights @ pull).max())
        assert float(residual @ residual) - least <= 2 * bound <= 2 * plain * (1 + 1e-12)
