"""Equilibria against brute force, Gambit, closed forms, and other solvers; each check fails alone."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.games.subsets import KIND, nfg
from bigopt.games.subsets.exact import minimum
from bigopt.games.subsets.exact import player_sums as tables
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.generate import binary_powers, news_feed
from bigopt.games.subsets.graph import actions, best_response_graph, sinks

CONCEPTS = {concept.name: concept for concept in KIND.concepts}


def random_game(rng: np.random.Generator) -> Subsets:
    n, m, d = int(rng.integers(1, 4)), int(rng.integers(2, 5)), int(rng.integers(1, 3))
    items = np.unique(rng.integers(-3, 4, (m, d)) / (10 if rng.integers(2) else 3), axis=0)
    sizes = np.minimum(rng.integers(1, 3, n), len(items))
    weights, targets = rng.integers(-2, 4, n) / 4, rng.integers(-4, 5, (n, d)) / 8
    return Subsets(weights, targets, items, sizes, bool(rng.integers(2)), 0.5, rng.integers(-2, 3, d) / 2)


def brute(game: Subsets) -> tuple[list[Profile], dict[Profile, list[int]]]:
    every = itertools.combinations_with_replacement if game.repeats else itertools.combinations
    own = [list(every(range(len(game.items)), int(k))) for k in game.sizes]
    loss = {p: game.exact.losses(p) for p in itertools.product(*own)}
    stable = [
        p
        for p in loss
        if all(loss[p][i] <= min(loss[(*p[:i], a, *p[i + 1 :])][i] for a in own[i]) for i in range(game.players))
    ]
    return stable, loss


@pytest.mark.parametrize("seed", range(25))
def test_all_concepts_against_brute_force(seed: int) -> None:
    game = random_game(np.random.default_rng(seed))
    stable, loss = brute(game)
    found = bigopt.solve(game, "all-nash")
    assert found.solved and found.count == len(stable)
    assert [tuple(tuple(c) for c in p) for p in found.profiles] == sorted(stable)
    assert sinks(best_response_graph(game)) == sorted(stable)
    least = min(game.exact.potential(p) for p in loss)
    best = bigopt.solve(game, "nash")
    assert best.solved and game.exact.potential(best.choices) == least
    assert minimum.dual_bound(game) <= best.potential + 1e-9
    ends = bigopt.solve(game, "dynamics", options={"start": "random", "seed": seed})
    assert ends.solved and tuple(tuple(c) for c in ends.choices) in stable
    total = {p: sum(loss[p]) for p in loss}
    unit = game.exact.denominator**2
    extremes = bigopt.solve(game, "extremes")
    assert extremes.solved
    assert extremes.best_total == min(total[p] for p in stable) / unit
    assert extremes.worst_total == max(total[p] for p in stable) / unit
    assert extremes.optimum_total == min(total.values()) / unit


@pytest.mark.parametrize(("m", "k"), [(4, 1), (8, 2), (8, 1), (8, 3), (12, 3)])
def test_example_5_counts_pairs_of_opposite_sums(m: int, k: int) -> None:
    """NE iff x-hat = 0, so there are sum_s N(s) N(-s) of them, at least C(m, k)."""
    game = binary_powers(items=m, size=k)
    sums = Counter(sum(c) for c in itertools.combinations([int(v) for v in game.items[:, 0]], k))
    found = bigopt.solve(game, "all-nash")
    assert found.solved and found.count == sum(n * sums[-s] for s, n in sums.items())
    counted = bigopt.solve(game, "all-nash", options={"profiles": "count"})
    assert counted.solved and counted.count == found.count and list(counted.profiles) == []


def test_a_short_list_keeps_the_whole_count() -> None:
    found = bigopt.solve(binary_powers(items=8, size=2), "all-nash", options={"limit": 5})
    assert found.solved and found.count == 48 and len(found.profiles) == 5


def pure(game: Subsets, mixed: Any) -> Profile:
    """Return the profile of the strategies of probability 1, by the names that the file gave them."""
    own = enumerate(actions(game))
    return tuple(next(a for a in acts if mixed[f"player {i}"][" ".join(map(str, a))] == 1) for i, acts in own)


@pytest.mark.parametrize("repeats", [False, True])
def test_gambit_finds_the_same_pure_equilibria(repeats: bool, tmp_path: Path) -> None:
    pygambit = pytest.importorskip("pygambit")
    rng = np.random.default_rng(3)
    items = [[1.0, 0.0], [0.0, 1.5], [-1.0, 0.5], [2.0, 2.0]]
    for trial in range(5):
        targets = rng.integers(-9, 9, (3, 2)) / 4
        game = Subsets([0.5, 0.25, 0.25], targets, items, [2, 1, 1], repeats)
        path = nfg.write(game, tmp_path / f"{trial}.nfg")
        table = pygambit.read_nfg(str(path))
        theirs = pygambit.nash.enumpure_solve(table).equilibria
        labels = sorted(pure(game, profile) for profile in theirs)
        assert labels == sorted(tuple(tuple(c) for c in p) for p in bigopt.solve(game, "all-nash").profiles)


@pytest.mark.parametrize("solver", ["scip", "highs"])
@pytest.mark.parametrize("repeats", [False, True])
def test_other_solvers_find_the_same_minimum(solver: str, repeats: bool) -> None:
    items = [[1.0, 0.0], [0.0, 1.5], [-1.0, 0.5], [2.0, 2.0]]
    game = Subsets([0.5, 0.25], np.array([[1.0, -1.0], [0.5, 3.0]]), items, [2, 2], repeats)
    found = bigopt.solve(game, "nash", solver=solver)
    assert found.certificate.verified and found.potential == bigopt.solve(game, "nash").potential


@pytest.mark.parametrize("solver", ["scip", "highs"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_equilibrium_inequalities_enumerate_the_same_profiles(solver: str, seed: int) -> None:
    game = random_game(np.random.default_rng(seed)) if seed else binary_powers(items=4, size=1)
    exact, found = bigopt.solve(game, "all-nash"), bigopt.solve(game, "all-nash", solver=solver)
    assert found.solved and found.solver.name == solver
    assert list(found.profiles) == list(exact.profiles)


def test_the_other_player_singled_out_gives_the_same_minimum() -> None:
    game = news_feed(players=2, items=12, dimension=3, size=3, seed=2)
    start = tuple((0, 1, 2) for _ in range(2))
    both = [game.exact.potential(minimum.minimize(game, start, Deadline(), other)) for other in (False, True)]
    assert both[0] == both[1]


def test_dynamics_lowers_the_potential_and_ends_quietly() -> None:
    game = news_feed(players=3, items=15, size=3, seed=1)
    found = bigopt.solve(game, "dynamics")
    values = [step["potential"] for step in found.trajectory]
    assert found.solved and all(b < a for a, b in itertools.pairwise(values)) and found.updates == len(values) - 1
    again = bigopt.solve(game, "dynamics", profile=[list(c) for c in found.choices])
    assert again.updates == 0


def failed(concept: str, game: Subsets, point: dict[str, Any], **given: Any) -> list[str]:
    row = CONCEPTS[concept]
    options = {option.name: option.default for option in row.options}
    _, certificate = row.verify(game, point, Request(concept, options=options, arguments=given))
    return [check.name for check in certificate.failed]


def test_each_check_fails_alone() -> None:
    game = binary_powers(items=8, size=2)
    found = bigopt.solve(game, "nash")
    assert failed("nash", game, {"choices": [[0, 1], [0, 1]]}) == ["regret", "potential"]
    assert failed("nash", game, {"choices": [[0, 0], found.choices[1]]})[0] == "feasibility"
    stable = bigopt.solve(game, "all-nash")
    worse = max(stable.profiles, key=lambda p: game.potential(p))
    assert failed("nash", game, {"choices": worse}) == ["potential"]
    assert failed("dynamics", game, {"choices": [[0, 1], [0, 1]]}) == ["regret"]
    profiles = [list(p) for p in stable.profiles]
    assert failed("all-nash", game, {"count": 47, "profiles": profiles[:47]}) == ["count"]
    assert failed("all-nash", game, {"count": 48, "profiles": [*profiles[:47], profiles[0]]}) == ["distinct"]
    assert failed("all-nash", game, {"count": 48, "profiles": [*profiles[:47], [[0, 1], [0, 1]]]}) == ["regret"]
    profile = [[0, 1], [0, 1]]
    assert failed("best-response", game, {"action": [0, 1]}, player=0, profile=profile) == ["regret"]
    best = bigopt.solve(game, "best-response", player=0, profile=profile)
    assert failed("best-response", game, {"action": list(best.action)}, player=0, profile=profile) == []
    assert failed("best-response", game, {"action": [7, 7]}, player=0, profile=profile)[0] == "feasibility"


def test_extremes_checks_fail_alone() -> None:
    game = next(
        g
        for seed in range(200)
        if (g := random_game(np.random.default_rng(seed))).profiles < 500
        and (e := bigopt.solve(g, "extremes")).best_total < e.worst_total
    )
    e = bigopt.solve(game, "extremes")
    good = {"best": e.best, "worst": e.worst, "optimum": e.optimum}
    assert failed("extremes", game, good) == []
    assert failed("extremes", game, good | {"best": e.worst}) == ["best"]
    assert failed("extremes", game, good | {"worst": e.best}) == ["worst"]
    assert failed("extremes", game, good | {"optimum": e.worst}) == ["optimum"]
    _, loss = brute(game)
    unstable = max(loss, key=lambda p: sum(loss[p]))
    assert "regret" in failed("extremes", game, good | {"worst": unstable})


def test_merged_sums_count_every_action() -> None:
    game = Subsets([1.0], [[0.0]], [[-1.0], [0.0], [1.0], [2.0]], [2])
    sums = tables.Table(game).sums[0]
    assert int(sums.counts.sum()) == 6 and len(sums.points) == 5  # -1+2 = 0+1
