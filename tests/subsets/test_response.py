"""Exact best responses against brute force, other solvers, and their own invariances."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import bigopt
from benchmarks.fuzz_subsets import task_of
from bigopt.concepts.deadline import Deadline
from bigopt.games.subsets import response
from bigopt.games.subsets.exact import bounding, combos, knapsack, meet, search
from bigopt.games.subsets.exact.task import Effort, Task


def brute(task: Task) -> int:
    every = itertools.combinations_with_replacement if task.repeats else itertools.combinations
    return min(task.squared(c) for c in every(range(len(task.exact)), task.size))


def random_task(rng: np.random.Generator) -> Task:
    m = int(rng.integers(2, 9))
    k, d = int(rng.integers(1, m + 1)), int(rng.integers(1, 4))
    vectors = rng.integers(-5, 6, (m, d)) / 10 if rng.integers(2) else rng.normal(size=(m, d))
    point = rng.integers(-9, 9, d) / 10 * rng.choice([1, 5]) if rng.integers(2) else 3 * rng.normal(size=d)
    return task_of(vectors, point, k, bool(rng.integers(2)))


@pytest.mark.parametrize("affordable", [10**6, 0])
def test_every_method_finds_the_brute_force_optimum(affordable: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response, "AFFORDABLE", affordable)
    monkeypatch.setattr(search, "POOL", 20)
    rng = np.random.default_rng(1)
    methods = set()
    for _ in range(120):
        task = random_task(rng)
        found = response.nearest(task, Effort(Deadline()), seed=int(rng.integers(3)))
        methods.add(found.method)
        assert found.proved
        assert found.squared == task.squared(found.choice) == brute(task)  # exact integers: ties and all
        assert found.bound <= task.loss(found.squared)
    expected = {"meet in the middle"} if affordable else {"dynamic programming", "branch and bound over halves"}
    assert expected <= methods


@pytest.mark.parametrize("query", [1, 2, 3, 4])
@pytest.mark.parametrize("repeats", [False, True])
def test_any_split_and_any_blocks_give_the_same_optimum(query: int, repeats: bool) -> None:
    rng = np.random.default_rng(query)
    task = task_of(rng.normal(size=(9, 2)), rng.normal(size=2), 4, repeats)
    start = (0, 1, 2, 3)
    incumbent = meet.Incumbent(start, task.squared(start))
    split = meet.Split(query, 4 - query, meet.blocks_of(4, query, 9))
    assert meet.Meet(task, split, incumbent).run(rng.permutation(9))
    assert incumbent.squared == brute(task)


def test_pigeonhole_blocks_meet_every_choice() -> None:
    for m, k, q in [(9, 5, 3), (9, 4, 2), (8, 6, 3), (7, 3, 1)]:
        blocks = meet.blocks_of(k, q, m)
        for choice in itertools.combinations(range(m), k):
            assert max(sum(j % blocks == b for j in choice) for b in range(blocks)) >= q


@pytest.mark.parametrize("repeats", [False, True])
def test_pieces_are_the_whole_in_order(repeats: bool) -> None:
    items = np.array([2, 3, 5, 7, 11])
    every = itertools.combinations_with_replacement if repeats else itertools.combinations
    for k in range(4):
        whole = [tuple(row) for row in combos.every(items, k, repeats).tolist()]
        assert whole == list(every(items.tolist(), k))
        parts = [tuple(row) for piece in combos.pieces(items, k, repeats, 3) for row in piece.tolist()]
        assert parts == whole and len(whole) == combos.count(5, k, repeats)


def test_exact_ties_are_decided_in_decimals() -> None:
    """0.1 + 0.2 and 0.3 + 0.0 tie in decimals but not in binary floats; 0.15 + 0.15 - 1e-17 is really nearer."""
    task = task_of([[0.1], [0.2], [0.3], [0.0]], [0.3], 2)
    assert task.squared((0, 1)) == task.squared((2, 3)) == 0
    close = task_of([[0.1], [0.2], [0.30000000000000004], [0.0]], [0.3], 2)
    found = response.nearest(close, Effort(Deadline()))
    assert found.choice == (0, 1) and found.squared == 0


def test_hull_bound_is_below_every_sum_and_tight_far_away() -> None:
    rng = np.random.default_rng(2)
    vectors = rng.normal(size=(12, 3))
    for scale in (1.0, 100.0):
        task = task_of(vectors, scale * rng.normal(size=3), 4)
        distance, _ = bounding.hull_bound(task)
        optimum = float(np.sqrt(task.loss(brute(task))))
        assert distance * task.unit <= optimum
        if scale > 1:
            assert distance * task.unit >= 0.98 * optimum


def test_hull_bound_is_below_every_sum_where_floats_hold_all_squares() -> None:
    """Whole numbers near 2^24: a product with a unit vector is rounded none the less, by a tenth of a square."""
    rng = np.random.default_rng(0)
    for _ in range(60):
        d = int(rng.integers(1, 4))
        far = int(1.5e7 / d)
        task = task_of(rng.integers(-2, 3, (6, d)).astype(float), list(rng.integers(-far, far, d).astype(float)), 2)
        distance, direction = bounding.hull_bound(task)
        assert task.whole and Fraction(distance) ** 2 <= brute(task)
        excluded, forced = bounding.outer_items(task, direction, task.length(brute(task) + 1))
        best = [c for c in itertools.combinations(range(6), 2) if task.squared(c) == brute(task)]
        assert all(set(forced) <= set(c) and not set(c) & set(excluded) for c in best)


def test_dynamic_programming_agrees_with_meeting_in_the_middle() -> None:
    rng = np.random.default_rng(3)
    values = rng.choice(np.arange(-500, 500), 30, replace=False)[:, None]
    for repeats in (False, True):
        task = task_of(values, [777.5], 4, repeats)
        found = knapsack.solve(task, Deadline())
        assert found is not None and found.squared == response.nearest(task, Effort(Deadline())).squared


def test_relabelling_scaling_and_moving_the_game_do_not_change_the_loss() -> None:
    rng = np.random.default_rng(4)
    items, targets = rng.normal(size=(30, 2)), rng.normal(size=(2, 2))
    profile = [[0, 1, 2], [3, 4, 5]]
    base = bigopt.Subsets(weights=[0.5, 0.25], targets=targets, items=items, sizes=[3, 3])
    loss = bigopt.solve(base, "best-response", player=0, profile=profile).loss
    scaled = bigopt.Subsets(weights=[0.5, 0.25], targets=4 * targets, items=4 * items, sizes=[3, 3])
    assert bigopt.solve(scaled, "best-response", player=0, profile=profile).loss == pytest.approx(16 * loss, rel=1e-9)
    order = rng.permutation(30)
    moved = bigopt.Subsets(weights=[0.5, 0.25], targets=targets, items=items[order], sizes=[3, 3])
    place = np.argsort(order)
    other = [[0, 1, 2], place[[3, 4, 5]].tolist()]
    assert bigopt.solve(moved, "best-response", player=0, profile=other).loss == pytest.approx(loss, rel=1e-9)


@pytest.mark.parametrize("solver", ["scip", "highs"])
@pytest.mark.parametrize(("d", "repeats"), [(1, False), (1, True), (2, False), (2, True)])
def test_other_solvers_agree(solver: str, d: int, repeats: bool) -> None:
    rng = np.random.default_rng(d)
    items, targets = rng.integers(-20, 20, (6, d)) / 4, rng.integers(-9, 9, (2, d)) / 2
    items = np.unique(items, axis=0)
    game = bigopt.Subsets(weights=[0.5, 0.5], targets=targets, items=items, sizes=[2, 3], repeats=repeats)
    arguments: dict[str, Any] = {"player": 1, "profile": [[0, 1], [0, 1, 2]]}
    exact = bigopt.solve(game, "best-response", **arguments)
    found = bigopt.solve(game, "best-response", solver=solver, **arguments)
    assert found.certificate.verified and found.loss == exact.loss
    assert found.bound == pytest.approx(exact.loss, rel=1e-6, abs=1e-6)  # of the squared distance in every form


def test_a_large_choice_says_what_is_proved() -> None:
    rng = np.random.default_rng(5)
    game = bigopt.Subsets(weights=[1.0], targets=[[0.3]], items=rng.normal(size=(200, 1)), sizes=[10])
    found = bigopt.solve(game, "best-response", player=0, profile=[list(range(10))])
    assert found.solved and found.bound is not None and found.bound <= found.loss <= 1e-9
    hard = bigopt.Subsets(weights=[1.0], targets=[[0.3] * 6], items=rng.normal(size=(300, 6)), sizes=[20])
    late = bigopt.solve(hard, "best-response", player=0, profile=[list(range(20))], time_limit=1.0)
    assert not late.solved and late.holds != "optimal" and (late.bound or 0.0) <= (late.objective or np.inf)


def test_zero_weight_and_whole_sets() -> None:
    game = bigopt.Subsets(weights=[0.0, 1.0], targets=[[1.0], [2.0]], items=[[0.0], [1.0], [2.5]], sizes=[1, 3])
    for player in (0, 1):
        found = bigopt.solve(game, "best-response", player=player, profile=[[1], [0, 1, 2]])
        assert found.solved and Fraction(found.loss) == [Fraction(25, 4), Fraction(9, 4)][player]
