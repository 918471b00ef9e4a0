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


@pytest.mark.parametrize("alice", [np.linspace(0.0, 1.0, 12), np.repeat([0.5, 1.0], [10, 2])])
def test_a_fit_above_another_is_told_in_its_error_or_in_her_spread(alice: Any) -> None:
    """A Bob who is Alice makes errors of 0: weights that are off count in a millionth of her spread squared."""
    noise = np.sin(np.arange(12.0))
    for bobs in (np.column_stack([alice, noise]), np.column_stack([0.5 + 0.2 * noise, alice + 0.1 * noise])):
        game = UtilityTable(alice, bobs, folds=1)
        sets = sets_of(game, 2)
        weights = sweep(game, sets, How(jobs=1), Deadline())
        weights["nnls"][0, 0, sets.size == 2] += [1e-2, 0.0]
        scaled, others = game.scaled_alices[:, 0], game.scaled_bobs
        low, high = np.quantile(scaled, [0.25, 0.75])
        rounding = 1e-6 * ((high - low) ** 2 or ((scaled - scaled.mean()) ** 2).sum())
        known = []
        for s, members in enumerate(sets.members):
            single = [np.eye(2)[j] for j in np.flatnonzero(members)]
            tried = [*single, members / members.sum(), weights["simplex"][0, 0, s]]
            least = min(((scaled - others @ w) ** 2).mean() for w in tried)
            mine = ((scaled - others @ weights["nnls"][0, 0, s]) ** 2).mean()
            known.append((mine - least) / max(least, rounding))
        shown = {c.name: c.value for c in said(game, "fit", {"weights": weights})[1].checks}["above"]
        assert shown == pytest.approx(max(0.0, *known), rel=1e-6)
