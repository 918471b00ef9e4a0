"""Audits: other solvers, the scenario bound by resampling, Proposition 3 by simulation, entrants that help."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

import bigopt
from bigopt.concepts import Request
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


def test_the_model_is_of_the_alice_that_was_asked_for() -> None:
    one, other = table(1), table(2)
    both = UtilityTable(np.stack([one.alice, other.alice], axis=1), one.bobs)
    alone = bigopt.solve(UtilityTable(other.alice, one.bobs), "audit", solver="highs")
    second = bigopt.solve(both, "audit", solver="highs", options={"alice": "1"})
    assert second.solved and second.epsilon == pytest.approx(alone.epsilon, abs=1e-9)
    assert abs(second.epsilon - bigopt.solve(both, "audit", solver="highs").epsilon) > 1e-3


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


@pytest.mark.parametrize("sums", ["any", "one"])
@pytest.mark.parametrize("seed", range(4))
def test_the_worst_mixture_is_proved(sums: str, seed: int) -> None:
    """Random combinations are never below the bound; a worse one than the program's fails."""
    rng = np.random.default_rng(seed)
    game = UtilityTable(rng.random(40).round(2), rng.random((40, 5)).round(2), groups=np.arange(40) % 8)
    found = bigopt.solve(game, "audit", options={"weights": sums})
    (check,) = [each for each in found.certificate.checks if each.name == "robust"]
    assert check.grade == "proved" and check.passed and check.claimed
    for _ in range(200):
        weights = rng.dirichlet(np.ones(5)) * (1.0 if sums == "one" else 2 * rng.random())
        residual = game.bobs @ weights - game.alice
        away = np.abs(residual - np.median(residual))
        assert max(away[game.groups == q].mean() for q in range(8)) >= found.robust - 1e-7
    claim = {"weights": found.weights, "robust_weights": found.robust_weights, "robust_offset": found.robust_offset}
    _, other = CONCEPT.verify(game, claim | {"robust_offset": claim["robust_offset"] + 0.01}, request(sums))
    assert "robust" in [each.name for each in other.failed]
    _, same = CONCEPT.verify(game, claim, request(sums))
    assert same.verified


def request(sums: str) -> Request:
    return CONCEPT.request(options={"weights": sums})


def test_bobs_who_cancel_are_bounded_for_weights_of_a_size() -> None:
    """U and 1 - U have no measure on which both lose: what is proved is then said to be for weights up to a total."""
    rng = np.random.default_rng(1)
    one = rng.random(60).round(2)
    game = UtilityTable(rng.random(60).round(2), np.column_stack([one, (1 - one).round(2)]), groups=np.arange(60) % 6)
    found = bigopt.solve(game, "audit")
    (check,) = [each for each in found.certificate.checks if each.name == "robust"]
    assert found.solved and check.passed and (check.claimed or "cancel" in check.note)


def test_the_simulation_of_proposition_3_keeps_to_its_bound() -> None:
    """For independent Bobs of one kind the simulation is below the bound, and near the error that there is."""
    rng = np.random.default_rng(2)
    alice = rng.random(50)
    game = UtilityTable(alice, (rng.random((50, 30)) < alice[:, None]).astype(float))
    uniform = bigopt.solve(game, "audit").uniform
    assert 0.3 * uniform["epsilon"] < uniform["simulated"] < uniform["bound"]


def test_a_table_of_opposites_that_differ_in_the_last_digits_is_audited() -> None:
    rng = np.random.default_rng(0)
    for _ in range(6):
        bobs, alice = np.round(rng.random((7, 2)), 2), np.round(rng.random(7), 2)
        found = [
            bigopt.solve(UtilityTable(alice=alice, bobs=np.hstack([bobs, other])), "audit")
            for other in (1 - bobs, np.round(1 - bobs, 2))
        ]
        assert found[0].solved and found[1].solved
        assert found[0].fields["epsilon"] == pytest.approx(found[1].fields["epsilon"], abs=1e-10)
