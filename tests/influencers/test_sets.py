"""Exact equilibria on every action set: closed forms, second formulations, invariances, and the box's median."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bigopt import Ball, Box, Hull, Influencers, Polytope, Simplex, solve


def corners(d: int) -> Hull:
    return Hull(np.array(list(product([-1.0, 1.0], repeat=d))))


def cube(d: int) -> Polytope:
    return Polytope(np.vstack([np.eye(d), -np.eye(d)]), np.ones(2 * d))


halves = st.integers(-6, 6).map(lambda k: k / 2)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(halves, halves, halves), min_size=1, max_size=5), halves)
def test_a_box_is_a_polytope_and_the_hull_of_its_corners(players: Any, background: Any) -> None:
    table = np.array(players)
    games = [
        Influencers(table[:, 0], table[:, 1:], x, background_weight=1.0, background_point=[background, 0.5])
        for x in (Box([-1.0, -1.0], [1.0, 1.0]), cube(2), corners(2))
    ]
    box, *others = (solve(game, "nash", "exact") for game in games)
    assert box.solved
    for found in others:
        assert found.solved
        assert found.receiver == pytest.approx(box.receiver, abs=1e-9)
        assert found.dimension == box.dimension
        assert found.bound == pytest.approx(found.objective, abs=1e-9 * (1 + games[0].loss_ranges().max()))


@pytest.mark.parametrize("seed", range(10))
def test_an_interval_is_a_ball(seed: Any) -> None:
    rng = np.random.default_rng(seed)
    w, t = rng.integers(-3, 4, 5) / 4, rng.integers(-5, 6, (5, 1)) / 4
    found = [solve(Influencers(w, t, x), "nash") for x in (Box([-1.0], [2.0]), Ball([0.5], 1.5))]
    assert all(f.solved for f in found)
    assert found[1].receiver == pytest.approx(found[0].receiver, abs=1e-10)
    assert found[1].dimension == found[0].dimension


@pytest.mark.parametrize("seed", range(6))
def test_a_simplex_is_the_hull_of_its_vertices(seed: Any) -> None:
    rng = np.random.default_rng(seed)
    w, t = rng.normal(size=30), rng.normal(size=(30, 3))
    found = [solve(Influencers(w, t, x), "nash") for x in (Simplex(2.0, 3), Hull(2.0 * np.eye(3)))]
    assert all(f.solved for f in found)
    assert found[0].receiver == pytest.approx(found[1].receiver, abs=1e-10)


def test_one_player_on_a_ball_is_a_projection() -> None:
    game = Influencers([1.0], [[3.0, 4.0]], Ball([0.0, 0.0], 1.0))
    assert solve(game).receiver == pytest.approx([0.6, 0.8])
    inside = Influencers([1.0], [[0.3, 0.4]], Ball([0.0, 0.0], 1.0))
    assert solve(inside).receiver == pytest.approx([0.3, 0.4], abs=1e-15)


def test_the_receiver_of_a_ball_stops_at_a_kink() -> None:
    """Three balanced players and one in the middle, whose target is the median and keeps the receiver."""
    angles = 2 * np.pi * np.arange(3) / 3
    targets = np.vstack([np.stack([np.cos(angles), np.sin(angles)], axis=1) * 5, [[0.1, 0.0]]])
    found = solve(Influencers(np.ones(4), targets, Ball([0.0, 0.0], 1.0)))
    assert found.solved
    assert found.receiver == pytest.approx([0.1, 0.0], abs=1e-15)
    assert found.interior.tolist() == [3]


@pytest.mark.parametrize("seed", range(5))
def test_rotations_of_a_ball_rotate_the_receiver(seed: Any) -> None:
    rng = np.random.default_rng(seed)
    w, t = rng.normal(size=8), rng.normal(size=(8, 3))
    q = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    center = rng.normal(size=3)
    plain = solve(Influencers(w, t, Ball(center, 0.7)), "nash")
    turned = solve(Influencers(w, t @ q.T, Ball(q @ center, 0.7)), "nash")
    assert turned.receiver == pytest.approx(q @ plain.receiver, abs=1e-10)


@pytest.mark.parametrize("seed", range(4))
def test_relabelling_and_scaling_a_hull(seed: Any) -> None:
    rng = np.random.default_rng(seed)
    w, t, p = rng.normal(size=12), rng.normal(size=(12, 2)), rng.normal(size=(7, 2))
    found = solve(Influencers(w, t, Hull(p)), "nash")
    order = rng.permutation(12)
    other = solve(Influencers(w[order], 3.0 * t[order], Hull(3.0 * p[::-1])), "nash")
    assert other.receiver == pytest.approx(3.0 * found.receiver, abs=1e-10)


@pytest.mark.parametrize("action_set", [Simplex(1.0, 4), Hull(np.random.default_rng(1).normal(size=(9, 4)))])
def test_many_players_go_through_screening_to_the_same_receiver(action_set: Any) -> None:
    """Copies of few players with split weights have the few's receiver, found without smoothing."""
    rng = np.random.default_rng(2)
    w, t = rng.random(10), rng.normal(size=(10, 4))
    few = solve(Influencers(w, t, action_set), "nash")
    many = solve(Influencers(np.tile(w / 1500, 1500), np.tile(t, (1500, 1)), action_set), "nash")
    assert few.solved
    assert many.solved
    assert many.receiver == pytest.approx(few.receiver, abs=1e-7)


POINTS = Simplex(0.0, 2), Hull([[1.0, 2.0]]), Ball([1.0, 2.0], 0.0)


@pytest.mark.parametrize("action_set", [*POINTS, Hull([[0.0, 0.0], [1.0, 1.0], [0.5, 0.5]])])
def test_sets_without_room(action_set: Any) -> None:
    game = Influencers([1.0, -2.0, 0.0], [[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]], action_set)
    found = solve(game, "nash", "exact")
    assert found.solved
    assert found.unique == any(action_set is point for point in POINTS)


@pytest.mark.parametrize("solver", ["highs", "ipopt", "scip"])
@pytest.mark.parametrize(
    "action_set", [Box([-1.0, 0.0], [1.0, 2.0]), Simplex(1.0, 2), cube(2), corners(2), Ball([0, 0], 1.0)]
)
def test_solvers_agree_with_exact(solver: Any, action_set: Any) -> None:
    if solver == "highs" and not action_set.polyhedral:
        pytest.skip("HiGHS takes no quadratic constraints")
    game = Influencers([0.5, 0.3, -0.4], [[1.0, 0.2], [-0.3, 0.6], [0.1, -2.0]], action_set)
    best, found = solve(game, "nash", "exact"), solve(game, "nash", solver)
    assert found.solved
    assert found.receiver == pytest.approx(best.receiver, abs=1e-4)
    assert found.potential == pytest.approx(best.potential, abs=1e-7)


def test_highs_default_qp_method_is_caught() -> None:
    """The active-set method answers wrongly on low-rank potentials; whatever it says, nothing wrong is verified."""
    rng = np.random.default_rng(0)
    game = Influencers(np.full(20, 0.05), rng.normal(size=(20, 16)), Box(-np.ones(16), np.ones(16)))
    found = solve(game, "nash", "highs", options={"solver": "qpasm"}, time_limit=300)
    best = solve(game, "nash", "exact")
    right = found.fields and np.abs(found.receiver - best.receiver).max() < 1e-3
    assert found.solved is bool(right and found.certificate.verified)


SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def box_of(low: Any, high: Any) -> list[Any]:
    """A box in three descriptions, the box itself first."""
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    corners = np.array(list(product(*zip(low, high, strict=True))))
    rows = np.vstack([np.eye(len(low)), -np.eye(len(low))])
    return [Box(low, high), Hull(corners), Polytope(rows, np.concatenate([high, -low]))]


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e4, 1e8])
def test_units_of_length_do_not_matter(scale: Any) -> None:
    """Both want (-s, 0, 0) and together reach (0, s, s): x1 = (0, a, s - a)."""
    simplex = Simplex(scale, 3), Hull(scale * np.eye(3)), Polytope(-np.eye(3), np.zeros(3), np.ones((1, 3)), [scale])
    for action_set in simplex:
        found = solve(Influencers([1, 1], [[-scale, 0, 0]] * 2, action_set))
        assert found.solved
        assert found.receiver / scale == pytest.approx(np.array([0.0, 1.0, 1.0]), abs=1e-12)
        assert found.dimension == 1


@pytest.mark.parametrize("far", [1e6, 1e8])
def test_a_game_far_from_the_origin_is_the_same_game(far: Any) -> None:
    w, t = np.array([0.3, 0.5, 0.4]), np.array([[0.5, 0.2], [0.1, 0.7], [-0.3, 0.4]])
    near = solve(Influencers(w, t, Box([-1, -1], [1, 1]))).receiver
    for action_set in box_of([far - 1] * 2, [far + 1] * 2):
        found = solve(Influencers(w, t + far * w.sum(), action_set))
        assert found.solved
        assert found.receiver - far * w.sum() == pytest.approx(near, abs=1e-15 * far * 4)


@pytest.mark.parametrize(("a", "b"), [(1e-3, 1e5), (1e-9, 1.0)])
def test_a_thin_box_is_no_worse_as_a_hull_or_polytope(a: Any, b: Any) -> None:
    w, t = [0.5, 0.5, 0.7], np.array([[0.5, 0.2], [0.1, 0.7], [-0.3, 0.4]]) * [a, b]
    box, *others = (solve(Influencers(w, t, x)) for x in box_of([-a, -b], [a, b]))
    for found in others:
        assert found.solved
        assert found.receiver / [a, b] == pytest.approx(box.receiver / [a, b], abs=1e-9)
        assert found.dimension == box.dimension


def test_weights_of_all_sizes() -> None:
    w, t = [1e4, 1e-4, 1.0], [[0.5, 0.2], [0.1, 0.7], [-0.3, 0.4]]
    for action_set in box_of([-1, -1], [1, 1]):
        found = solve(Influencers(w, t, action_set))
        assert found.solved
        assert found.receiver == pytest.approx(np.array([0.5, 0.2]), abs=1e-9)


@pytest.mark.parametrize("place", [(0.1, 0.7), (0.1234567890123, 0.7654321098765), (1e6 / 3, -1e6 / 7), (0.0, 0.0)])
def test_a_set_of_one_point_has_one_equilibrium(place: Any) -> None:
    game = Influencers([0.4, 0.9, 0.9], [[-1.8, -0.1], [0.9, 0.5], [-0.3, 0.3]], Ball(place, 0.0))
    for action_set in (Ball(place, 0.0), *box_of(place, place)):
        found = solve(replace(game, action_set=action_set))
        assert found.solved
        assert found.unique
        assert found.receiver == pytest.approx(2.2 * np.array(place), rel=1e-12)


@pytest.mark.parametrize("n", [1001, 2000])
def test_a_crowd_that_wants_what_it_gets(n: Any) -> None:
    """All targets are the middle of the set: every vertex is as good, and nothing is left to sharpen."""
    for action_set in (Simplex(3.0, 3), Hull(3.0 * np.eye(3))):
        found = solve(Influencers(np.full(n, 1.0 / n), np.ones((n, 3)), action_set))
        assert found.solved
        assert found.receiver == pytest.approx(np.ones(3), abs=1e-9)
        assert found.dimension == 2 * (n - 1)


def test_kinks_do_not_stall_the_ball(monkeypatch: pytest.MonkeyPatch) -> None:
    """Halving Newton's steps near a target took more than ten thousand evaluations for one of these games."""
    from bigopt.games.influencers.exact.ball import Lengths

    calls: list[float] = []
    plain = Lengths.evaluate

    def counted(self: Lengths, v: Any, m: float) -> Any:
        calls.append(m)
        return plain(self, v, m)

    monkeypatch.setattr(Lengths, "evaluate", counted)
    for seed in (58, 101, 106, 186, 291, 481, 629, 968):
        rng = np.random.default_rng(seed)
        n, digits = int(rng.integers(1, 6)), int(rng.integers(0, 4))
        w, t = np.round(rng.normal(size=n), digits), np.round(rng.normal(size=(n, 3)) * 2, digits)
        ball = Ball(np.round(rng.normal(size=3), digits), float(np.round(abs(rng.normal()), digits)))
        weight, point = float(rng.choice([0, 1])), np.round(rng.normal(size=3), digits)
        calls.clear()
        assert solve(Influencers(w, t, ball, "squared", weight, point)).solved
        assert len(calls) < 3000


@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_a_hull_knows_its_interior_in_any_unit(scale: Any) -> None:
    hull = Hull(scale * SQUARE)
    inside = hull.interior(scale * np.array([[0.0, 0.0], [0.9, 0.9], [1.0, 0.0], [1.1, 0.0]]), 1e-9 * scale)
    assert inside.tolist() == [True, True, False, False]


def test_equations_that_leave_one_point() -> None:
    """x - y = 2 touches the square at a corner."""
    rows = np.vstack([np.eye(2), -np.eye(2)])
    game = Influencers([-1.0, 0.5], [[3.0, 1.0], [0.0, 1.0]], Polytope(rows, np.ones(4), [[0.1, -0.1]], [0.2]))
    found = solve(game)
    assert found.solved
    assert found.unique
    assert found.receiver == pytest.approx([-0.5, 0.5], abs=1e-15)
