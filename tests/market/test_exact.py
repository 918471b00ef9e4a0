"""Every algorithm for stable schemes against brute force in fractions, ties included."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from bigopt.concepts.deadline import Deadline
from bigopt.errors import LimitReached
from bigopt.games.market import response
from bigopt.games.market.exact import enumeration, play, randomized
from bigopt.games.market.exact.intervals import Intervals
from bigopt.games.market.game import Market
from bigopt.games.market.generate import random_market


def searched(game: Market) -> int:
    search = Intervals(game, Deadline())
    return next((int(totals[0, 0]) for _, totals in search.search(search.least, game.opt - 1)), game.opt)


@pytest.mark.parametrize("seed", range(60))
def test_enumeration_is_the_definition(seed: int, brute: Any) -> None:
    game = brute.random_game(seed, states=3, policies=3)
    found = enumeration.stable(game)
    assert [tuple(f) for f in found.schemes.tolist()] == list(brute.stable(game))
    assert {tuple(f) for f, n in zip(found.schemes.tolist(), found.nash, strict=True) if n} == brute.nash(game)


@pytest.mark.parametrize("block", range(10))
def test_search_finds_exactly_the_enumerated_schemes(block: int, brute: Any) -> None:
    for seed in range(100 + 30 * block, 130 + 30 * block):
        game = brute.random_game(seed)
        known = enumeration.stable(game)
        search = Intervals(game, Deadline(), every=True)
        found = [scheme for schemes, _ in search.search(search.least, game.opt) for scheme in schemes.tolist()]
        assert sorted(found) == known.schemes.tolist()
        assert searched(game) == known.totals[0].min()


@pytest.mark.parametrize("seed", range(6))
def test_search_beyond_small_sizes(seed: int) -> None:
    game = random_market(states=9, policies=4, bobs=3, grid=(1000, 20, 4)[seed % 3], common=0.7, alice=0.1, seed=seed)
    assert searched(game) == enumeration.stable(game).totals[0].min()


def test_decimals_too_fine_for_machine_integers() -> None:
    rng = np.random.default_rng(0)
    game = Market(tuple(rng.random((5, 4))), tuple(tuple(rng.random((5, 4))) for _ in range(2)))
    assert game.units[0].dtype == object
    assert searched(game) == enumeration.stable(game).totals[0].min()


@pytest.mark.parametrize("seed", range(40))
def test_dynamics_end_at_the_worst_without_ties_in_any_order(seed: int, brute: Any) -> None:
    game = random_market(states=3, policies=3, bobs=3, grid=100_000, alice=0.1, common=0.6, seed=seed)
    table = list(brute.all_schemes(game).values())
    assert all(len({u[p] for u in table}) == len(table) for p in range(4))
    worst = min(u[0] for u in brute.stable(game).values())
    for order in itertools.permutations(range(3)):
        shuffled = game.committee(order)
        end = play.run(shuffled)[-1].scheme
        assert brute.values(shuffled, tuple(end.tolist()))[0] == worst


@pytest.mark.parametrize("seed", range(40))
def test_every_move_is_the_best_deviation(seed: int, brute: Any) -> None:
    game = brute.random_game(seed)
    assert [(move.bob, tuple(move.scheme.tolist())) for move in play.run(game)] == brute.dynamics(game)
    assert brute.dynamics(game)[-1][1] in brute.stable(game)


@pytest.mark.parametrize("seed", range(40))
def test_frontiers_are_maxima_over_all_schemes(seed: int, brute: Any) -> None:
    game = brute.random_game(seed)
    totals = [game.totals(f) for f in brute.all_schemes(game)]
    for j in range(game.k):
        front = response.frontier(game, j)
        for v in {u[0] for u in totals if u[0] < game.opt}:
            assert front.above(v) == max(u[j + 1] for u in totals if u[0] > v)
            assert front.above(v, strict=False) == max(u[j + 1] for u in totals if u[0] >= v)


@pytest.mark.parametrize("seed", range(30))
def test_monotone_in_the_committee(seed: int) -> None:
    """Another Bob only removes stable schemes, so the worst cannot fall."""
    game = random_market(states=3, policies=3, bobs=4, grid=(10, 1000)[seed % 2], seed=seed)
    worst = [enumeration.stable(game.committee(range(k))).totals[0].min() for k in range(1, 5)]
    assert worst == sorted(worst)


@pytest.mark.parametrize("seed", range(20))
def test_positive_affine_changes_and_relabelling_change_nothing(seed: int, brute: Any) -> None:
    game = brute.random_game(seed)
    moved = Market(
        tuple(3 * row + 1 for row in game.alice),
        tuple(tuple((j + 2) * row - 5 for row in bob) for j, bob in enumerate(game.bobs)),
        prior_weights=[7 * w for w in game.prior_weights],
    )
    assert enumeration.stable(moved).schemes.tolist() == enumeration.stable(game).schemes.tolist()
    assert [m.scheme.tolist() for m in play.run(moved)] == [m.scheme.tolist() for m in play.run(game)]
    flipped = Market(
        tuple(row[::-1] for row in game.alice[::-1]),
        tuple(tuple(row[::-1] for row in bob[::-1]) for bob in game.bobs),
        prior_weights=game.prior_weights[::-1],
    )
    assert searched(flipped) * flipped.units[1][0] == searched(game) * game.units[1][0]


@pytest.mark.parametrize("seed", range(30))
def test_worst_lottery_is_a_deterministic_scheme_on_every_hull(seed: int, brute: Any) -> None:
    """Against the chord test in fractions: f is stable iff no mix of two schemes beats it for Alice and a Bob."""
    game = brute.random_game(seed, states=3, policies=3)
    scheme, v = randomized.worst(game)
    assert v * game.units[1][0] == brute.worst_lottery(game)
    flat = [p for row in scheme for p in row]
    assert sum(p * int(a) for p, a in zip(flat, game.units[0][0], strict=True)) == v
    assert v >= enumeration.stable(game).totals[0].min()


def test_a_limit_keeps_the_incumbent_and_a_bound() -> None:
    game = random_market(states=40, policies=8, bobs=4, common=0.9, alice=0.0, seed=1)
    search = Intervals(game, Deadline())
    search.deadline = Deadline(0.0)
    with pytest.raises(LimitReached):
        next(search.search(search.least, game.opt - 1))
    assert search.proved == search.least
