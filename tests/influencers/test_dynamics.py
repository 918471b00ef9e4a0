# mypy: disable-error-code="arg-type, index, union-attr"
"""Dynamics, the truthful mechanism and pictures: known counts, brute force, tampered histories."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.action_sets import Ball, Box, Hull, Polytope, Simplex
from bigopt.concepts.deadline import Deadline
from bigopt.errors import InstanceError, UsageError
from bigopt.games import kinds
from bigopt.games.influencers import truthful
from bigopt.games.influencers.exact import equilibria
from bigopt.games.influencers.exact.misreports import reachable
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.generate import influencers
from bigopt.games.influencers.verify.dynamics import verify


def opposed(first: float = 2.0, second: float = 4.0) -> Influencers:
    return Influencers([0.5, 0.5], [[first], [second]], Box([0.0], [6.0]))


@pytest.mark.parametrize(("targets", "updates"), [((2, 4), 2), ((2.9, 3.1), 16), ((2.99, 3.01), 151)])
def test_two_players_move_apart_by_twice_their_distance_a_sweep(targets: Any, updates: int) -> None:
    # Each reply moves a player by 2 (t_2 - t_1), until both are at their ends: about 3 / (t_2 - t_1) moves.
    solution = bigopt.solve(opposed(*targets), "dynamics")
    assert solution.solved
    assert solution.updates == updates
    assert np.allclose(solution.actions, [[0], [6]])
    assert len(solution.trajectory) == updates + 1


def test_the_potential_falls_with_every_move() -> None:
    game = influencers(players=5, dimension=2, seed=2)
    trajectory = bigopt.solve(game, "dynamics").trajectory
    potentials = [game.potential(entry["actions"]) for entry in trajectory]
    assert (np.diff(potentials) < 0).all()
    for before, after in zip(trajectory, trajectory[1:], strict=False):
        moved = np.flatnonzero((before["actions"] != after["actions"]).any(axis=1))
        assert moved.tolist() == [after["mover"]]


def test_a_limit_on_updates_is_not_success() -> None:
    solution = bigopt.solve(opposed(2.99, 3.01), "dynamics", options={"max_updates": 150})
    assert solution.stopped == "iterationLimit"
    assert solution.exit_code == 4
    assert not solution.solved
    assert bigopt.solve(opposed(2.99, 3.01), "dynamics", options={"max_updates": 151}).solved


def test_every_start_leads_to_the_same_receiver() -> None:
    game = influencers(players=6, dimension=2, seed=8)
    found = [bigopt.solve(game, "dynamics", options={"start": start}).receiver for start in ("truthful", "center")]
    given = bigopt.solve(game, "dynamics", profile=np.ones((6, 2)).tolist()).receiver
    assert np.allclose(found[0], found[1], atol=1e-8)
    assert np.allclose(found[0], given, atol=1e-8)


def test_a_wrong_history_fails_exactly_history() -> None:
    solution = bigopt.solve(opposed(2.9, 3.1), "dynamics")
    trajectory = [dict(entry, actions=np.array(entry["actions"])) for entry in solution.trajectory]
    trajectory[3]["actions"] = trajectory[3]["actions"] + [[0.0], [0.05]]  # not a best response
    point = {"actions": solution.actions, "updates": 16, "trajectory": trajectory}
    request = bigopt.concepts.Request("dynamics", options={"tolerance": 1e-10})
    certificate = verify(solution.game, point, request)[1]
    assert [check.name for check in certificate.failed] == ["history"]
    point = {"actions": solution.actions, "trajectory": [*solution.trajectory[:-1]]}  # ends elsewhere
    assert [check.name for check in verify(solution.game, point, request)[1].failed] == ["history"]


def test_a_profile_before_the_end_is_not_quiet() -> None:
    solution = bigopt.solve(opposed(2.9, 3.1), "dynamics")
    point = {"actions": [[1e-6], [6.0]]}
    request = bigopt.concepts.Request("dynamics", options={"tolerance": 1e-10})
    assert "quiet" in [check.name for check in verify(solution.game, point, request)[1].failed]
    assert "regret" not in [check.name for check in verify(solution.game, point, request)[1].failed]


def test_malformed_histories_are_one_line_errors() -> None:
    request = bigopt.concepts.Request("dynamics", options={"tolerance": 1e-10})
    for trajectory in ([], "a", [1], [{"mover": 5, "actions": [[0], [6]]}], [{"mover": 0, "actions": [[0]]}]):
        with pytest.raises(InstanceError, match="trajectory"):
            verify(opposed(), {"actions": [[0], [6]], "trajectory": trajectory}, request)


def test_options_are_checked() -> None:
    for options in ({"max_updates": "0"}, {"tolerance": "2"}, {"start": "anywhere"}):
        with pytest.raises(UsageError, match="option"):
            bigopt.solve(opposed(), "dynamics", options=options)


@pytest.mark.parametrize("seed", range(6))
def test_reports_move_the_receiver_exactly_within_the_reachable_interval(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 6))
    weights = np.round(rng.normal(size=n), 1)  # zero and negative ones too
    targets = np.round(rng.normal(size=(n, 1)) * 2, 1)
    game = Influencers(weights, targets, Box([-1.0], [2.0]), background_weight=0.5, background_point=[0.4])
    low, high = reachable(game)
    for i in range(n):
        for report in (-1e3, *np.linspace(-4, 4, 33), 1e3):
            changed = targets.copy()
            changed[i] = report
            receiver = equilibria.of(replace(game, targets=changed), Deadline()).receiver[0]
            assert receiver == pytest.approx(float(np.clip(report, low[i, 0], high[i, 0])), abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_no_misreport_gains_on_a_box(seed: int) -> None:
    game = influencers(players=5, dimension=2, seed=seed)
    solution = bigopt.solve(game, "truthful")
    assert solution.proved
    assert solution.solved
    assert solution.gains.max() <= 1e-12
    rng = np.random.default_rng(seed)
    truth = game.losses(solution.receiver)
    for _ in range(60):
        i = int(rng.integers(5))
        targets = game.targets.copy()
        targets[i] += rng.normal(size=2) * 2
        receiver = equilibria.of(replace(game, targets=targets), Deadline()).receiver
        assert game.losses(receiver)[i] >= truth[i] - 1e-12


def test_exaggeration_pays_where_the_receiver_averages_but_not_where_it_asks() -> None:
    game = opposed()
    averaged = bigopt.solve(game, "best-response", player=0, profile=[[2.0], [4.0]])
    assert averaged.gain == pytest.approx(1.0)
    assert bigopt.solve(game, "truthful").gains.tolist() == [0.0, 0.0]


def test_a_wrong_point_fails_the_receiver_s_proof() -> None:
    game = opposed()
    request = bigopt.concepts.Request("truthful", options={"reports": 10, "seed": 0})
    failed = [check.name for check in truthful.CONCEPT.verify(game, {"actions": [[0.0], [5.0]]}, request)[1].failed]
    assert "regret" in failed
    assert "truthfulness" in failed


def test_inner_product_mechanism_is_proved_on_a_ball() -> None:
    game = influencers(players=4, dimension=3, action_set="ball", loss="inner-product")
    solution = bigopt.solve(game, "truthful")
    assert solution.proved
    assert solution.gains.max() <= 1e-12


@pytest.mark.parametrize("kind", ["ball", "hull", "polytope"])
def test_one_dimension_is_a_box_whatever_it_is_called(kind: str) -> None:
    """The interval [-1, 2] in four descriptions."""
    sets = {"ball": Ball([0.5], 1.5), "hull": Hull([[-1.0], [2.0]]), "polytope": Polytope([[1.0], [-1.0]], [2.0, 1.0])}
    game = influencers(players=5, dimension=1, seed=3)
    box, other = (bigopt.solve(replace(game, action_set=x), "truthful") for x in (Box([-1.0], [2.0]), sets[kind]))
    assert other.proved
    assert other.solved
    assert other.receiver == pytest.approx(box.receiver, abs=1e-9)
    assert other.gains.max() <= 1e-9


@pytest.mark.parametrize(("kind", "seed"), [("polytope", 2), ("ball", 2)])
def test_the_search_finds_what_a_fan_of_reports_finds(kind: str, seed: int) -> None:
    """Reports around the truth in 12 directions and at 4 distances, each player in turn."""
    game = influencers(players=3, dimension=2, action_set=kind, seed=seed)
    found = bigopt.solve(game, "truthful", options={"reports": 60})
    truth = game.losses(found.receiver)
    angles = np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False)
    fan = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for i in range(3):
        gains = [0.0]
        for report in (game.targets[i] + r * way for r in 0.1 * 4.0 ** np.arange(4) for way in fan):
            targets = game.targets.copy()
            targets[i] = report
            receiver = equilibria.of(replace(game, targets=targets), Deadline()).receiver
            gains.append(truth[i] - game.losses(receiver)[i])
        assert found.gains[i] >= max(gains) - 1e-3 * game.loss_ranges()[i]


def test_the_search_says_how_many_players_it_came_to() -> None:
    game = influencers(players=4, dimension=2, action_set="ball", seed=3)
    few = bigopt.solve(game, "truthful", options={"players": 2, "reports": 8})
    assert few.searched == 2
    assert few.gains[2:].tolist() == [0.0, 0.0]
    assert bigopt.solve(game, "truthful", options={"reports": 8}).searched == 4


@pytest.mark.parametrize("players", [1, 50])  # three are drawn below
@pytest.mark.parametrize("dimension", [1, 2])
def test_pictures_of_every_small_game(players: int, dimension: int, tmp_path: Path) -> None:
    game = influencers(players=players, dimension=dimension)
    path = tmp_path / "picture.png"
    bigopt.solve(game).plot(path)
    assert path.stat().st_size > 5000


@pytest.mark.parametrize(
    ("kind", "loss"),
    [("box", "squared"), ("ball", "inner-product"), ("simplex", "squared"), ("hull", "inner-product")],
)
def test_pictures_of_whole_equilibrium_sets(kind: str, loss: str, tmp_path: Path) -> None:
    """Two players of one target, and one of weight 0."""
    game = influencers(players=3, dimension=2, action_set=kind, loss=loss)
    game = replace(game, weights=[0.5, 0.5, 0.0], targets=[[0.1, 0.2], [0.1, 0.2], [0.0, 0.0]])
    bigopt.solve(game).plot(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").stat().st_size > 5000


def test_ball_dynamics_stop_at_a_verified_point() -> None:
    game = Influencers([0.5, 0.5], [[1.0, 0.2], [-1.0, 0.3]], Ball([0.0, 0.0], 1.0))
    from bigopt.concepts.concept import Request
    from bigopt.games.influencers import dynamics

    options = {"start": "truthful", "max_updates": 10_000, "tolerance": 1e-10}
    answer = dynamics.solve(game, Request("dynamics", options=options))
    assert answer.stopped == "convergenceCriteriaSatisfied"
    # By symmetry about the line between the targets' midpoint: the tangential pulls cancel at the receiver.
    point = np.asarray(answer.point["actions"])
    assert np.allclose(np.linalg.norm(point, axis=1), 1.0)


@pytest.mark.parametrize("concept", ["dynamics", "truthful", "best-response"])
def test_solutions_are_checked_again_from_their_fields_alone(concept: str) -> None:
    from bigopt.concepts.concept import Request
    from bigopt.games.kinds import concept_of

    arguments = {"player": 1, "profile": [[1.0], [5.0]]} if concept == "best-response" else {}
    solution = bigopt.solve(opposed(), concept, **arguments)
    point = solution.to_dict()["solution"]
    row = concept_of(solution.game, concept)
    options = {option.name: option.default for option in row.options}
    assert row.verify(solution.game, point, Request(concept, options=options))[1].verified


@pytest.mark.parametrize("kind", ["ball", "simplex", "polytope", "hull"])
def test_dynamics_end_at_the_one_receiver_on_every_set(kind: str) -> None:
    game = influencers(players=4, dimension=2, action_set=kind, seed=3)
    solution = bigopt.solve(game, "dynamics")
    assert solution.solved
    assert np.allclose(solution.receiver, bigopt.solve(game, "nash").receiver, atol=1e-6)


def test_misreports_that_are_found_on_a_ball_are_real_and_nothing_is_called_proved() -> None:
    game = influencers(players=4, dimension=2, action_set="ball", seed=3)
    solution = bigopt.solve(game, "truthful", options={"reports": 40})
    assert not solution.proved
    assert solution.gains.max() > 1e-4
    i = int(solution.gains.argmax())
    targets = np.array(game.targets)
    targets[i] = solution.misreports[i]
    # Another way to the equilibrium of the misreported game: the players' own dynamics.
    receiver = bigopt.solve(replace(game, targets=targets), "dynamics").receiver
    gain = game.losses(solution.receiver)[i] - game.losses(receiver)[i]
    assert gain == pytest.approx(solution.gains[i], abs=1e-6)


def test_a_time_limit_on_the_search_is_not_success() -> None:
    game = influencers(players=30, dimension=3, action_set="hull", seed=1)
    solution = bigopt.solve(game, "truthful", options={"reports": 100_000}, time_limit=1.0)
    assert solution.stopped == "maxTimeLimit"
    assert solution.exit_code == 4


@pytest.mark.parametrize("kind", ["box", "ball", "simplex"])
def test_wishes_are_proved_apart_from_the_best_responses(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Best responses that say of everybody that it wants to stay are found out by support functions."""
    rng = np.random.default_rng(3)
    sets = {"box": Box([0.0, 0.0], [1.0, 1.0]), "ball": Ball([0.0, 0.0], 1.0), "simplex": Simplex(1.0, 2)}
    game = Influencers(rng.normal(size=4), rng.normal(size=(4, 2)), sets[kind])
    found = bigopt.solve(game, "dynamics")
    assert found.solved and not found.certificate.failed
    row, point = kinds.concept_of(game, "dynamics"), {"actions": np.tile(sets[kind].project(np.zeros((1, 2))), (4, 1))}
    where = "bigopt.games.influencers.verify.dynamics.best_responses"
    monkeypatch.setattr(where, lambda game, actions, players, receiver: actions[players])
    failed = [check.name for check in row.verify(game, point, row.request())[1].failed]
    assert "replies" in failed and "quiet" not in failed
