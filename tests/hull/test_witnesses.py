"""Witnesses of audits and of the worst question, by other programs and in fractions; claims off by known amounts."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.stats import binom

import bigopt
from bigopt.alice.utilities import utilities
from bigopt.arithmetic.arrays import Floats
from bigopt.errors import InstanceError, LimitReached
from bigopt.games.hull import UtilityTable
from bigopt.games.hull.verify import audit, measures, robust
from tests.hull.certified import said, table, values

# ---- audits


@pytest.mark.parametrize("sums", ["any", "one"])
@pytest.mark.parametrize("seed", range(2))
def test_the_entrant_is_a_dual_witness(sums: str, seed: int) -> None:
    """Of sum 0 and size 1; no Bob is pulled beyond the level; what it says of Alice is the least error there is."""
    game = table(seed)
    game = UtilityTable(game.alice, np.column_stack([game.bobs * [1.0, 1e3, 1e-2, 1.0], np.full(30, 0.5)]))
    found = bigopt.solve(game, "audit", options={"weights": sums})
    assert found.solved
    entrant = found.entrant
    pull, rows = np.asarray(entrant["pull"]), entrant["rows"]
    assert (pull != 0).all() and (np.diff(np.abs(pull)) <= 1e-15).all() and len(set(rows)) == len(rows)
    assert abs(pull.sum()) < 1e-12 and np.abs(pull).sum() == pytest.approx(1.0)
    pulls = pull @ game.bobs[rows]
    level = pulls.max() if sums == "one" else 0.0
    assert entrant["level"] == pytest.approx(level, abs=1e-12)
    if sums == "any":
        assert (pulls <= 1e-9 * np.maximum(np.ptp(game.bobs, axis=0), 1e-3)).all()
    assert pull @ game.alice[rows] - level == pytest.approx(found.epsilon, abs=1e-9)
    count = 5 + (1 if sums == "one" else 2)
    assert binom.cdf(count - 1, 30, found.violation) == pytest.approx(0.001, rel=1e-6)
    assert found.confidence == 0.999 and values(found.certificate)["witness"] < 1e-9
    worse = np.asarray(found.weights) + np.array([0.1, -1e-5, 0.0, 0.0, 0.0])
    fields, certificate = said(game, "audit", {"weights": worse}, weights=sums)
    span = float(np.ptp(game.alice))
    assert values(certificate)["witness"] == pytest.approx((fields["epsilon"] - found.epsilon) / span, rel=1e-6)


def test_at_most_twenty_outcomes_of_a_witness_are_named() -> None:
    """The largest pulls first; of equal ones the first; none of 0."""
    pull = np.r_[np.arange(-3.0, 23.0), 0.0, -22.0]
    found = audit._entrant(pull, 0.5)
    assert found["rows"] == [25, 27, *range(24, 6, -1)] and found["level"] == 0.5
    assert found["pull"] == pytest.approx([22.0, -22.0, *range(21, 3, -1)])
    assert audit._entrant(np.array([0.0, -0.5, 0.5, 0.0]), 0.0)["rows"] == [1, 2]


def test_alice_among_the_bobs_has_no_witness() -> None:
    game = table(rows=12, bobs=2)
    near = UtilityTable(game.alice, np.column_stack([game.alice, game.bobs[:, 0]]))
    found = bigopt.solve(near, "audit", options={"confidence": 0.9})
    assert found.solved and found.epsilon == pytest.approx(0.0, abs=1e-12)
    assert binom.cdf(3, 12, found.violation) == pytest.approx(0.1, rel=1e-6) and found.confidence == 0.9


def test_what_is_said_of_the_plain_average() -> None:
    """Of two Bobs drawn with replacement the average is one of them, or as it was, with probability one half."""
    game = table(rows=9, bobs=2)
    bobs = np.array(game.bobs)
    for confidence, simulated in ((0.9, 0.5 * np.abs(bobs[:, 0] - bobs[:, 1]).max()), (0.3, 0.0)):
        uniform = bigopt.solve(game, "audit", options={"confidence": confidence}).uniform
        assert uniform["epsilon"] == pytest.approx(np.abs(bobs.mean(axis=1) - game.alice).max())
        span = max(bobs.max(), game.alice.max()) - min(bobs.min(), game.alice.min())
        assert uniform["bound"] == pytest.approx(span * np.sqrt(np.log(2 * 9 / (1 - confidence)) / 4))
        assert uniform["simulated"] == pytest.approx(simulated)
    wide = UtilityTable(3 * game.alice - 1, game.bobs)
    span = max(bobs.max(), wide.alice.max()) - min(bobs.min(), wide.alice.min())
    uniform = bigopt.solve(wide, "audit").uniform
    assert uniform["bound"] == pytest.approx(span * np.sqrt(np.log(2 * 9 / 0.001) / 4))
    many = table(rows=9, bobs=8)
    seeds = [bigopt.solve(UtilityTable(many.alice, many.bobs, seed=s), "audit").uniform for s in (0, 0, 1)]
    assert seeds[0] == seeds[1] != seeds[2]


# ---- questions


@pytest.mark.parametrize("sums", ["any", "one"])
def test_the_worst_question_by_another_program(sums: str) -> None:
    """The dual: measures y on rows, |y| at most mu_q / m_q, mu probabilities of questions."""
    rng = np.random.default_rng(7)
    groups = np.array([3, 3, 3, 8, 8, 5, 5, 5, 5, 5])
    alice, bobs = rng.random(10).round(3), rng.random((10, 3)).round(3)
    game = UtilityTable(alice, bobs, groups=groups, folds=2)
    found = bigopt.solve(game, "audit", options={"weights": sums})
    assert found.robust == pytest.approx(dual(game, sums == "one")[0], abs=1e-9)

    def error(weights: Floats, offset: float) -> float:
        away = np.abs(bobs @ weights + offset - alice)
        return float(max(away[groups == q].mean() for q in (3, 5, 8)))

    assert found.robust == pytest.approx(error(np.asarray(found.robust_weights), found.robust_offset))
    claim = {"weights": found.weights, "robust_weights": [0.5, 0.2, 0.3], "robust_offset": 0.1}
    fields, certificate = said(game, "audit", claim, weights=sums)
    assert fields["robust"] == pytest.approx(error(np.array([0.5, 0.2, 0.3]), 0.1))
    typical = float(np.sort(alice)[7] - np.sort(alice)[2])  # her middle half
    assert values(certificate)["robust"] == pytest.approx((fields["robust"] - found.robust) / typical, rel=1e-6)
    for lacking in ("robust_weights", "robust_offset"):
        fields, certificate = said(game, "audit", claim | {lacking: None}, weights=sums)
        assert fields["robust"] == pytest.approx(found.robust) and certificate.verified
    fields, _ = said(game, "audit", claim | {"robust_weights": [1.0, -0.5, 0.6]}, weights=sums)
    known = np.array([1.0, 0.0, 0.6]) / (1.6 if sums == "one" else 1.0)
    assert fields["robust_weights"] == pytest.approx(known) and fields["robust"] == pytest.approx(error(known, 0.1))
    fields, _ = said(game, "audit", claim | {"robust_weights": [0.0, 0.0, 0.0]}, weights=sums)
    assert not fields["robust_weights"].any() and fields["robust"] == pytest.approx(error(np.zeros(3), 0.1))
    for key, value in (("robust_weights", [0.5, 0.5]), ("robust_offset", "x")):
        with pytest.raises(InstanceError, match=key):
            said(game, "audit", claim | {key: value}, weights=sums)


def test_a_measure_is_evaluated_in_fractions() -> None:
    """(y.u_A - total max_j y.U_j) / sum of m_q max |y|, for y of sum 0; nothing without a total where it is high."""
    alice, bobs = np.array([0.1, 0.5, 0.9, 0.2]), np.array([[0.2, 0.4, 0.1, 0.9], [0.5, 0.25, 0.75, 1.0]])
    known, question = utilities(alice, bobs), np.array([0, 0, 1, 1])
    measure = np.array([-2.0, 0.0, 1.0, 1.0])
    pulls, worth, mass = bobs @ measure, alice @ measure, 2 * 2 + 2 * 1
    assert pulls.max() > 0 and measures.evaluated(known, measure, question, None) is None
    for total in (Fraction(1), Fraction(1, 2)):
        bound = measures.evaluated(known, measure, question, total)
        assert bound == pytest.approx(max(0.0, worth - float(total) * pulls.max()) / mass) != 0
    assert measures.evaluated(known, -measure, question, Fraction(9)) == pytest.approx(max(0.0, -0.9 + 9 * 0.6) / 6)
    assert measures.evaluated(known, -measure, question, Fraction(1)) == 0.0
    assert measures.evaluated(known, np.zeros(4), question, Fraction(1)) == 0.0
    low = np.array([-1.0, 0.0, 2.0, -1.0])
    assert (bobs[:1] @ low).max() < 0
    one = utilities(alice, bobs[:1])
    assert measures.evaluated(one, low, question, None) == pytest.approx((alice @ low) / (2 * 1 + 2 * 2))
    assert measures.bound(one, low + 5.0, question) == pytest.approx((alice @ low) / 6)
    tiny = utilities(alice, 1e-25 * bobs)  # a pull is against the witness in whatever unit the Bob counts
    assert measures.evaluated(tiny, measure, question, None) is None


def test_a_measure_that_is_hardly_feasible_is_lowered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Bob's product just above 0 by rounding: the bound of a measure near it is nearly as good, and holds."""
    rng = np.random.default_rng(3)
    for _ in range(2):
        bobs, question = rng.random((3, 12)).round(2), np.arange(12) % 4
        alice = bobs.mean(axis=0) + 0.2 * rng.random(12).round(2)
        game = UtilityTable(alice, bobs.T, groups=question, folds=2)
        best = bigopt.solve(game, "audit").robust
        known = utilities(alice, bobs)
        measure = dual(game, False)[1]
        exact = alice @ measure
        assert exact == pytest.approx(best, abs=1e-9)
        for rounding in (0.0, -1e-9, 1e-9):
            bound = measures.bound(known, measure + rounding * bobs[0], question)
            assert bound is not None and best - 1e-6 < bound <= best + 1e-12
    beside = utilities(alice, np.vstack([bobs, np.ones(12)]))  # whoever is indifferent is pulled by no measure
    assert measures.bound(beside, measure + 1e-9 * bobs[0], question) == bound
    flat = utilities(alice, np.ones((2, 12)))
    assert measures.bound(flat, measure, question) == pytest.approx(exact)
    opposed = utilities(alice, np.array([bobs[0], 1 - bobs[0]]))
    assert measures.bound(opposed, measure + 1e-6 * bobs[0], question) is None
    monkeypatch.setattr(measures, "linprog", lambda *given, **more: Beside(linprog(*given, **more).x))
    again = measures.bound(known, measure + 1e-9 * bobs[0], question)
    assert again == pytest.approx(bound, abs=1e-9)  # a measure counts by what it sums to 0 with


class Beside:
    """What a program answers, all of it a tenth higher."""

    def __init__(self, x: Floats) -> None:
        self.x = x + 0.1


def dual(game: UtilityTable, one: bool) -> tuple[float, Floats]:
    """Return the least error in the worst question, of weights with sum one or any, and the measure that proves it."""
    n, k = game.bobs.shape
    _, groups, size = np.unique(np.asarray(game.groups), return_inverse=True, return_counts=True)
    q, extra = len(size), 1 if one else 0
    share = np.zeros((n, q))
    share[np.arange(n), groups] = 1 / size[groups]
    rows = np.vstack(
        [
            np.column_stack([game.bobs.T, np.zeros((k, q)), -np.ones((k, extra))]),
            np.column_stack([np.eye(n), -share, np.zeros((n, extra))]),
            np.column_stack([-np.eye(n), -share, np.zeros((n, extra))]),
        ]
    )
    sums = np.vstack([np.r_[np.ones(n), np.zeros(q + extra)], np.r_[np.zeros(n), np.ones(q), np.zeros(extra)]])
    bounds = [(None, None)] * n + [(0, None)] * q + [(None, None)] * extra
    cost, sides = np.r_[-game.alice, np.zeros(q), np.ones(extra)], np.zeros(k + 2 * n)
    found = linprog(cost, A_ub=rows, b_ub=sides, A_eq=sums, b_eq=[0.0, 1.0], bounds=bounds)
    return -found.fun, np.asarray(found.x[:n])


def test_a_witness_against_which_a_bob_is_pulled_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alice's own extremes say that she is half her range away; the Bobs that are used are pulled along with her."""
    game = table(rows=12, bobs=2)
    best = bigopt.solve(game, "audit")
    wrong = np.zeros(12)
    wrong[game.alice.argmax()], wrong[game.alice.argmin()] = 0.5, -0.5
    monkeypatch.setattr(audit, "dual_witness", lambda alice, bobs, convex: wrong)
    _, certificate = said(game, "audit", {"weights": best.weights})
    pulled = np.maximum(wrong @ game.bobs, 0.0) @ np.asarray(best.weights) / np.ptp(game.alice)
    assert values(certificate)["witness"] == pytest.approx(pulled) and pulled > 0.01
    opposed = UtilityTable(game.alice, -game.alice[:, None] + 0.01 * game.bobs)
    monkeypatch.undo()
    assert bigopt.solve(opposed, "audit").entrant["level"] == 0.0


def test_programs_that_end_without_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst question is then nobody's claim; without the dual program nothing is said at all."""

    class Nothing:
        x, message = None, "stopped by nobody"

    game = table(rows=12, bobs=2, groups=np.arange(12) % 4, folds=2)
    weights = bigopt.solve(game, "audit").weights
    monkeypatch.setattr("bigopt.games.hull.verify.robust.linprog", lambda *_, **__: Nothing)
    fields, certificate = said(game, "audit", {"weights": weights})
    assert [fields[key] for key in ("robust", "robust_weights", "robust_offset")] == [None] * 3
    last = certificate.checks[-1]
    assert (last.name, last.grade, last.claimed) == ("robust", "skipped", False) and certificate.verified
    monkeypatch.setattr(audit, "linprog", lambda *_, **__: Nothing)
    with pytest.raises(LimitReached, match="stopped by nobody"):
        said(game, "audit", {"weights": weights})


def test_whole_measures_sum_to_nothing() -> None:
    random = np.random.default_rng(0).normal(size=50)
    for measure in (random - random.mean(), np.array([3.0, 3.0, -6.0]), np.zeros(3)):
        whole = measures._whole(measure)
        assert sum(whole.tolist()) == 0 and all(isinstance(value, int) for value in whole.tolist())
        assert np.abs(whole.astype(float) / 2**60 * (np.abs(measure).max() or 1.0) - measure).max() < 1e-14


@pytest.mark.parametrize("heavy", [0.02, 3.0])
def test_bobs_who_cancel_are_bounded_up_to_a_total(heavy: float) -> None:
    """A hundred times the weights that were found, at least a hundred: said, and not claimed of all."""
    bobs = np.array([[0.0, 0.25, 1.0, 0.5], [1.0, 0.75, 0.0, 0.5]])
    alice, question = np.array([0.0, 1.0, 0.5, 3.0]), np.array([0, 0, 1, 1])
    known, measure = utilities(alice, bobs), np.array([1.0, -2.0, 1e-3, 0.999])
    weights = np.array([heavy, 0.0])
    check = robust._check(known, measure, question, weights, 0.9, False)
    total = 100 * max(1.0, heavy)  # the first Bob is pulled by 1e-3 / 2, of which the bound is the less by this much
    least = float(alice @ measure - total * 0.5e-3) / (2 * 2.0 + 2 * 0.999)
    assert least > 0.1 and check.value == pytest.approx((0.9 - least) / 2.5) and check.grade == "proved"
    assert not check.claimed and "cancel" in check.note
    one = robust._check(known, measure, question, weights, 0.9, True)
    bound = measures.evaluated(known, measure, question, Fraction(1))
    assert bound is not None and one.value == pytest.approx((0.9 - bound) / 2.5) and one.claimed
    game = UtilityTable(alice, bobs.T, groups=question, folds=2)
    claim = {"weights": weights, "robust_weights": [heavy, 0.0], "robust_offset": 0.0}
    assert f"weights up to {total:.3g} in all" in said(game, "audit", claim, weights="any")[1].checks[-1].note
    level = robust._check(known, -measure, question, weights, 0.9, False)
    assert level.value == pytest.approx(0.36)  # nothing is proved: the bound is 0


@pytest.mark.parametrize("row", [0.5, 1e4, 1e7])
def test_a_row_that_all_have_in_common_hides_no_worst_question(row: float) -> None:
    """It is a question of its own, on which no combination of sum 1 is off: the worst mean error is the others'."""
    rng = np.random.default_rng(0)
    alice = rng.random(30)
    bobs = np.vstack([alice[:, None] + 0.4 * rng.normal(size=(30, 4)), np.full(4, row)])
    game = UtilityTable(np.append(alice, row), bobs, groups=np.append(np.arange(30) // 3, 10), folds=2)
    found = bigopt.solve(game, "audit", options={"weights": "one"})
    assert found.solved
    for weights, offset in ((np.eye(4)[0], 0.0), (found.robust_weights, found.robust_offset + 5.0)):
        claim = {"weights": found.weights, "robust_weights": weights, "robust_offset": offset}
        assert [check.name for check in said(game, "audit", claim, weights="one")[1].failed] == ["robust"]
