# mypy: disable-error-code="index"
"""The record of the dynamics is checked against Definition 3, and the clock is looked at player by player."""

from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.action_sets import Ball, Box, Hull, Polytope
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.errors import InstanceError
from bigopt.games.influencers import dynamics
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.generate import influencers
from bigopt.games.influencers.response import best_responses, least_move
from bigopt.games.influencers.verify import history

OPTIONS = {"start": "truthful", "max_updates": 100_000, "tolerance": 1e-10}


class Looks(Deadline):
    """A clock that runs out after a number of looks, and remembers what was going on at each."""

    def __init__(self, looks: int) -> None:
        super().__init__(1.0)
        self.looks, self.doing = looks, list[str]()

    @property
    def expired(self) -> bool:
        self.looks -= 1
        return self.looks < 0

    def check(self, doing: str) -> None:
        self.doing.append(doing)
        super().check(doing)


def opposed() -> Influencers:
    return Influencers([0.5, 0.5], [[2.9], [3.1]], Box([0.0], [6.0]))


def failed(game: Influencers, point: dict[str, Any]) -> list[str]:
    certificate = dynamics.CONCEPT.verify(game, point, Request("dynamics", options=OPTIONS))[1]
    return [check.name for check in certificate.failed]


def played(game: Influencers, order: list[int]) -> dict[str, Any]:
    """Let the players move in a given order, in plain steps."""
    actions = game.action_set.project(game.targets)
    trajectory: list[dict[str, Any]] = [{"update": 0, "mover": None, "actions": actions}]
    for k, i in enumerate(order):
        best = best_responses(game, actions, [i])[0]
        actions = actions.copy()
        actions[i] = best
        trajectory.append({"update": k + 1, "mover": i, "actions": actions})
    return {"actions": actions, "updates": len(order), "trajectory": trajectory}


def test_a_history_in_cyclic_order_passes_and_one_in_another_order_fails_exactly_history() -> None:
    game = Influencers([0.3, 0.3, 0.4], [[0.0], [3.0], [6.0]], Box([0.0], [6.0]))
    # Player 0 is quiet at its end, 1 and 2 want to move: the receiver 3.3 is 1's to correct first.
    right = [entry["mover"] for entry in bigopt.solve(game, "dynamics").trajectory[1:]]
    assert right == [1]
    game = Influencers([0.5, 0.5], [[2.0], [4.0]], Box([0.0], [6.0]))
    assert failed(game, played(game, [0, 1])) == []
    assert failed(game, played(game, [1, 0])) == ["history"]


@pytest.mark.parametrize("updates", [0, 7, 15, 17])
def test_a_false_number_of_updates_fails_exactly_history(updates: int) -> None:
    solution = bigopt.solve(opposed(), "dynamics")
    point = {"actions": solution.actions, "updates": updates, "trajectory": solution.trajectory}
    assert failed(opposed(), point) == ["history"]
    assert failed(opposed(), point | {"updates": 16}) == []


@pytest.mark.parametrize("place", [0, 3, 16])
def test_a_false_number_of_a_move_fails_exactly_history(place: int) -> None:
    solution = bigopt.solve(opposed(), "dynamics")
    trajectory = [dict(entry) for entry in solution.trajectory]
    trajectory[place]["update"] += 1
    point = {"actions": solution.actions, "updates": trajectory[-1]["update"], "trajectory": trajectory}
    assert failed(opposed(), point) == ["history"]


def test_moves_that_do_not_move_are_none() -> None:
    solution = bigopt.solve(opposed(), "dynamics")
    again = dict(solution.trajectory[-1], update=17, mover=0)
    point = {"actions": solution.actions, "updates": 17, "trajectory": [*solution.trajectory, again]}
    assert failed(opposed(), point) == ["history"]


def test_moves_are_left_out_only_where_they_do_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    solution = bigopt.solve(opposed(), "dynamics")
    last = dict(solution.trajectory[-1], mover=None)
    point = {"actions": solution.actions, "updates": 16, "trajectory": [*solution.trajectory[:5], last]}
    assert failed(opposed(), point) == ["history"]
    monkeypatch.setattr(history, "RECORDED", 12)  # room for 6 profiles of 2 numbers
    assert failed(opposed(), point) == []
    assert len(bigopt.solve(opposed(), "dynamics").trajectory) == 6
    assert bigopt.solve(opposed(), "dynamics").solved


def test_without_a_history_the_number_of_updates_is_not_known() -> None:
    point = {"actions": [[0.0], [6.0]], "updates": 7}
    fields, certificate = dynamics.CONCEPT.verify(opposed(), point, Request("dynamics", options=OPTIONS))
    assert certificate.verified
    assert fields["updates"] is None


def test_half_a_player_does_not_move() -> None:
    point = played(opposed(), [0])
    point["trajectory"][1]["mover"] = 0.5
    with pytest.raises(InstanceError, match=r"trajectory\[1\].mover: 0.5, expected a player"):
        failed(opposed(), point)


@pytest.mark.parametrize("looks", [3, 9, 40])
def test_the_clock_stops_the_moves_one_by_one(looks: int) -> None:
    game = influencers(players=300, dimension=2, seed=1)
    answer = dynamics.solve(game, Request("dynamics", options=OPTIONS, deadline=Looks(looks)))
    assert answer.stopped == "maxTimeLimit"
    assert answer.point["updates"] <= looks


def test_the_clock_stops_a_quiet_sweep() -> None:
    n = 40_000
    game = Influencers(np.full(n, 1 / n), np.full((n, 1), 2.0), Box([0.0], [1.0]))
    request = Request("dynamics", options=OPTIONS, deadline=Looks(n // 256 + 3), arguments={"profile": np.ones((n, 1))})
    whole = dynamics.solve(game, request)
    assert whole.point["updates"] == 0
    assert whole.stopped == "convergenceCriteriaSatisfied"
    request = Request("dynamics", options=OPTIONS, deadline=Looks(4), arguments={"profile": np.ones((n, 1))})
    assert dynamics.solve(game, request).stopped == "maxTimeLimit"


def test_the_clock_is_looked_at_throughout_the_verification() -> None:
    game = influencers(players=1500, dimension=1, seed=2)
    found = dynamics.solve(game, Request("dynamics", options=OPTIONS))
    clock = Looks(10**6)
    dynamics.CONCEPT.verify(game, found.point, Request("dynamics", options=OPTIONS, deadline=clock))
    assert clock.doing.count("verifying that nobody moves") >= 5
    assert clock.doing.count("verifying the history") >= 5


POINTS = {
    "polytope": Polytope([[1, 0], [-1, 0], [0, 1], [0, -1]], [0.1, -0.1, 0.7, -0.7]),
    "slanted": Polytope([[1, 1], [-1, -1], [1, -0.3], [-1, 0.3]], [0.1, -0.1, 0.7, -0.7]),
    "origin": Polytope([[1, 0], [-1, 0], [0, 1], [0, -1]], [0, 0, 0, 0]),
    "box": Box([0.0, 0.0], [0.0, 0.0]),
    "ball": Ball([0.1, 0.7], 0.0),
    "hull": Hull([[0.1, 0.7]]),
}


@pytest.mark.parametrize("name", POINTS)
@pytest.mark.parametrize("seed", range(3))
def test_nobody_moves_on_a_set_of_one_point(name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = Influencers(np.full(6, 1 / 6), rng.normal(size=(6, 2)), POINTS[name])
    solution = bigopt.solve(game, "dynamics", options={"max_updates": 50})
    assert solution.solved
    assert solution.updates == 0
    assert bigopt.solve(game, "nash").dimension == 0


def test_a_move_below_rounding_is_none() -> None:
    # A segment of length 1e-4 at 1e9: the tolerance's share of it, 1e-14, is less than a float's rounding there.
    game = Influencers([0.5, 0.5], [[1e9 + 2e-5], [1e9 + 3e-5]], Box([1e9], [1e9 + 1e-4]))
    assert least_move(game, 1e-10) > np.spacing(1e9)
    assert bigopt.solve(game, "dynamics", options={"max_updates": 1000}).stopped == "convergenceCriteriaSatisfied"
