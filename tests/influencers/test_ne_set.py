"""The equilibrium set: closed forms, agreement of boxes, polytopes, hulls and solvers, and its certificate."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from bigopt import Ball, Box, Hull, Influencers, Polytope, Simplex, solve
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.games.influencers import ne_set
from bigopt.games.influencers.exact import equilibria, members
from bigopt.games.influencers.exact.members.base import Members

PAIR = ([0.5, 0.5], [[1.0, 0.0], [-1.0, 0.0]])


def test_example_2() -> None:
    """((2, z), (-2, -z)) for z in [-2, 2]: a segment whose member of least norm has z = 0."""
    game = Influencers(*PAIR, Box([-2.0, -2.0], [2.0, 2.0]))
    found = solve(game, "ne-set", options={"members": "true"})
    assert found.solved
    assert found.dimension == 1
    assert found.ranges.tolist() == [[[2, 2], [-2, 2]], [[-2, -2], [-2, 2]]]
    assert found.canonical.tolist() == [[2, 0], [-2, 0]]
    assert sorted(member[0][1] for member in found.members.tolist()) == [-2, 2]


@pytest.mark.parametrize("seed", range(6))
def test_boxes_polytopes_hulls_and_highs_agree(seed: Any) -> None:
    rng = np.random.default_rng(seed)
    w, t = rng.integers(-2, 3, 3) / 2, rng.integers(-2, 3, (3, 2)) / 2
    square = np.array(list(product([-1.0, 1.0], repeat=2)))
    sets = Box([-1, -1], [1, 1]), Polytope(np.vstack([np.eye(2), -np.eye(2)]), np.ones(4)), Hull(square)
    first, *others = (solve(Influencers(w, t, x), "ne-set", "exact") for x in sets)
    others.append(solve(Influencers(w, t, sets[0]), "ne-set", "highs"))
    assert first.solved
    for found in others:
        assert found.solved
        assert found.dimension == first.dimension
        assert found.ranges == pytest.approx(first.ranges, abs=1e-6)
        assert found.canonical == pytest.approx(first.canonical, abs=1e-5)


def test_equal_targets_on_a_ball() -> None:
    """x1 + x2 = (1, 0) in unit balls: the lens |x - (1, 0)| <= 1, |x| <= 1, whose middle is (1/2, 0)."""
    game = Influencers([1.0, 1.0], [[1.0, 0.0], [1.0, 0.0]], Ball([0.0, 0.0], 1.0))
    found = solve(game, "ne-set", options={"members": "true"})
    assert found.solved
    assert found.dimension == 2
    half = 3**0.5 / 2
    assert found.ranges[0] == pytest.approx(np.array([[0.0, 1.0], [-half, half]]), abs=1e-9)
    assert found.canonical == pytest.approx(np.array([[0.5, 0.0], [0.5, 0.0]]), abs=1e-9)


def test_equal_targets_on_a_simplex() -> None:
    """x1 + x2 = (1, 1, 0) in the unit simplex: x1 = (a, 1 - a, 0)."""
    game = Influencers([1.0, 1.0], [[1.0, 1.0, 0.0]] * 2, Simplex(1.0, 3))
    found = solve(game, "ne-set")
    assert found.solved
    assert found.dimension == 1
    assert found.ranges[1] == pytest.approx(np.array([[0.0, 1.0], [0.0, 1.0], [0.0, 0.0]]), abs=1e-9)
    assert found.canonical == pytest.approx(np.array([[0.5, 0.5, 0.0]] * 2), abs=1e-9)


def test_an_edge_face_need_not_mean_many_equilibria() -> None:
    """Both face the edge x2 = 1 of the square, but x1 + x2 = (2, 2) leaves one corner only."""
    game = Influencers([1.0, 1.0], [[2.0, 3.0], [2.0, 4.0]], Polytope(np.vstack([np.eye(2), -np.eye(2)]), np.ones(4)))
    assert solve(game, "ne-set").unique


def test_players_of_no_weight_go_anywhere() -> None:
    game = Influencers([1.0, 0.0], [[0.2, 0.1], [9.0, 9.0]], Hull([[0, 0], [1, 0], [0, 1]]))
    found = solve(game, "ne-set")
    assert found.dimension == 2
    assert found.ranges[1] == pytest.approx(np.array([[0.0, 1.0], [0.0, 1.0]]))


def test_wrong_ranges_and_members_are_caught() -> None:
    game = Influencers(*PAIR, Box([-2.0, -2.0], [2.0, 2.0]))
    request = Request("ne-set", options={"members": True})
    point = dict(ne_set.solve(game, request).point or {})

    def failed(**changes: Any) -> list[str]:
        return [c.name for c in ne_set.CONCEPT.verify(game, point | changes, request)[1].failed]

    assert failed() == []
    assert failed(ranges=np.asarray(point["ranges"]) * 0.9) == ["ranges"]
    assert (
        failed(canonical=[[2.0, 1.0], [-2.0, -1.0]]) == failed(canonical=[[2.0, 1e-3], [-2.0, -1e-3]]) == ["least norm"]
    )
    assert failed(dimension=2) == ["corollary 3"]
    assert failed(members=[[[2.0, 1.0], [-2.0, 1.0]], [[2.0, 2.0], [-2.0, -2.0]]]) == [
        "regret of members",
        "own stake of members",
        "lower bound of members",
        "receiver of members",
    ]
    assert failed(members=[point["canonical"], point["canonical"]]) == ["members differ"]


@pytest.mark.parametrize("kind", ["hull", "ball"])
def test_a_member_of_more_than_least_norm_is_caught(kind: str) -> None:
    """Two players of opposite weights on [2, 4]: (2.5, 2) is least, (3.5, 3) an equilibrium too."""
    action_set = Ball([3.0], 1.0) if kind == "ball" else Hull([[2.0], [4.0]])
    game = Influencers([1.0, -1.0], [[0.5], [0.5]], action_set)
    request = Request("ne-set")
    point = dict(ne_set.solve(game, request).point or {})
    assert np.asarray(point["canonical"]) == pytest.approx(np.array([[2.5], [2.0]]), abs=1e-9)
    _, certificate = ne_set.CONCEPT.verify(game, point | {"canonical": [[3.5], [3.0]]}, request)
    assert [c.name for c in certificate.failed] == ["least norm"]


def test_extreme_members_on_a_ball_are_cheapest_in_their_direction() -> None:
    """x1 + x2 = (1, 0) in unit discs: against 10,000 points of the boundary of the lens that x1 may be in."""
    game = Influencers([1.0, 1.0], [[1.0, 0.0], [1.0, 0.0]], Ball([0.0, 0.0], 1.0))
    own = members.of(game, Request("ne-set"), equilibria.of(game, Deadline()))
    angles = np.linspace(0, 2 * np.pi, 10_000)
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    arcs = np.vstack([p[np.linalg.norm(p - c, axis=1) <= 1] for p, c in ((circle, [1, 0]), (circle + [1, 0], [0, 0]))])
    profiles = np.stack([arcs, [1, 0] - arcs], axis=1)
    for cost in np.random.default_rng(0).normal(size=(10, 2, 2)):
        found = own.member(cost)
        assert found.sum(axis=0) == pytest.approx([1.0, 0.0], abs=1e-9)
        assert np.linalg.norm(found, axis=1).max() <= 1 + 1e-12
        sampled = float((cost * profiles).sum(axis=(1, 2)).min())
        assert sampled - 1e-3 < (cost * found).sum() <= sampled + 1e-9  # points are 6e-4 apart


def test_many_movers_on_a_ball_cost_no_less_in_a_general_solver() -> None:
    from scipy.optimize import minimize

    game = Influencers([1.0, -0.5, 2.0, 0.7], [[0.3, 0.1, 0.2]] * 4, Ball([0.1, 0.0, 0.0], 1.0))
    own = members.of(game, Request("ne-set"), equilibria.of(game, Deadline()))
    cost = np.random.default_rng(1).normal(size=(4, 3))
    found = own.member(cost)
    assert game.receiver(found) == pytest.approx([0.3, 0.1, 0.2], abs=1e-9)
    link = {"type": "eq", "fun": lambda x: game.receiver(x.reshape(4, 3)) - [0.3, 0.1, 0.2]}
    ball = {"type": "ineq", "fun": lambda x: 1.0 - ((x.reshape(4, 3) - [0.1, 0.0, 0.0]) ** 2).sum(axis=1)}
    run = minimize(lambda x: float(cost.ravel() @ x), found.ravel() * 0.5, constraints=[link, ball], tol=1e-12)
    assert (cost * found).sum() == pytest.approx(run.fun, abs=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_players_who_are_alike_share_their_ranges(seed: Any) -> None:
    """A program a player and coordinate, and the least norm from members alone: what the grouping saves."""
    rng = np.random.default_rng(seed)
    n, kind = 7, seed % 4
    square = np.vstack([np.eye(2), -np.eye(2)])
    action_set = (
        Hull(rng.integers(-2, 3, (6, 2))),
        Simplex(1.0, 3),
        Polytope(square, np.ones(4)),
        Ball([0, 0.5], 1.0),
    )[kind]
    w = rng.choice([-1.0, 0.5, 0.25, 1.0, 3.0], n)
    t = rng.integers(-1, 2, (2, action_set.dimension))[rng.integers(0, 2, n)]
    own = members.of(
        Influencers(w, t, action_set), Request("ne-set"), equilibria.of(Influencers(w, t, action_set), Deadline())
    )
    assert own.ranges() == pytest.approx(Members.ranges(own), abs=1e-7)
    least = own.least()
    assert own.game.receiver(least) == pytest.approx(own.game.receiver(own.actions), abs=1e-9)
    if kind < 3:
        assert (least**2).sum() == pytest.approx((Members.least(own) ** 2).sum(), abs=1e-7)
