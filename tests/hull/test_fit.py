"""Fits against other packages, brute force, invariances and the paper's tables; each check can fail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize, nnls

import bigopt
from bigopt import catalog
from bigopt.concepts import Deadline
from bigopt.games.hull import UtilityTable
from bigopt.games.hull.exact.active_set import Gram, empty, extended
from bigopt.games.hull.exact.nested import sets_of
from bigopt.games.hull.exact.sweep import How, sweep
from bigopt.games.hull.fit import CONCEPT
from bigopt.games.hull.generate import noisy_rephrasings, opinions


def small(seed: int = 0, **given: Any) -> UtilityTable:
    rng = np.random.default_rng(seed)
    alice = rng.random(40)
    bobs = alice[:, None] + 0.3 * rng.normal(size=(40, 12))
    return UtilityTable(alice, bobs, **({"folds": 4, "permutations": 5} | given))


def chain(make: Any, bobs: Any, alice: Any) -> Any:
    problem = make(bobs, alice)
    inside, found = np.zeros(bobs.shape[1], dtype=bool), empty(problem)
    for j in range(bobs.shape[1]):
        inside[j] = True
        found = extended(problem, inside, found, j)
    return found.weights


@pytest.mark.parametrize("kind", ["normal", "ties", "far", "copies"])
def test_fits_are_those_of_scipy(kind: str) -> None:
    """NNLS against Lawson and Hanson on the table itself; the simplex against SLSQP and its own optimality."""
    rng = np.random.default_rng(len(kind))
    for _ in range(60):
        n, k = int(rng.integers(2, 30)), int(rng.integers(1, 9))
        bobs = rng.integers(0, 3, (n, k)).astype(float) if kind == "ties" else rng.normal(size=(n, k))
        bobs = bobs + 100.0 * (kind == "far")
        if kind == "copies" and k > 2:
            bobs[:, 1], bobs[:, 2] = bobs[:, 0], (bobs[:, 0] + bobs[:, -1]) / 2
        alice = bobs @ rng.dirichlet(np.ones(k)) + 0.1 * rng.normal(size=n)
        free = chain(Gram.non_negative, bobs, alice)
        assert np.linalg.norm(alice - bobs @ free) <= nnls(bobs, alice)[1] + 1e-9 * np.linalg.norm(alice)
        convex = chain(Gram.simplex, bobs, alice)
        assert convex.min() >= 0 and convex.sum() == pytest.approx(1, abs=1e-12)
        pull = bobs.T @ (alice - bobs @ convex)
        assert pull.max() - convex @ pull <= 1e-9 * float(((bobs - alice[:, None]) ** 2).sum(axis=0).max())


def test_the_simplex_fit_is_that_of_slsqp() -> None:
    game = small()
    found = chain(Gram.simplex, game.bobs, game.alice)
    start = np.full(12, 1 / 12)
    sums = {"type": "eq", "fun": lambda w: w.sum() - 1}
    theirs = minimize(
        lambda w: ((game.alice - game.bobs @ w) ** 2).sum(),
        start,
        method="SLSQP",
        bounds=[(0, 1)] * 12,
        constraints=[sums],
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert found == pytest.approx(theirs.x, abs=1e-5)


def test_rows_are_those_of_a_plain_loop() -> None:
    """Every row of a sweep again: each prefix, each fold, with scipy's nnls and plain means."""
    game = small(folds=3, permutations=2)
    rows = {(row["bobs"], row["method"]): row for row in bigopt.solve(game, "fit").rows}
    sets = sets_of(game, game.count)
    for k in (1, 5, 12):
        errors: dict[str, list[float]] = {"best": [], "average": [], "nnls": []}
        for s in np.flatnonzero(sets.size == k):
            inside = np.flatnonzero(sets.members[s])
            parts: dict[str, list[float]] = {"best": [], "average": [], "nnls": []}
            for fold in range(3):
                train, test = game.split(fold)
                bobs, alice = game.bobs[np.ix_(train, inside)], game.alice[train]
                unseen, truth = game.bobs[np.ix_(test, inside)], game.alice[test]
                own = ((bobs - alice[:, None]) ** 2).mean(axis=0)
                parts["best"].append(((unseen[:, own.argmin()] - truth) ** 2).mean())
                parts["average"].append(((unseen.mean(axis=1) - truth) ** 2).mean())
                parts["nnls"].append(((unseen @ nnls(bobs, alice)[0] - truth) ** 2).mean())
            for method, values in parts.items():
                errors[method].append(float(np.mean(values)))
        for method, values in errors.items():
            assert rows[k, method]["mse"] == pytest.approx(np.mean(values), rel=1e-9)
            assert rows[k, method]["sd"] == pytest.approx(np.std(values, ddof=1), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(
    ("table", "known"),
    [
        (1, {"best": 0.0247, "average": 0.00046, "nnls": 0.0, "simplex": 0.0}),
        (2, {"best": 0.159, "average": 0.131, "nnls": 0.109, "simplex": 0.110}),
        (3, {"best": 0.00291, "average": 0.00439, "nnls": 0.00024, "simplex": 0.00290}),
    ],
)
def test_the_papers_tables_in_sample(table: int, known: dict[str, float]) -> None:
    game = bigopt.load(catalog.instance(f"hull/table-{table}"))
    found = bigopt.solve(game, "fit")
    assert found.solved
    last = {row["method"]: row["mse"] for row in found.rows if row["bobs"] == game.count}
    assert last == pytest.approx(known, rel=0.01, abs=5e-6)


def test_the_same_numbers_for_any_number_of_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    game = noisy_rephrasings(rows=60, bobs=12, permutations=4)
    sets = sets_of(game, 12)
    one = sweep(game, sets, How(jobs=1, keep=str(tmp_path)), Deadline())
    monkeypatch.setattr("bigopt.games.hull.exact.sweep.WORTHWHILE", 0)
    two = sweep(game, sets, How(jobs=2), Deadline())
    monkeypatch.setattr("bigopt.games.hull.exact.sweep._chain", None)  # everything is read from the folder
    again = sweep(game, sets, How(jobs=1, keep=str(tmp_path)), Deadline())
    for method, weights in one.items():
        assert (weights == two[method]).all() and (weights == again[method]).all()


def test_a_torn_file_is_made_anew(tmp_path: Path) -> None:
    game = small()
    sets = sets_of(game, 3)
    one = sweep(game, sets, How(jobs=1, keep=str(tmp_path)), Deadline())
    next(iter(tmp_path.glob("*/*.npz"))).write_bytes(b"PK torn")
    again = sweep(game, sets, How(jobs=1, keep=str(tmp_path)), Deadline())
    assert all((one[method] == again[method]).all() for method in one)


def test_groups_stay_together_and_are_scaled() -> None:
    game = opinions(questions=20, humans=3, seed=1)
    assert game.groups is not None
    for group in np.unique(game.groups):
        rows = game.groups == group
        assert len(set(game.fold_of[rows].tolist())) == 1
        assert game.scale[rows] == pytest.approx(1 / np.sqrt(rows.sum()))
    found = bigopt.solve(game, "fit", options={"most": 2})
    assert found.solved and found.sets == 9 + 36
    assert all(row["se"] is not None for row in found.rows)


def test_the_order_of_bobs_and_the_unit_do_not_matter() -> None:
    game = small()
    few = UtilityTable(game.alice, game.bobs[:, :6], folds=3)
    order = np.random.default_rng(1).permutation(6)
    other = UtilityTable(1e-6 * game.alice, 1e-6 * game.bobs[:, order], folds=3)
    for a, b in zip(bigopt.solve(few, "fit").rows, bigopt.solve(other, "fit").rows, strict=True):
        assert b["mse"] == pytest.approx(1e-12 * a["mse"], rel=1e-8)


@pytest.mark.parametrize("check", ["feasible", "below 0", "not its own", "stationary", "gap", "rises"])
def test_each_check_can_fail(check: str) -> None:
    game = small()
    sets = sets_of(game, 12)
    weights = sweep(game, sets, How(jobs=1), Deadline())
    if check == "feasible":
        weights["simplex"][0, 0, 3] *= 1.001
    elif check == "below 0":
        own = np.flatnonzero(sets.members[11])[:2]
        weights["nnls"][0, 0, 11, own] -= weights["nnls"][0, 0, 11, own].min() + 1e-9
    elif check == "not its own":
        weights["nnls"][0, 0, 0, np.flatnonzero(~sets.members[0])[0]] = 1e-9
    elif check == "stationary":
        weights["nnls"][1, 0, 5] *= 1.001
    elif check == "gap":
        row = weights["simplex"][0, 0, 11]
        weights["simplex"][0, 0, 11] = 0.99 * row + 0.01 * sets.members[11] / 12
    else:
        weights["nnls"][0, 0, 9] = 0.0
    _, certificate = CONCEPT.verify(game, {"weights": weights}, CONCEPT.request())
    name = {"below 0": "feasible", "not its own": "feasible"}.get(check, check)
    assert name in [each.name for each in certificate.failed]


@pytest.mark.parametrize("solver", ["highs", "ipopt"])
@pytest.mark.parametrize("sums", ["one", "any"])
def test_other_solvers_find_the_same_combination(solver: str, sums: str) -> None:
    game = small()
    exact = bigopt.solve(game, "combination", options={"weights": sums})
    found = bigopt.solve(game, "combination", solver=solver, options={"weights": sums})
    assert exact.solved and found.mse == pytest.approx(exact.mse, rel=1e-6)
