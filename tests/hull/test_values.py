"""What the checks say of points that are off by a known amount, and every field by formulas written again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog, minimize, nnls

import bigopt
from bigopt.arithmetic.arrays import Floats
from bigopt.errors import InstanceError, UsageError
from bigopt.games.hull import UtilityTable
from bigopt.games.hull.exact.nested import Nested, sets_of
from bigopt.games.hull.exact.sweep import How, sweep
from bigopt.games.hull.verify import fits
from bigopt.games.hull.verify.reach import Reach
from tests.hull.certified import said, table, values

# ---- combinations


@pytest.mark.parametrize("sums", ["one", "any"])
@pytest.mark.parametrize("level", [0.0, 1e3, 1e6])
@pytest.mark.parametrize("row", [None, 1e6, -1e9])
def test_what_all_have_in_common_hides_no_worse_combination(sums: str, level: float, row: float | None) -> None:
    """A level, or a row far from all others: the errors of the best and of others are those without it."""
    if row is not None and level:
        pytest.skip("one at a time")
    plain = table()
    alice, bobs = plain.alice + level, plain.bobs + level
    if row is not None:
        alice, bobs = np.append(alice, row), np.vstack([bobs, np.full(4, row)])
    game = UtilityTable(alice, bobs, folds=1)
    found = bigopt.solve(game, "combination", options={"weights": sums})
    assert found.solved
    if row is not None or level == 1e6 or sums == "one":  # then the weights add up to 1, up to 1e-6
        here = bigopt.solve(plain, "combination", options={"weights": "one"})
        assert len(alice) * found.mse == pytest.approx(30 * here.mse, rel=0.05)
    for weights in (*np.eye(4), np.full(4, 0.25), 0.999 * found.weights + 0.001 * np.eye(4)[0]):
        certificate = said(game, "combination", {"weights": weights}, weights=sums)[1]
        assert [check.name for check in certificate.failed] == ["gap"]


def test_a_row_that_no_combination_comes_near_hides_nothing() -> None:
    """There Alice is at a million, so the best on it, of weights of sum 1, is the best; the second is not."""
    plain = table()
    game = UtilityTable(np.append(plain.alice, 1e6), np.vstack([plain.bobs, [0.1, 0.5, 0.2, 0.9]]), folds=1)
    found = bigopt.solve(game, "combination", options={"weights": "one"})
    assert found.solved and found.weights == pytest.approx([0, 0, 0, 1])
    for weights in (*np.eye(4)[:3], [0, 0.01, 0, 0.99]):
        certificate = said(game, "combination", {"weights": weights}, weights="one")[1]
        assert [check.name for check in certificate.failed] == ["gap"]


@pytest.mark.parametrize("groups", [None, np.arange(30) % 7])
def test_weights_that_are_not_the_best_of_any_sum(groups: Any) -> None:
    """Beside the Bobs in use no other helps: the gap is what the best weights save; one Bob is 0 everywhere."""
    game = table(groups=groups, folds=3)
    game = UtilityTable(0.1 * game.alice, np.column_stack([0.1 * game.bobs, np.zeros(30)]), groups=groups, folds=3)
    alice, bobs = game.alice * game.scale, game.bobs * game.scale[:, None]
    best = np.asarray(bigopt.solve(game, "combination", options={"weights": "any"}).weights)
    assert best == pytest.approx(nnls(bobs, alice)[0], abs=1e-9)
    for weights in (0.9 * best, 1.2 * best, best + np.array([0, 0, 0, 0.2, 5.0])):
        r = alice - bobs @ weights
        fields, certificate = said(game, "combination", {"weights": weights}, weights="any")
        typical = 30 * float(np.subtract(*np.quantile(alice, [0.75, 0.25]))) ** 2
        stake = min(alice @ alice, max(typical, min(r @ r, ((bobs @ weights) ** 2).sum())))
        known = (r @ r - ((alice - bobs @ best) ** 2).sum()) / stake
        assert values(certificate) == pytest.approx({"weights": 0.0, "gap": known})
        assert [check.name for check in certificate.failed] == ["gap"]
        assert fields["mse"] == pytest.approx((r**2).mean()) and fields["method"] == "nnls"
        assert fields["nonzero"] == (weights > 1e-6).sum()
    fields, certificate = said(game, "combination", {"weights": best - np.array([0.3, 0, 0, 0, 0])}, weights="any")
    assert values(certificate)["weights"] == pytest.approx(max(0.0, 0.3 - best[0]))
    assert {check.grade for check in certificate.checks} == {"proved"}
    assert fields["weights"] == pytest.approx(np.maximum(best - np.array([0.3, 0, 0, 0, 0]), 0.0))


def test_weights_that_are_not_the_best_of_sum_one() -> None:
    """With more Bobs than rows nobody's weight is capped: the Frank-Wolfe gap is the largest pull less the mean one."""
    game = table(rows=5, bobs=7, folds=2)
    for weights in (np.full(7, 1 / 7), np.eye(7)[2], 0.7 * np.eye(7)[1] + 0.3 * np.eye(7)[5]):
        r = game.alice - game.bobs @ weights
        pull = game.bobs.T @ r
        fields, certificate = said(game, "combination", {"weights": weights})
        gap = 2 * (pull.max() - weights @ pull) / ((game.alice - game.alice.mean()) ** 2).sum()
        assert values(certificate) == pytest.approx({"weights": 0.0, "gap": gap}, abs=1e-15)
        assert fields["mse"] == pytest.approx((r**2).mean()) and fields["method"] == "simplex"
        assert fields["nonzero"] == (weights > 0).sum()
    for share, off in ((0.2, 0.4), (0.1, 0.3)):
        fields, certificate = said(game, "combination", {"weights": np.full(7, share)})
        assert values(certificate)["weights"] == pytest.approx(off)
        assert fields["weights"] == pytest.approx(np.full(7, 1 / 7))
        assert {check.grade for check in certificate.checks} == {"proved"}
    fields, certificate = said(game, "combination", {"weights": [0.7, -0.2, 0.5, 0, 0, 0, 0]})
    assert values(certificate)["weights"] == pytest.approx(0.2)
    assert fields["weights"][:3] == pytest.approx([0.7 / 1.2, 0.0, 0.5 / 1.2])
    fields, certificate = said(game, "combination", {"weights": np.zeros(7)})
    assert values(certificate)["weights"] == 1.0 and not fields["weights"].any()
    for point in ({}, {"weights": [0.5, 0.5]}):
        with pytest.raises(InstanceError, match="weights"):
            said(game, "combination", point)


def test_the_other_alice_is_combined_where_she_is_asked_for() -> None:
    one, other = table(1), table(2)
    both = UtilityTable(np.stack([one.alice, other.alice], axis=1), one.bobs)
    alone = UtilityTable(other.alice, one.bobs)
    for concept in ("combination", "audit"):
        found = bigopt.solve(both, concept, options={"alice": "1"})
        known = bigopt.solve(alone, concept)
        assert found.weights == pytest.approx(known.weights) and found.solved


def test_what_can_be_gained_is_a_linear_program() -> None:
    """Sum v g over 0 <= v <= cap with sum at most 1; the cap by the distance from the others' affine hull."""
    rng = np.random.default_rng(1)
    for rows, count in ((6, 3), (6, 1), (4, 4), (4, 5), (5, 2)):
        alice, bobs = rng.normal(size=rows), rng.normal(size=(rows, count)) * [1.0, 30.0, 5.0, 0.2, 2.0][:count]
        found = Reach.of(alice, bobs)
        heights, along = np.zeros(count), np.zeros(count)
        for j in range(count if 1 < count <= rows else 0):
            others = np.delete(bobs, j, axis=1)
            plane = others[:, 1:] - others[:, :1]
            away = bobs[:, j] - others[:, 0]
            normal = away - (plane @ np.linalg.lstsq(plane, away, rcond=None)[0] if count > 2 else 0.0)
            heights[j] = np.linalg.norm(normal)
            along[j] = abs(normal @ (alice - others[:, 0])) / heights[j]
        np.testing.assert_allclose(found.heights, heights, rtol=1e-9)
        np.testing.assert_allclose(found.along, along, rtol=1e-7, atol=1e-12)
        pulls, lengths = rng.normal(size=(4, count)), rng.random(4)
        pulls[1, 0], pulls[2] = -np.inf, -np.abs(pulls[2])
        for pull, length, gain in zip(pulls, lengths, found.gains(pulls, lengths), strict=True):
            caps = np.array([min(1.0, (a + length) / h) if h > 0 else 1.0 for a, h in zip(along, heights, strict=True)])
            best = linprog(-np.maximum(pull, 0.0), A_ub=np.ones((1, count)), b_ub=[1.0], bounds=[(0, c) for c in caps])
            assert gain == pytest.approx(-best.fun, abs=1e-12)
    bobs = rng.normal(size=(6, 3))
    bobs[:, 2] = 0.3 * bobs[:, 0] + 0.7 * bobs[:, 1]
    assert not Reach.of(rng.normal(size=6), bobs).heights.any()  # each is on the others' line
    assert (Reach.of(np.ones(6), np.zeros((6, 2))).gains(np.ones((1, 2)), np.zeros(1)) == 1.0).all()


# ---- sweeps


def test_rows_of_several_alices_by_a_plain_loop() -> None:
    rng = np.random.default_rng(3)
    alices = rng.random((24, 2))
    bobs = alices.mean(axis=1)[:, None] + 0.3 * rng.normal(size=(24, 4))
    game = UtilityTable(alices, bobs, folds=2)
    found = {(row["bobs"], row["method"]): row for row in bigopt.solve(game, "fit", options={"most": 3}).rows}
    assert len(found) == 3 * 4
    for k in (1, 2, 3):
        sets = [[j for j in range(4) if mask >> j & 1] for mask in range(16) if bin(mask).count("1") == k]
        errors = {m: np.zeros((2, len(sets))) for m in ("best", "average", "nnls", "simplex")}
        used = {m: np.zeros((2, len(sets))) for m in errors}
        for h in range(2):
            for s, inside in enumerate(sets):
                for fold in range(2):
                    train, test = game.split(fold)
                    known, alice = bobs[np.ix_(train, inside)], alices[train, h]
                    new, truth = bobs[np.ix_(test, inside)], alices[test, h]
                    fits = {
                        "best": np.eye(k)[((known - alice[:, None]) ** 2).sum(axis=0).argmin()],
                        "average": np.full(k, 1 / k),
                        "nnls": nnls(known, alice)[0],
                        "simplex": _simplex(known, alice),
                    }
                    for method, w in fits.items():
                        errors[method][h, s] += ((new @ w - truth) ** 2).mean() / 2
                        used[method][h, s] += (w > 1e-6).sum() / 2
        for method, block in errors.items():
            row, more = found[k, method], {"rel": 1e-4, "abs": 1e-9}
            assert row["mse"] == pytest.approx(block.mean(), **more)
            assert row["sd"] == pytest.approx(np.std(block.mean(axis=0), ddof=1), **more)
            assert row["se"] == pytest.approx(np.std(block.mean(axis=1), ddof=1) / np.sqrt(2), **more)
            assert row["nonzero"] == pytest.approx(used[method].mean())
            assert row["nonzero_sd"] == pytest.approx(np.std(used[method].mean(axis=0), ddof=1), abs=1e-12)


def _simplex(bobs: Floats, alice: Floats) -> Floats:
    """Fit on the simplex by SLSQP; a weight below 1e-5 is its rounding."""
    k = bobs.shape[1]
    found = minimize(lambda w: 1e2 * ((alice - bobs @ w) ** 2).sum(), np.full(k, 1 / k), method="SLSQP",
                     bounds=[(0, 1)] * k, constraints=[{"type": "eq", "fun": lambda w: w.sum() - 1}],
                     options={"ftol": 1e-15, "maxiter": 300})  # fmt: skip
    return np.where(found.x > 1e-5, found.x, 0.0)


def swept() -> tuple[UtilityTable, Nested, dict[str, Floats]]:
    """Return three Bobs for two Alices, all sets of them, and the weights that are best."""
    rng = np.random.default_rng(3)
    alices = 0.1 * rng.random((20, 2))
    game = UtilityTable(alices, alices.mean(axis=1)[:, None] + 0.03 * rng.normal(size=(20, 3)), folds=2)
    sets = sets_of(game, 3)
    return game, sets, sweep(game, sets, How(jobs=1), bigopt.concepts.Deadline())


def test_sweeps_off_by_known_amounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """One fit in one fold is exchanged: what each check shows of it, block by block of residuals, too."""
    game, sets, right = swept()
    train, _ = game.split(1)
    bobs, alice = game.bobs[train], game.alices[train, 1]
    last = int(sets.size.argmax())
    for chunk in (2_000_000, 1, 20):
        monkeypatch.setattr(fits, "CHUNK", chunk)
        for method, scale in (("nnls", 1.3), ("nnls", 0.6), ("simplex", 1.0)):
            weights = {name: block.copy() for name, block in right.items()}
            w = scale * weights[method][1, 1, last] if method == "nnls" else np.array([0.2, 0.3, 0.5])
            weights[method][1, 1, last] = w
            shown = values(said(game, "fit", {"weights": weights})[1])
            r = alice - bobs @ w
            pull = bobs.T @ r
            parent = right[method][1, 1, sets.parent[last]]
            before = alice - bobs @ parent
            rises = max(0.0, float(r @ r - before @ before) / float(alice @ alice))
            assert shown["rises"] == pytest.approx(rises, abs=1e-12)
            if method == "nnls":
                rise = (pull / np.linalg.norm(bobs, axis=0)).max() / np.linalg.norm(alice)
                assert shown["stationary"] == pytest.approx(max(rise, abs(w @ pull) / (alice @ alice)))
                assert shown["gap"] < 1e-9
            else:
                spread = float(((alice - alice.mean()) ** 2).sum())
                gains = Reach.of(alice, bobs).gains((pull - w @ pull)[None], np.array([np.linalg.norm(r)]))
                assert shown["gap"] == pytest.approx(float(gains[0]) / spread) and shown["stationary"] < 1e-9
            assert shown["feasible"] < 1e-12


@pytest.mark.parametrize("step", [0.25, -0.25])
def test_weights_of_others_and_sums_that_are_not_one(step: float) -> None:
    game, sets, right = swept()
    whole = int(sets.size.argmax())
    for place, method in (((0, 0, 0, 2), "nnls"), ((1, 0, whole, 1), "simplex")):
        weights = {name: block.copy() for name, block in right.items()}
        weights[method][place] += step
        known = 0.25 if method == "nnls" else max(0.25, -weights[method][place])
        assert values(said(game, "fit", {"weights": weights})[1])["feasible"] == pytest.approx(known)


def test_every_set_is_held_to_its_parent_and_to_its_own_conditions() -> None:
    game, sets, right = swept()
    train, _ = game.split(0)
    bobs, alice = game.bobs[train], game.alices[train, 0]
    assert sets.parent[0] < 0
    for s in range(len(sets.parent)):
        weights = {name: block.copy() for name, block in right.items()}
        weights["nnls"][0, 0, s] = 0.0
        shown = values(said(game, "fit", {"weights": weights})[1])
        if sets.parent[s] >= 0:
            before = alice - bobs @ right["nnls"][0, 0, sets.parent[s]]
            rises = 1 - float(before @ before) / float(alice @ alice)
            assert shown["rises"] == pytest.approx(rises) and rises > 0.1
        pull = (bobs.T @ alice / np.linalg.norm(bobs, axis=0))[sets.members[s]].max() / np.linalg.norm(alice)
        assert shown["stationary"] == pytest.approx(pull)


def test_two_bobs_alone_and_one_who_says_nothing() -> None:
    """Two sets of one Bob deviate by their half difference times the root of two; a Bob of zeros divides by nothing."""
    game = table(rows=12, bobs=2, folds=1)
    game = UtilityTable(game.alice, np.column_stack([game.bobs[:, 0], np.zeros(12)]), folds=1)
    rows = {row["method"]: row for row in bigopt.solve(game, "fit", options={"most": "1"}).rows}
    errors = [((game.bobs[:, j] - game.alice) ** 2).mean() for j in range(2)]
    assert len(rows) == 4 and rows["best"]["sd"] == pytest.approx(abs(errors[0] - errors[1]) / np.sqrt(2))
    assert bigopt.solve(game, "fit").solved


@pytest.mark.parametrize("most", [5, -1, True, 1.5, "2"])
def test_numbers_of_bobs_that_there_are_not(most: Any) -> None:
    with pytest.raises(UsageError, match="option most"):
        said(table(), "fit", {}, most=most)


def test_weights_that_are_no_arrays_are_fitted_anew() -> None:
    game = table(rows=12, bobs=3, folds=2)
    known = bigopt.solve(game, "fit")
    for weights in ("x", {"nnls": [1.0], "simplex": [1.0]}, None):
        fields, certificate = said(game, "fit", {"weights": weights})
        assert fields == known.fields and certificate.verified
        assert {check.grade for check in certificate.checks} == {"proved"}
    assert known.sets == 7 and {row["se"] for row in known.rows} == {None}
    assert [row["sd"] for row in known.rows if row["bobs"] == 3] == [0.0] * 4
