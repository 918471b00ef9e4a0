"""Far sets, tiny stakes, all dominant profiles: closed forms, fractions, and identities of the paper."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bigopt
from benchmarks.exact_influencers import Exact
from benchmarks.fuzz_influencers import CONCEPTS, number, outcome
from bigopt import Ball, Box, Hull, Influencers, Polytope, Simplex
from bigopt.concepts.deadline import Deadline
from bigopt.errors import InstanceError
from bigopt.games.influencers import KIND
from bigopt.games.influencers.verify import history, nash

eighths = st.integers(-40, 40).map(lambda k: k / 8)
weights = st.sampled_from([-2.0, -0.5, 0.0, 0.25, 1.0])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(weights, eighths, eighths, eighths, eighths), min_size=1, max_size=4), weights, eighths)
def test_the_potential_changes_by_the_movers_loss(players: Any, w0: float, x0: float) -> None:
    # Theorem 1, with a background and weights of any sign; all numbers are eighths, so that the sums are exact
    table = np.array(players)
    box = Box([-9.0, -9.0], [9.0, 9.0])
    game = Influencers(table[:, 0], table[:, 1:3], box, background_weight=w0, background_point=[x0, -x0])
    before = table[:, 3:]
    for i in range(game.players):
        after = before.copy()
        after[i] = [1.5, -2.0]
        change = game.losses(game.receiver(after)) - game.losses(game.receiver(before))
        assert game.potential(after) - game.potential(before) == change[i]


def test_arrays_of_another_shape_are_refused() -> None:
    game = Influencers([0.5, 0.5], [[1.0, 0.0], [0.0, 1.0]], Box([0.0, 0.0], [1.0, 1.0]))
    profile = np.zeros((2, 2))
    for call, wrong in (
        (game.losses, profile),
        (game.pulls, profile),
        (game.receiver, profile[0]),
        (game.potential, np.zeros((3, 2))),
    ):
        with pytest.raises(InstanceError, match="shape .* expected"):
            call(wrong)
    for method in ("contains", "project", "argmax", "support", "interior"):
        with pytest.raises(InstanceError, match="expected one row of 2 numbers"):
            getattr(game.action_set, method)(np.zeros((3, 1)))


def test_the_receivers_of_all_dominant_profiles() -> None:
    # Example 4: each player has an edge of the square; x̂ spans [0, 2]^2 and the losses [-2, 0] in the paper's units
    found = bigopt.solve(bigopt.load("instances/big/example-4-square.json"))
    faces = [Box([2.0, -2.0], [2.0, 2.0]), Box([-2.0, 2.0], [2.0, 2.0])]
    assert found.face_dimension.tolist() == [1, 1]
    low = 0.5 * faces[0].lower + 0.5 * faces[1].lower
    high = 0.5 * faces[0].upper + 0.5 * faces[1].upper
    assert found.receiver_range == pytest.approx(np.stack([low, high], axis=1))
    assert found.loss_ranges == pytest.approx(np.array([[-2.0, 0.0]] * 2) * found.loss_ranges[0, 0] / -2.0)
    assert not found.strictly_dominant.any()


@pytest.mark.parametrize("kind", ["simplex", "hull", "polytope", "box"])
def test_ranges_over_dominant_profiles_are_those_of_their_vertices(kind: str) -> None:
    rng = np.random.default_rng(7)
    sets: dict[str, Any] = {
        "simplex": Simplex(2.0, 2),
        "hull": Hull([[0, 0], [2, 0], [0, 2], [1, 1]]),
        "polytope": Polytope([[1, 1], [-1, 0], [0, -1]], [2, 0, 0]),
        "box": Box([0.0, 0.0], [2.0, 1.0]),
    }
    targets = rng.integers(-1, 2, size=(4, 2)).astype(float)
    game = Influencers([1.0, -0.5, 0.25, 0.0], targets, sets[kind], loss="inner-product", background_weight=1.0,
                       background_point=[0.5, -1.0])  # fmt: skip
    found = bigopt.solve(game)
    known = Exact(game)
    choices = []
    for i in range(4):
        best = known.exposed(i, tuple(known.weights[i] * t for t in known.targets[i]))
        choices.append([[number(x) for x in known.vertices[k]] for k in best])
    sums = [np.array([0.5, -1.0])]
    for weight, own in zip(game.weights, choices, strict=True):
        sums = [s + weight * np.array(p) for s in sums for p in own]
    table = np.array(sums)
    assert found.receiver_range == pytest.approx(np.stack([table.min(axis=0), table.max(axis=0)], axis=1))
    losses = -(table @ game.targets.T)
    assert found.loss_ranges == pytest.approx(np.stack([losses.min(axis=0), losses.max(axis=0)], axis=1))
    alone = [len(own) == 1 and weight != 0 for own, weight in zip(choices, game.weights, strict=True)]
    assert found.strictly_dominant.tolist() == alone


@pytest.mark.parametrize("place", [1e6, 1e9, 1e12])
@pytest.mark.parametrize("radius", [1.0, 1e-3])
def test_a_small_ball_far_away_is_the_ball_at_the_origin(place: float, radius: float) -> None:
    # x = o + y: the same game with targets moved by o sum w
    near = Influencers([0.5, 0.3], np.array([[2.0, 1.0], [-1.0, 3.0]]) * radius, Ball([0.0, 0.0], radius))
    o = np.array([place, -place])
    moved = np.array([[float(Fraction(str(t)) + Fraction(str(0.8)) * int(c)) for t, c in zip(row, o, strict=True)]
                      for row in near.targets.tolist()])  # fmt: skip
    far = Influencers(near.weights, moved, Ball(o, radius))
    a, b = bigopt.solve(near), bigopt.solve(far)
    assert a.exit_code == 0
    coarse = 16 * float(np.spacing(place))
    if coarse < 1e-7 * radius:
        assert b.exit_code == 0
    if b.certificate.verified:
        assert np.abs((b.actions - o) - a.actions).max() <= 1e-3 * radius + coarse


def test_a_player_of_small_weight_has_its_own_range() -> None:
    # weights -1 and 1e-8 on four integer points: player 0's own equation has 1e-8 on the other side
    points = np.array([[0.0, 0.0], [2.0, 1.0], [1.0, 3.0], [-1.0, 1.0]])
    game = Influencers([-1.0, 1e-8], [[0.0, 0.0], [0.0, 0.0]], Hull(points))
    found = bigopt.solve(game, "ne-set")
    assert found.exit_code == 0
    # x̂ = 0 = -x_0 + 1e-8 x_1, and (0, 0) is no vertex only of what x_1 may reach: x_0 = 1e-8 x_1
    assert found.ranges[1] == pytest.approx(np.array([[-1.0, 2.0], [0.0, 3.0]]), abs=1e-12)
    assert found.ranges[0] == pytest.approx(1e-8 * np.array([[-1.0, 2.0], [0.0, 3.0]]), abs=1e-20)


def test_losses_beyond_all_floats_are_refused() -> None:
    """Of a range of infinity a regret of 2e307, a tenth of all there is, would be nothing."""
    row = next(concept for concept in KIND.concepts if concept.name == "best-response")
    request = row.request("elsewhere", arguments={"player": 0, "profile": [[0.0]]})
    for game in (
        Influencers([1.5e80], [[0.0]], Box([0.0], [1e74])),
        Influencers([1e10], [[1e150]], Box([0.0], [1e150]), "inner-product"),
    ):
        with pytest.raises(InstanceError, match="weights: a loss has a range beyond 1e300"):
            row.verify(game, {"action": [3e73]}, request)
    game = Influencers([1e80], [[0.0]], Box([0.0], [9e69]))
    for action, good in ((0.0, True), (3e69, False)):
        assert row.verify(game, {"action": [action]}, request)[1].verified == good


@pytest.mark.parametrize("weight", [1e-3, 1e-7, -1e-9, 1e-12])
@pytest.mark.parametrize("loss", ["squared", "inner-product"])
def test_a_best_response_of_a_small_weight_is_held_to_its_own_stake(weight: float, loss: str) -> None:
    """What the first player does matters to nobody but itself: the other decides ranges of 36 and of 10."""
    game = Influencers([weight, 1.0], [[5.0], [0.5]], Box([-1.0], [1.0]), loss)
    row = next(concept for concept in KIND.concepts if concept.name == "best-response")
    request = row.request("elsewhere", arguments={"player": 0, "profile": [[-1.0], [0.0]]})
    best = 1.0 if weight > 0 else -1.0
    for action, good in ((best, True), (best * (1 - 1e-6), True), (best * 0.99, False), (-best, False)):
        assert row.verify(game, {"action": [action]}, request)[1].verified == good
    size = abs(weight)  # own action and receiver move by 2 and by 2 size; the target is 5 from 0, 6 + size from the end
    own = 10 * size if loss == "inner-product" else 2 * size * (6 + size) * 2 + 4 * size**2
    assert nash.stakes(game, [0]) == pytest.approx([own], rel=1e-9, abs=0)
    assert nash.units(game, [0]) == pytest.approx([min(1000 * own, float(game.loss_ranges()[0]))], rel=1e-9, abs=0)


@pytest.mark.parametrize("weight", [1e-3, 1e-7, 1e-9])
def test_moves_of_a_small_weight_are_best_responses(weight: float) -> None:
    """The first player moves to its end when it is asked; not halfway first, and it is not passed over."""
    game = Influencers([weight, 1.0], [[5.0], [0.5]], Box([-1.0], [1.0]))
    low, high = 0.5 - weight, 0.5 + weight

    def gain(*moves: tuple[int, float, float]) -> float:
        told: list[Any] = [{"mover": None, "actions": [[-1.0], [0.0]]}]
        told += [{"mover": mover, "actions": [[first], [second]]} for mover, first, second in moves]
        read = history.read(game, told)
        check = history.check(game, read, len(moves), np.array([[1.0], [low]]), Deadline())
        assert check.unit == "payoff range"
        return check.value / check.limit

    assert gain((0, 1.0, 0.0), (1, 1.0, low)) < 1e-3
    assert gain((0, 0.0, 0.0), (1, 0.0, 0.5), (0, 1.0, 0.5), (1, 1.0, low)) > 1
    assert gain((1, -1.0, high), (0, 1.0, high), (1, 1.0, low)) > 1


def test_highs_ends_where_the_target_is_far_off_the_plane_of_the_set() -> None:
    # on the segment y (1, -1) the target (1e6, 1e6 + 1) is nearest at y = -1/2
    game = Influencers([1.0], [[1e6, 1e6 + 1]], Hull([[-1.0, 1.0], [1.0, -1.0]]))
    found = bigopt.solve(game, "nash", "highs", time_limit=300)
    assert found.exit_code == 0
    assert found.receiver == pytest.approx([-0.5, 0.5], abs=1e-6)


def test_threads_share_a_game() -> None:
    rows = np.vstack([np.eye(3), -np.eye(3), np.ones((1, 3))])
    game = Influencers([0.5, 0.3, 0.4], np.eye(3) * 3, Polytope(rows, [1.0, 1, 1, 0, 0, 0, 2]))
    alone = bigopt.solve(game).receiver
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: bigopt.solve(game), range(8)):
            assert found.receiver == pytest.approx(alone, abs=1e-12)


@pytest.mark.parametrize("concept", CONCEPTS)
def test_hostile_games_agree_with_fractions(concept: str) -> None:
    # the smoke of `python -m benchmarks.fuzz_influencers`
    results = {seed: outcome(concept, seed) for seed in range(900, 915)}
    assert not {seed: found for seed, found in results.items() if found[0].startswith("WRONG")}


@pytest.mark.parametrize("seed", range(6))
def test_coordinates_in_units_ten_billion_apart(seed: int) -> None:
    """The game is solved, and its set has the same sides in units of its own, coordinate by coordinate."""
    rng = np.random.default_rng(seed)
    d, n = int(rng.integers(2, 5)), int(rng.integers(1, 9))
    units = 10.0 ** rng.integers(-5, 6, size=d)
    A = np.vstack([np.eye(d), -np.eye(d), np.round(rng.normal(size=(2, d)), 3)])
    b = np.round(rng.random(len(A)) + 0.2, 3)
    points, targets = np.round(rng.normal(size=(d + 4, d)), 3), np.round(2 * rng.normal(size=(n, d)), 3)
    for made in (Polytope(A / units, b), Hull(points * units)):
        game = Influencers(weights=np.full(n, 0.5), targets=targets * units, action_set=made)
        found = bigopt.solve(game)
        assert found.solved, [(c.name, c.value) for c in found.certificate.checks if not c.passed]
    lower, upper = Polytope(A / units, b).bounds
    here = Polytope(A, b).bounds
    assert np.allclose(lower / units, here[0], rtol=1e-9) and np.allclose(upper / units, here[1], rtol=1e-9)
