"""Audits: other solvers, the scenario bound by resampling, Proposition 3 by simulation, entrants that help."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

import bigopt
from bigopt.games.hull import UtilityTable
from bigopt.games.hull.audit import CONCEPT
from bigopt.games.hull.verify.audit import dual_witness, violating_share


def table(seed: int = 0, rows: int = 30, bobs: int = 4) -> UtilityTable:
    rng = np.random.default_rng(seed)
    alice = rng.random(rows)
    return UtilityTable(alice, alice[:, None] + 0.4 * rng.normal(size=(rows, bobs)))


@pytest.mark.parametrize("sums", ["any", "one"])
def test_other_solvers_agree(sums: str) -> None:
    game = table()
    exact = bigopt.solve(game, "audit", options={"weights": sums})
    found = bigopt.solve(game, "audit", solver="highs", options={"weights": sums})
    assert exact.solved and found.solved and found.epsilon == pytest.approx(exact.epsilon, abs=1e-8)


def test_a_worse_combination_fails() -> None:
    game = table()
    weights = bigopt.solve(game, "audit").weights
    _, certificate = CONCEPT.verify(game, {"weights": weights + 0.01}, CONCEPT.request())
    assert "witness" in [check.name for check in certificate.failed]


def test_the_scenario_bound_of_a_thousand_rows() -> None:
    """Six Bobs, offset and error: d = 8; at most 2 % of outcomes violate, at confidence 99.9 %."""
    share = violating_share(1000, 8, 0.999)
    assert share <= 0.02 and binom.cdf(7, 1000, share) == pytest.approx(0.001, rel=1e-6)
    assert violating_share(8, 8, 0.999) == 1.0


def test_the_scenario_bound_holds_for_fresh_outcomes() -> None:
    """Sampled audits against 20,000 fresh outcomes: at confidence 90 % the bound fails in about 10 % of samples."""
    rng = np.random.default_rng(3)
    failures, trials = 0, 60
    for _ in range(trials):
        alice = rng.normal(size=20_060)
        bobs = alice[:, None] + rng.normal(size=(20_060, 2))
        game = UtilityTable(alice[:60], bobs[:60])
        found = bigopt.solve(game, "audit", options={"confidence": 0.9})
        error = np.abs(bobs[60:] @ found.weights + found.offset - alice[60:])
        failures += (error > found.epsilon).mean() > found.violation
    assert failures <= binom.ppf(0.9999, trials, 0.1)


def test_proposition_3_by_simulation() -> None:
    """Unbiased independent Bobs in [0, 1]: the average is beyond the bound in at most a share delta of tables."""
    rng = np.random.default_rng(4)
    rows, bobs, delta, beyond = 50, 40, 0.2, 0
    bound = np.sqrt(np.log(2 * rows / delta) / (2 * bobs))
    for _ in range(200):
        alice = rng.random(rows)
        mean = (rng.random((rows, bobs)) < alice[:, None]).mean(axis=1)
        beyond += np.abs(mean - alice).max() > bound
    assert beyond <= binom.ppf(0.9999, 200, delta)


def test_the_entrant_of_the_witness_lowers_the_error() -> None:
    game = table(1)
    found = bigopt.solve(game, "audit")
    witness = dual_witness(game.alice, game.bobs.T, False)
    entrant = np.sign(witness)
    wider = UtilityTable(game.alice, np.column_stack([game.bobs, entrant]))
    assert bigopt.solve(wider, "audit").epsilon < found.epsilon - 1e-6
    useless = UtilityTable(game.alice, np.column_stack([game.bobs, -entrant]))
    assert bigopt.solve(useless, "audit").epsilon == pytest.approx(found.epsilon, abs=1e-9)


def test_mixtures_of_questions() -> None:
    """With one row a question the worst mixture is the worst row; with one question it is the mean error."""
    game = table(2, rows=24, bobs=2)
    single = UtilityTable(game.alice, game.bobs, groups=np.arange(24))
    found = bigopt.solve(single, "audit")
    assert found.robust == pytest.approx(found.epsilon, abs=1e-7)
    four = UtilityTable(game.alice, game.bobs, groups=np.arange(24) % 4, folds=2)
    assert bigopt.solve(four, "audit").robust < found.robust
