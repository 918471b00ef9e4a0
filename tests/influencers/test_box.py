"""The exact box algorithm against fractions, grids, best responses and invariances."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bigopt import Box, Influencers, solve
from bigopt.arithmetic.decimals import fraction
from bigopt.games.influencers.exact import box


def exact_receiver(weights: Any, targets: Any, low: float, high: float, background: Fraction) -> tuple[Fraction, int]:
    """Return coordinate 0 of the receiver by testing every candidate in fractions (the optimality conditions)."""
    w, t = [fraction(x) for x in weights], [fraction(x) for x in targets]
    a = [min(x * fraction(low), x * fraction(high)) for x in w]
    b = [max(x * fraction(low), x * fraction(high)) for x in w]

    def ends(z: Fraction) -> tuple[Fraction, Fraction]:
        least = sum((b[i] if t[i] > z else a[i] for i in range(len(w))), background)
        most = sum((b[i] if t[i] >= z else a[i] for i in range(len(w))), background)
        return least, most

    levels = {background + sum(c) for c in product(*zip(a, b, strict=True))}
    for z in set(t) | levels:
        least, most = ends(z)
        if least <= z <= most:
            tied = [i for i in range(len(w)) if t[i] == z and a[i] < b[i]]
            shared = bool(tied) and least < z < most
            return z, max(len(tied) - 1, 0) if shared else 0
    raise AssertionError("no equilibrium")


tenths = st.integers(-12, 12).map(lambda k: k / 10)


@settings(max_examples=150, deadline=None)
@example(players=[(0.1, 0.0), (-0.1, 0.0)], low=0.1, length=0, background=0.0)  # a receiver of 2e-18 is 0
@given(st.lists(st.tuples(tenths, tenths), min_size=1, max_size=6), tenths, st.integers(0, 20), tenths)
def test_receiver_and_dimension_equal_the_fractions(players: Any, low: Any, length: Any, background: Any) -> None:
    weights, targets = zip(*players, strict=True)
    high = float(fraction(low) + Fraction(length, 10))
    game = Influencers(
        weights, [[t] for t in targets], Box([low], [high]), background_weight=0.5, background_point=[background]
    )
    receiver, dimension = exact_receiver(weights, targets, low, high, fraction(0.5) * fraction(background))
    free = sum(w == 0 for w in weights) * (low < high)
    found = solve(game, "nash", "exact")
    assert found.solved
    assert found.receiver[0] == pytest.approx(float(receiver), abs=1e-12)
    assert found.dimension == dimension + free
    assert found.unique == (dimension + free == 0)


@pytest.mark.parametrize("seed", range(5))
def test_no_point_of_a_grid_has_a_lower_potential(seed: Any) -> None:
    rng = np.random.default_rng(seed)
    game = Influencers(rng.normal(size=3), rng.normal(size=(3, 1)), Box([-1.0], [1.5]))
    found = solve(game, "nash", "exact")
    axis = np.linspace(-1.0, 1.5, 26)
    grid = min(game.potential(np.array(x)[:, None]) for x in product(axis, repeat=3))
    slope = 2.0 * np.abs(game.pulls(found.receiver)).sum() + np.abs(game.weights).sum() ** 2
    assert found.potential <= grid + 1e-12
    assert grid - found.potential <= slope * 0.1


def game_of(seed: int, n: int = 9, d: int = 3) -> Influencers:
    rng = np.random.default_rng(seed)
    return Influencers(
        rng.integers(-3, 6, n) / 10,
        rng.integers(-9, 9, (n, d)) / 10,
        Box([-1.0, 0.0, -0.3], [0.5, 0.7, 0.9]),
        background_weight=0.4,
        background_point=[1.0, -0.5, 0.2],
    )


@pytest.mark.parametrize("seed", range(4))
def test_relabelling_scaling_and_moving_do_not_matter(seed: Any) -> None:
    game = game_of(seed)
    receiver = solve(game, "nash").receiver
    order = np.random.default_rng(seed).permutation(game.players)
    renamed = Influencers(
        game.weights[order],
        game.targets[order],
        game.action_set,
        background_weight=game.background_weight,
        background_point=game.background_point,
    )
    assert solve(renamed, "nash").receiver == pytest.approx(receiver, abs=1e-12)
    lower, upper = game.action_set.bounds
    shift = 0.25
    total = game.background_weight + game.weights.sum()
    moved = Influencers(
        game.weights,
        4.0 * (game.targets + total * shift),
        Box(4.0 * (lower + shift), 4.0 * (upper + shift)),
        background_weight=game.background_weight,
        background_point=4.0 * (game.background_point + shift),
    )
    assert solve(moved, "nash").receiver == pytest.approx(4.0 * (receiver + total * shift), abs=1e-11)


def test_shared_supply_has_least_norm() -> None:
    game = Influencers([0.5, 1.0, -0.25], [[1.5], [1.5], [1.5]], Box([-1.0], [1.0]))
    x = solve(game, "nash").actions[:, 0]
    assert x[1] == 1.0  # at its bound: the multiplier alone would give more
    assert x[0] / 0.5 == pytest.approx(x[2] / -0.25)
    assert game.weights @ x == pytest.approx(1.5)


def test_a_tie_that_floats_miss() -> None:
    """0.1 + 0.2 is 0.3 in decimals: the third player's supply is all it has, so the equilibrium is unique."""
    game = Influencers([0.1, 0.2, 0.3], [[0.9], [0.9], [0.3]], Box([0.0], [1.0]))
    found = box.coordinate(game, 0)
    assert 0.1 + 0.2 != 0.3
    assert found.receiver == 0.3
    assert not found.shared
    both = Influencers([0.1, 0.2, 0.3, 0.3], [[0.9], [0.9], [0.3], [0.3]], Box([0.0], [1.0]))
    solution = solve(both, "nash")
    assert solution.dimension == 0
    assert solution.actions.tolist() == [[1.0], [1.0], [0.0], [0.0]]


def test_many_players_agree_with_few_alike() -> None:
    few = Influencers([0.3, 0.7], [[0.2], [0.8]], Box([-1.0], [2.0]))
    many = Influencers(np.tile(few.weights / 500, 500), np.tile(few.targets, (500, 1)), few.action_set)
    assert solve(many, "nash").receiver == pytest.approx(solve(few, "nash").receiver, abs=1e-12)
