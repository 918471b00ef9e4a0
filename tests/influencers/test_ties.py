"""Whether there is one equilibrium is decided exactly: sets described in several ways, decimals that nearly tie."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.linalg import block_diag
from scipy.optimize import linprog

from bigopt import Ball, Box, Hull, Influencers, Polytope, Simplex, solve
from bigopt.action_sets.base import ActionSet
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.games.influencers.exact import doubts, equilibria

NUDGES = [0, 0, 0, 1e-6, 1e-9, 1e-10, -1e-10, 1e-12, -1e-12, 3e-13]


def dimension(w: Any, t: Any, action_set: ActionSet) -> int:
    return equilibria.of(Influencers(w, t, action_set), Deadline()).dimension


def decimals(table: Any) -> Floats:
    return np.array([[float(value) for value in row] for row in table])


def nearly_tied(rng: np.random.Generator, n: int, d: int) -> list[list[Fraction]]:
    """Targets on a coarse grid, many of them moved by a little: sums of decimals, exactly."""
    grid, moves = rng.integers(-2, 3, (n, d)) / 2, rng.choice(NUDGES, (n, d))
    return [
        [Fraction(repr(a)) + Fraction(repr(b)) for a, b in zip(*pair, strict=True)]
        for pair in zip(grid.tolist(), moves.tolist(), strict=True)
    ]


def rotated(table: Any) -> Floats:
    """Turn by the angle of the 3-4-5 triangle, under which short decimals stay decimals."""
    a, b = Fraction(3, 5), Fraction(4, 5)
    return decimals([[a * Fraction(x) - b * Fraction(y), b * Fraction(x) + a * Fraction(y)] for x, y in table])


@pytest.mark.parametrize("seed", range(40))
def test_a_box_a_polytope_and_a_hull_decide_alike(seed: Any) -> None:
    """On a box coordinates separate and are medians: another algorithm altogether."""
    rng = np.random.default_rng(seed)
    d, n = 1 + seed % 3, int(rng.integers(2, 8))
    table, w = nearly_tied(rng, n, d), rng.choice([-0.5, 0.25, 0.5, 1.0, 0.1, 0.3, 0.0], n)
    t, corners, sides = decimals(table), np.array(list(product([-1, 1], repeat=d))), np.vstack([np.eye(d), -np.eye(d)])
    expected = dimension(w, t, Box(-np.ones(d), np.ones(d)))
    assert dimension(w, t, Hull(corners)) == expected
    assert dimension(w, t, Polytope(sides, np.ones(2 * d))) == expected
    if d == 2:
        assert dimension(w, rotated(table), Hull(rotated(corners.tolist()))) == expected
        assert dimension(w, rotated(table), Polytope(rotated(sides.astype(int).tolist()), np.ones(4))) == expected


@pytest.mark.parametrize("seed", range(20))
def test_an_interval_and_a_ball_decide_alike(seed: Any) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 9))
    t, w = decimals(nearly_tied(rng, n, 1)), rng.choice([-0.5, 0.25, 1.0, 0.1, 0.3333333333333333, 0.0], n)
    assert dimension(w, t, Ball([0.5], 1.5)) == dimension(w, t, Box([-1.0], [2.0]))


def dimension_by_programs(game: Influencers, v: Floats) -> int:
    """Rank equilibria from linear programs in many directions: everybody's best actions that sum to v.

    Floats are good for it where all numbers are small integers and halves.
    """
    n, d, x = game.players, game.dimension, game.action_set
    if isinstance(x, Polytope):
        shape, rows, sides, ones = np.eye(d), x.A, x.b, np.zeros((0, d))
    else:
        shape = x.points.T if isinstance(x, Hull) else np.eye(d)
        rows, sides, ones = -np.eye(shape.shape[1]), np.zeros(shape.shape[1]), np.ones((1, shape.shape[1]))
    pulls = game.weights[:, None] * (game.targets - v)
    best = block_diag(*[-(p @ shape)[None] for p in pulls])
    a_ub, b_ub = np.vstack([block_diag(*[rows] * n), best]), np.append(np.tile(sides, n), 1e-9 - x.support(pulls))
    a_eq = np.vstack([block_diag(*[ones] * n), np.hstack([w * shape for w in game.weights])])
    b_eq = np.append(np.ones(len(ones) * n), v - game.background)
    found = []
    for cost in np.random.default_rng(0).normal(size=(50, n, d)):
        run = linprog((cost @ shape).ravel(), a_ub, b_ub, a_eq, b_eq, bounds=(None, None))
        found.append((run.x.reshape(n, -1) @ shape.T).ravel())
    return int(np.linalg.matrix_rank(np.array(found) - found[0], tol=1e-5))


@pytest.mark.parametrize("seed", range(15))
def test_the_dimension_is_the_rank_of_equilibria_from_linear_programs(seed: Any) -> None:
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(2, 5)), int(rng.integers(2, 4))
    sides = np.vstack([np.eye(d), -np.eye(d), rng.integers(-1, 2, (2, d))])
    points = rng.integers(-2, 3, (int(rng.integers(2, 8)), d))
    action_set = (Hull(points), Simplex(1.0, d), Polytope(sides, np.ones(2 * d + 2)))[seed % 3]
    t = rng.integers(-1, 2, (n, d))[np.zeros(n, dtype=int) if seed % 2 else np.arange(n)]
    game = Influencers(rng.choice([1.0, 2.0, -1.0, 0.5, 0.0], n), t, action_set)
    known = equilibria.of(game, Deadline())
    assert known.dimension == dimension_by_programs(game, known.face.receiver)


def test_targets_that_agree_to_nine_digits_are_two() -> None:
    for action_set in (Hull([[-1.0], [1.0]]), Polytope([[1.0], [-1.0]], [1.0, 1.0]), Ball([0.0], 1.0)):
        apart = solve(Influencers([0.5, 0.5], [[0.1], [0.1000000001]], action_set), "ne-set")
        assert apart.solved
        assert apart.unique
        equal = solve(Influencers([0.5, 0.5], [[0.1], [0.1]], action_set), "ne-set")
        assert equal.dimension == 1


def test_a_supply_at_the_end_of_its_reach_leaves_one_way() -> None:
    """Two players at the origin, one pulling from (3, 4), and a background that leaves them exactly their reach."""
    for pull, expected in ((2.0, 0), (1.999999999999, 2), (2.000000000001, 0)):
        background = [round(0.6 * pull - 0.6, 14), round(0.8 * pull - 0.8, 14)]
        game = Influencers([1, 1, 1], [[0, 0], [0, 0], [3, 4]], Ball([0, 0], 1.0), "squared", 1.0, background)
        assert equilibria.of(game, Deadline()).dimension == expected


def test_square_roots_are_compared_in_digits_enough() -> None:
    """Two players at the origin, one pulling along the diagonal: the reach 2 is met at sqrt(2) - sqrt(1/2) each way."""
    edge = 0.7071067811865475  # below sqrt(1/2) by 2e-17, and so inside
    for background, expected in ((edge, 2), (0.7071067811865476, 0), (edge - 1e-15, 2), (edge + 1e-15, 0)):
        game = Influencers([1, 1, 1], [[0, 0], [0, 0], [1, 1]], Ball([0, 0], 1.0), "squared", 1.0, [background] * 2)
        assert equilibria.of(game, Deadline()).dimension == expected


def test_too_many_ties_are_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubts, "CELLS", 5)
    found = solve(Influencers([0.5, 0.5], [[0.1, 0.2], [0.1, 0.2]], Hull([[0, 0], [1, 0], [0, 1]])))
    assert found.solved
    assert found.unique is None
    assert found.certificate.checks[-1].grade == "skipped"
