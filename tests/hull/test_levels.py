"""Tables at a common level, or with one row far from all others: what decides is small beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import nnls

import bigopt
from bigopt.concepts import Deadline
from bigopt.games.hull import UtilityTable
from bigopt.games.hull.exact.nested import sets_of
from bigopt.games.hull.exact.sweep import How, sweep
from tests.hull.certified import said, table


@pytest.mark.parametrize("level", [1e6, "row"])
def test_a_common_level_hides_no_fit_that_misses(level: Any) -> None:
    """By scipy on a triangle of the table, which has all its digits; a single Bob in place of a fit is seen."""
    near = table(rows=30, bobs=3)
    added = np.where(np.arange(30) == 0, 1e9, 0.0) if level == "row" else np.full(30, level)
    alice, bobs = near.alice + added, near.bobs + added[:, None]
    game = UtilityTable(alice, bobs, folds=1)
    found = bigopt.solve(game, "fit")
    corner = np.linalg.qr(np.column_stack([bobs, alice]))[1]
    known = nnls(corner[:, :3], corner[:, 3])[0]
    rows = {(row["bobs"], row["method"]): row["mse"] for row in found.rows}
    assert found.certificate.verified
    assert rows[3, "nnls"] == pytest.approx(((alice - bobs @ known) ** 2).mean(), rel=1e-6)
    sets = sets_of(game, 3)
    weights = sweep(game, sets, How(), Deadline())
    weights["nnls"][0, 0, sets.size == 3] = [1.0, 0.0, 0.0]
    assert "above" in {check.name for check in said(game, "fit", {"weights": weights})[1].failed}
