# mypy: disable-error-code="arg-type, index"
"""Best responses and dominant actions: grids, closed forms, model files, and points that must fail."""

import json
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt import catalog
from bigopt.action_sets import Ball, Box, Hull, Polytope, Simplex
from bigopt.action_sets.exposed import face_dimensions
from bigopt.concepts.concept import Request
from bigopt.errors import InstanceError, UsageError
from bigopt.games.influencers import best_response, dominant
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.generate import SETS, influencers
from bigopt.games.influencers.response import best_responses, gains, read_profile, regrets
from bigopt.games.influencers.verify.dominant import verify as verify_dominant


def stored(name: Any) -> Any:
    with open(catalog.instance(name)) as file:
        data = json.load(file)
    return Influencers.from_instance(data, data["name"])


def truthful(game: Any) -> Any:
    return game.action_set.project(game.targets)


def losses_with(game: Any, actions: Any, player: Any, action: Any) -> Any:
    changed = actions.copy()
    changed[player] = action
    return game.losses(game.receiver(changed))[player]


@pytest.mark.parametrize("kind", SETS)
@pytest.mark.parametrize("loss", ["squared", "inner-product"])
def test_no_member_of_the_set_beats_a_best_response(kind: Any, loss: Any) -> None:
    game = influencers(players=4, dimension=3, action_set=kind, loss=loss, seed=3)
    actions = truthful(game)
    best = best_responses(game, actions)
    members = game.action_set.project(np.random.default_rng(1).normal(size=(400, 3)) * 2)
    for i in range(4):
        reached = losses_with(game, actions, i, best[i])
        others = [losses_with(game, actions, i, x) for x in members]
        assert reached <= min(others) + 1e-12
        gain = losses_with(game, actions, i, actions[i]) - reached
        assert gains(game, actions, best)[i] == pytest.approx(gain, abs=1e-12)
        assert regrets(game, actions)[i] == pytest.approx(gain, abs=1e-12)


def test_a_grid_finds_the_same_best_response() -> None:
    game = Influencers([0.5, -0.3], [[2.0], [4.5]], Box([0.0], [6.0]), background_weight=0.2, background_point=[1.0])
    actions = np.array([[1.0], [5.0]])
    grid = np.linspace(0, 6, 60001)
    for i in range(2):
        values = [losses_with(game, actions, i, [x]) for x in grid[:: 1 if i == 0 else 1]]
        assert best_responses(game, actions)[i, 0] == pytest.approx(grid[int(np.argmin(values))], abs=2e-4)


def test_weight_zero_keeps_its_action_and_tiny_weights_stay_finite() -> None:
    game = Influencers([0.0, 1e-300, -1e-300], [[5.0, 1.0]] * 3, Ball([0.0, 0.0], 1.0))
    actions = np.zeros((3, 2))
    best = best_responses(game, actions)
    assert (best[0] == 0).all()
    direction = np.array([5.0, 1.0]) / np.sqrt(26.0)
    assert np.allclose(best[1], direction, atol=1e-12)
    assert np.allclose(best[2], -direction, atol=1e-12)


def request(game: Any, player: Any = 0, profile: Any = None) -> Any:
    given = truthful(game).tolist() if profile is None else profile
    return Request("best-response", arguments={"player": player, "profile": given})


@pytest.mark.parametrize("kind", SETS)
def test_best_response_is_verified_and_a_perturbed_one_fails_exactly_regret(kind: Any) -> None:
    game = influencers(players=3, dimension=2, action_set=kind, seed=5)
    asked = request(game, 1)
    answer = best_response.solve(game, asked)
    fields, certificate = best_response.CONCEPT.verify(game, answer.point, asked)
    assert certificate.verified
    assert fields["loss"] == pytest.approx(losses_with(game, truthful(game), 1, fields["action"]))
    asked = request(game, 1, np.tile(fields["action"], (3, 1)).tolist())  # a profile that is no better anyway
    wrong = {"action": game.action_set.argmax(-game.weights[1] * game.targets[1:2])[0]}
    asked = request(game, 1, np.tile(wrong["action"], (3, 1)).tolist())
    assert [c.name for c in best_response.CONCEPT.verify(game, wrong, asked)[1].failed] == ["regret"]


def test_an_action_outside_fails_exactly_feasibility() -> None:
    game = stored("big/example-1-opposed")
    asked = request(game)
    outside = {"action": [-1e-3]}
    assert [c.name for c in best_response.CONCEPT.verify(game, outside, asked)[1].failed] == ["feasibility"]


def test_an_action_worse_than_the_given_one_fails_improvement() -> None:
    game = stored("big/example-1-opposed")
    asked = request(game, 0, [[0.0], [4.0]])
    failed = [c.name for c in best_response.CONCEPT.verify(game, {"action": [3.0]}, asked)[1].failed]
    assert failed == ["regret", "improvement"]


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        ([[1.0]], r"profile: 1 rows, expected 2"),
        ({"actions": [[1.0], [7.0]]}, r"profile\.actions\[1\]: 1 outside the box"),
        ({"solution": {"actions": [[1.0], ["a"]]}}, r"profile\.solution\.actions\[1\]\[0\]"),
        ({"choices": []}, r"profile\.actions: missing"),
        ("nonsense", r"profile: 'nonsense'"),
        (None, r"profile"),
    ],
)
def test_bad_profiles_are_one_line_errors(profile: Any, message: Any) -> None:
    with pytest.raises(InstanceError, match=message):
        read_profile(stored("big/example-1-opposed"), profile)


def test_bad_players_are_refused() -> None:
    game = stored("big/example-1-opposed")
    for player in (-1, 2):
        with pytest.raises(UsageError, match="expected a player"):
            best_response.solve(game, request(game, player))


def test_examples_3_and_4() -> None:
    diamond, square = stored("big/example-3-diamond"), stored("big/example-4-square")
    fields, certificate = verify_dominant(diamond, dominant.solve(diamond, Request("dominant")).point, Request(""))
    assert certificate.verified
    assert np.allclose(fields["actions"], [[1, 0], [0, 1]])
    assert fields["unique"].all()
    fields, certificate = verify_dominant(square, dominant.solve(square, Request("dominant")).point, Request(""))
    assert certificate.verified
    assert fields["face_dimension"].tolist() == [1, 1]


def test_dominant_actions_of_negative_and_zero_weights() -> None:
    game = Influencers([1.0, -1.0, 0.0], [[1.0, 1.0]] * 3, Box([-1, -1], [1, 1]), loss="inner-product")
    fields, certificate = verify_dominant(game, dominant.solve(game, Request("dominant")).point, Request(""))
    assert fields["actions"][:2].tolist() == [[1, 1], [-1, -1]]
    assert fields["face_dimension"].tolist() == [0, 0, 2]
    assert certificate.verified


def test_dominance_fails_for_another_vertex_and_feasibility_for_an_outside_point() -> None:
    game = stored("big/example-3-diamond")
    for actions, name in (([[1.0 - 4e-6, 0.0], [0.0, 1.0]], "dominance"), ([[1.001, 0.0], [0.0, 1.0]], "feasibility")):
        failed = verify_dominant(game, {"actions": actions}, Request(""))[1].failed
        assert [c.name for c in failed] == [name]


@pytest.mark.parametrize("seed", range(3))
def test_dominant_actions_are_best_against_every_profile(seed: Any) -> None:
    game = influencers(players=3, dimension=2, action_set="hull", loss="inner-product", seed=seed)
    actions = dominant.solve(game, Request("dominant")).point["actions"]
    rng = np.random.default_rng(seed)
    for _ in range(20):
        others = game.action_set.project(rng.normal(size=(3, 2)))
        for i in range(3):
            profile = others.copy()
            profile[i] = actions[i]
            assert regrets(game, profile)[i] <= 1e-12


def test_face_dimensions_of_a_cube_in_four_descriptions() -> None:
    corners = np.array([[x, y, z] for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)])
    cube = [
        Box(-np.ones(3), np.ones(3)),
        Hull(corners),
        Polytope(np.vstack([np.eye(3), -np.eye(3)]), np.ones(6)),
        Polytope(np.vstack([np.eye(3), -np.eye(3), [[1, 1, 1]]]), [1.0] * 6 + [3.0]),  # touches a corner only
    ]
    directions = np.array([[1, 2, 3], [0, 1, 1], [0, 0, 1], [0, 0, 0], [1, 1, 1], [1e-12, 1, 1]], dtype=float)
    for action_set in cube[:3]:
        assert face_dimensions(action_set, directions[:5]).tolist() == [0, 1, 2, 3, 0]
    assert face_dimensions(cube[3], directions[:5]).tolist() == [0, 1, 2, 3, 0]
    assert face_dimensions(cube[0], directions).tolist()[-1] == 0
    assert face_dimensions(cube[1], directions).tolist()[-1] == 0  # 1e-12 is not 0: decided in fractions
    assert face_dimensions(cube[2], directions).tolist()[-1] == 0


def test_face_dimensions_decide_decimal_ties_that_floats_do_not_see() -> None:
    # 0.1 + 0.2 and 0.3 differ as floats and tie as decimals.
    hull = Hull([[0.1, 0.2], [0.3, 0.0], [0.0, 0.0]])
    assert face_dimensions(hull, np.array([[1.0, 1.0]])).tolist() == [1]
    assert face_dimensions(Simplex(1.0, 3), np.array([[0.3, 0.3, 0.1], [1.0, 1.0, 1.0]])).tolist() == [1, 2]
    assert face_dimensions(Ball([0.0], 1.0), np.array([[0.0], [1.0]])).tolist() == [1, 0]
    flat = Polytope(-np.eye(3), np.zeros(3), [[1.0, 1.0, 1.0]], [1.0])
    assert face_dimensions(flat, np.array([[0.3, 0.3, 0.1], [1, 1, 1], [1, 2, 3]], dtype=float)).tolist() == [1, 2, 0]


def test_families_are_reproducible_and_exact_in_files() -> None:
    for kind in SETS:
        game = influencers(players=6, dimension=3, action_set=kind, seed=4)
        again = Influencers.from_instance(json.loads(json.dumps(game.to_instance())), game.name)
        assert game == again == influencers(players=6, dimension=3, action_set=kind, seed=4)
        assert game != influencers(players=6, dimension=3, action_set=kind, seed=5)
    with pytest.raises(UsageError, match="expected one of box"):
        influencers(action_set="cube")
    with pytest.raises(UsageError, match="numbers in all"):
        influencers(players=0)


@pytest.mark.parametrize("kind", SETS)
@pytest.mark.parametrize("solver", ["highs", "scip", "ipopt"])
def test_model_files_agree_with_the_exact_answers(kind: str, solver: str) -> None:
    if kind == "ball" and solver == "highs":
        pytest.skip("HiGHS takes no quadratic constraints")
    game = influencers(players=3, dimension=2, action_set=kind, seed=1)
    profile = truthful(game).tolist()
    exact = bigopt.solve(game, "best-response", player=2, profile=profile)
    other = bigopt.solve(game, "best-response", solver=solver, player=2, profile=profile)
    assert other.solved
    assert other.loss == pytest.approx(exact.loss, abs=1e-9)
    linear = influencers(players=3, dimension=2, action_set=kind, loss="inner-product", seed=1)
    found = bigopt.solve(linear, "dominant", solver=solver)
    assert found.solved
    assert np.allclose(found.losses, bigopt.solve(linear, "dominant").losses, atol=1e-8)


def test_messages_count_players_with_one_article() -> None:
    game = influencers(players=2, dimension=1)
    with pytest.raises(InstanceError, match=r"1 rows, expected 2 \(one a player\)"):
        read_profile(game, [[0.0]])
    with pytest.raises(InstanceError, match=r"2 numbers, expected 1 \(one a coordinate\)"):
        read_profile(game, [[0.0, 1.0], [0.0]])
