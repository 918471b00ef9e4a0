"""Equilibria, dynamics and truthfulness beside brute force."""

from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.concepts import Deadline, Request
from bigopt.games import kinds
from bigopt.games.preferences import laws
from bigopt.games.preferences.dynamics import CONCEPT as DYNAMICS
from bigopt.games.preferences.equilibrium import CONCEPT
from bigopt.games.preferences.exact import median, score
from bigopt.games.preferences.exact.drawn import DrawnLabels
from bigopt.games.preferences.exact.expected import ExpectedLabels
from bigopt.games.preferences.exact.responses import route
from tests.preferences.games import paper, random_line, random_space


@pytest.mark.parametrize("seed", range(4))
def test_nobody_gains_by_any_fake_point_of_a_grid(seed: int) -> None:
    game = random_line(seed, players=4)
    coordinate = score.of(game)
    solution = bigopt.solve(game)
    assert solution.solved
    actions, x = solution.actions[:, 0], float(solution.receiver[0])
    shares = coordinate.shares(actions)
    for i in range(game.players):
        for other in np.linspace(-1.0, 1.5, 13):
            changed = actions.copy()
            changed[i] = other
            moved = coordinate.invert(float(coordinate.shares(changed).sum()), -1.0, 1.5)
            target = float(game.targets[i, 0])
            assert (x - target) ** 2 <= (moved - target) ** 2 + 1e-12
    assert float(shares.sum()) == pytest.approx(float(coordinate.value(np.array([x]))[0]), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_the_formula_is_where_best_responses_end(seed: int) -> None:
    game = random_line(seed + 50, players=6)
    end = route(game, score.of(game))[-1]
    assert float(bigopt.solve(game).receiver[0]) == pytest.approx(float(end["receiver"][0]), abs=1e-5)


def test_equal_targets_share_what_is_missing() -> None:
    law = {"distribution": "uniform", "low": -3.0, "high": 3.0}
    game = bigopt.Preferences([[0.0], [0.0], [0.5]], bigopt.Box([-1], [1]), [30, 10, 10], law)
    solution = bigopt.solve(game)
    assert solution.solved and not solution.unique
    assert abs(solution.receiver[0]) < 1e-14 and solution.actions[0] == solution.actions[1]
    assert sorted(solution.tied) == [0, 1]


def test_relabelling_players_and_mirroring_the_line() -> None:
    game = random_line(3)
    order = np.random.default_rng(0).permutation(game.players)
    assert isinstance(game.responses, laws.Uniform)
    mirrored = {"distribution": "uniform", "low": -game.responses.high[0], "high": -game.responses.low[0]}
    other = bigopt.Preferences(-game.targets[order], bigopt.Box([-1.5], [1.0]), game.samples[order], mirrored)
    ours, theirs = bigopt.solve(game), bigopt.solve(other)
    assert ours.receiver == pytest.approx(-theirs.receiver, abs=1e-13)
    assert ours.actions[order] == pytest.approx(-theirs.actions, abs=1e-12)


def test_a_perturbed_profile_fails() -> None:
    game = paper(samples=200)
    good = bigopt.solve(game)
    _, certificate = CONCEPT.verify(game, {"actions": good.actions * 0.99}, Request("equilibrium"))
    assert {check.name for check in certificate.failed} == {"regret"}  # symmetric: the receiver stays
    _, certificate = CONCEPT.verify(game, {"actions": [[-1.0], [0.9]]}, Request("equilibrium"))
    assert {check.name for check in certificate.failed} == {"regret", "median"}
    _, certificate = CONCEPT.verify(game, {"actions": [[-1.0], [1.1]]}, Request("equilibrium"))
    assert {check.name for check in certificate.failed} == {"feasibility"}


@pytest.mark.parametrize("seed", range(6))
def test_best_responses_to_drawn_labels_beat_a_grid(seed: int) -> None:
    game = random_line(seed, players=3, samples=25)
    rule = DrawnLabels(game, Deadline())
    actions = game.targets
    before = rule.receiver(actions)
    if not np.isfinite(before).all():
        pytest.skip("separable")
    for i in range(game.players):
        x, after = rule.improve(i, actions, before)
        profile = actions.copy()
        profile[i] = x
        assert rule.receiver(profile) == pytest.approx(after, abs=1e-9)
        target = game.targets[i, 0]
        for other in np.linspace(-1.0, 1.5, 51):
            profile[i] = other
            assert abs(after[0] - target) <= abs(rule.receiver(profile)[0] - target) + 1e-9


def test_many_regrets_at_once_are_those_one_by_one() -> None:
    game = random_line(7, players=40, samples=60)
    rule, actions = DrawnLabels(game, Deadline()), game.targets.copy()
    receiver = rule.receiver(actions)
    many = rule.regrets(actions, receiver)
    for i in range(game.players):
        after = rule.improve(i, actions, receiver)[1][0]
        alone = max(0.0, (receiver[0] - game.targets[i, 0]) ** 2 - (after - game.targets[i, 0]) ** 2)
        assert many[i] == pytest.approx(alone, abs=1e-9)


def test_section_6_2_is_within_the_bands_over_seeds() -> None:
    """Bands: five sampling standard deviations around population values that quadrature gives."""
    for seed in range(6):
        trajectory = bigopt.solve(paper(seed), "dynamics").trajectory
        assert [entry["mover"] for entry in trajectory] == [None, 0, 1, 0]
        x = [float(entry["receiver"][0]) for entry in trajectory]
        assert x[0] == pytest.approx(0.0972, abs=0.055)
        assert x[1] == pytest.approx(-0.1, abs=0.02)
        assert x[3] == pytest.approx(0.0, abs=0.115)
        assert float(trajectory[1]["actions"][0, 0]) == pytest.approx(-0.5147, abs=0.175)
        assert trajectory[3]["actions"].ravel().tolist() == [-1.0, 1.0]


def test_six_bisections_land_on_midpoints_as_in_print() -> None:
    solution = bigopt.solve(paper(1), "dynamics", options={"steps": 6})
    assert solution.solved
    action = float(solution.trajectory[1]["actions"][0, 0])
    assert ((action + 1.0) / 0.9 * 64) == pytest.approx(round((action + 1.0) / 0.9 * 64), abs=1e-9)


@pytest.mark.parametrize("steps", [1, 6])
def test_runs_by_few_bisections_of_few_labels_are_verified(steps: int) -> None:
    """A label may fall on either side of the last midpoint: a move is judged as that of the bisections."""
    game = bigopt.load("preferences/equal-targets")
    found = bigopt.solve(game, "dynamics", options={"steps": steps})
    assert found.solved, found.certificate.failed
    moved = [dict(entry) for entry in found.trajectory]
    moved[-1]["actions"] = moved[-1]["actions"] * 0.99
    certificate = DYNAMICS.verify(game, {"trajectory": moved}, Request("dynamics", options={"steps": steps}))[1]
    assert "history" in {check.name for check in certificate.failed}


def test_a_forged_trajectory_fails_its_history() -> None:
    game = paper(samples=300)
    good = bigopt.solve(game, "dynamics")
    forged = [dict(entry) for entry in good.trajectory]
    forged[1] = forged[1] | {"actions": np.array([[-0.2], [0.3]]), "receiver": None}
    forged[2] = forged[2] | {"actions": np.array([[-0.2], [1.0]]), "receiver": None}
    _, certificate = DYNAMICS.verify(game, {"trajectory": forged}, Request("dynamics", options={"steps": 0}))
    assert "history" in {check.name for check in certificate.failed}
    forged = [*good.trajectory[:-1]]
    _, certificate = DYNAMICS.verify(game, {"trajectory": forged}, Request("dynamics", options={"steps": 0}))
    assert "regret" in {check.name for check in certificate.failed}


@pytest.mark.parametrize("player", [0, 1])
def test_replies_to_drawn_labels_are_judged_apart_from_the_rule(player: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that moves nobody, and one that estimates beside the truth, are found out by the score."""
    game = random_line(player, players=3)
    row = kinds.concept_of(game, "dynamics")
    start = {"iteration": 0, "mover": None, "actions": game.targets}
    found = bigopt.solve(game, "dynamics")
    assert found.solved and found.updates > 0
    with monkeypatch.context() as lazy:
        lazy.setattr(DrawnLabels, "improve", lambda self, i, actions, receiver: (actions[i], receiver))
        failed = [check.name for check in row.verify(game, {"trajectory": [start]}, row.request())[1].failed]
        assert failed == ["nobody gains"]
    true = DrawnLabels.receiver
    monkeypatch.setattr(DrawnLabels, "receiver", lambda self, actions: true(self, actions) + 1e-5)
    failed = [check.name for check in row.verify(game, found.fields, row.request())[1].failed]
    assert "score" in failed


@pytest.mark.parametrize("steps", [6, 9])
def test_bisections_are_followed_apart_from_the_rule(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the rule's bisections take one step less, end elsewhere or move nobody, the score says so."""
    game = paper(1, samples=2000)
    row = kinds.concept_of(game, "dynamics")
    found = bigopt.solve(game, "dynamics", options={"steps": steps})
    assert found.solved and found.updates > 0
    start = {"iteration": 0, "mover": None, "actions": game.targets}
    coarse = bigopt.solve(game, "dynamics", options={"steps": steps + 1})
    for trajectory in ([start], coarse.trajectory):
        request = row.request(options={"steps": steps})
        with monkeypatch.context() as lazy:
            lazy.setattr(DrawnLabels, "improve", lambda self, i, actions, receiver: (actions[i], receiver))
            failed = [c.name for c in row.verify(game, {"trajectory": trajectory}, request)[1].failed]
        assert failed == ["bisections"]


def test_whoever_moved_by_few_bisections_is_asked_again() -> None:
    """After the others have stayed, halving from where it stands now can bring the last mover nearer."""
    for seed, steps in ((13, 6), (109, 40)):
        game = random_line(seed, players=2, samples=60)
        found = bigopt.solve(game, "dynamics", options={"steps": steps})
        assert found.solved, found.certificate.failed


def test_replies_in_the_plane_are_judged_apart_from_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that moves nobody, and one that estimates beside the truth, are found out without a search."""
    game = random_space(0, samples=60)
    asked = {"dynamics": kinds.concept_of(game, "dynamics"), "truthful": kinds.concept_of(game, "truthful")}
    options = {"truthful": {"reports": 1, "players": 1}}
    points = {name: bigopt.solve(game, name, options=options.get(name)).fields for name in asked}

    def failed(name: str, point: Any) -> set[str]:
        request = asked[name].request(options=options.get(name, {}))
        return {check.name for check in asked[name].verify(game, point, request)[1].failed}

    with monkeypatch.context() as lazy:
        lazy.setattr(ExpectedLabels, "improve", lambda self, i, actions, receiver: (actions[i], receiver))
        start = {"iteration": 0, "mover": None, "actions": game.targets}
        assert failed("dynamics", {"trajectory": [start]}) == {"first order", "random deviations"}
        assert failed("truthful", {"actions": game.targets}) == {"first order"}
        moved = points["dynamics"]["trajectory"]
        short = [
            *moved[:-1],
            moved[-1] | {"actions": 0.5 * (moved[-1]["actions"] + moved[-2]["actions"]), "receiver": None},
        ]
        assert "first order" in failed("dynamics", {"trajectory": short})
    true = ExpectedLabels.receiver
    monkeypatch.setattr(ExpectedLabels, "receiver", lambda self, actions: true(self, actions) + 1e-5)
    assert "estimates" in failed("dynamics", points["dynamics"])


def test_a_profile_without_a_receiver_is_refused_in_words() -> None:
    game = bigopt.Preferences(
        [[0.0]], bigopt.Box([-9.0], [9.0]), [2], {"distribution": "uniform", "low": -3, "high": 3}
    )
    row = kinds.concept_of(game, "dynamics")
    entries = [{"mover": None, "actions": [[0.0]]}, {"mover": 0, "actions": [[9.0]]}]
    with pytest.raises(bigopt.InstanceError, match="separable"):
        row.verify(game, {"trajectory": entries}, row.request())


def test_expected_labels_the_derivative_and_a_grid() -> None:
    game = random_space(0)
    rule = ExpectedLabels(game, Deadline(), game.drawn)
    actions, step = game.targets.copy(), 1e-5
    receiver = rule.receiver(actions)
    own = rule.likelihood.__class__(game.drawn.own(1).offsets, game.drawn.own(1).slopes)
    jacobian = np.linalg.solve(rule.likelihood.at(receiver).information, own.at(actions[1]).information)
    for k in range(2):
        up, down = actions.copy(), actions.copy()
        up[1, k] += step
        down[1, k] -= step
        assert jacobian[:, k] == pytest.approx((rule.receiver(up) - rule.receiver(down)) / (2 * step), abs=1e-7)
    best, after = rule.improve(1, actions, receiver)
    assert np.abs(best).max() <= 1.0
    for x in np.linspace(-1, 1, 9):
        for y in np.linspace(-1, 1, 9):
            profile = actions.copy()
            profile[1] = [x, y]
            loss = float(((rule.receiver(profile) - game.targets[1]) ** 2).sum())
            assert float(((after - game.targets[1]) ** 2).sum()) <= loss + 1e-6


def test_dynamics_in_the_plane_end() -> None:
    solution = bigopt.solve(random_space(1))
    assert solution.concept == "dynamics" and solution.solved and solution.local


@pytest.mark.parametrize("seed", range(4))
def test_no_misreport_gains_in_one_dimension(seed: int) -> None:
    game = random_line(seed, players=4)
    solution = bigopt.solve(game, "truthful")
    assert solution.solved and solution.proved and solution.gains.max() < 1e-12
    coordinate, rng = score.of(game), np.random.default_rng(seed)
    truth = float(solution.receiver[0])
    for i in range(game.players):
        for report in rng.uniform(-1.0, 1.5, 20):
            targets = game.targets[:, 0].copy()
            targets[i] = report
            lied = median.equilibrium(targets, coordinate, -1.0, 1.5).receiver
            assert abs(truth - game.targets[i, 0]) <= abs(lied - game.targets[i, 0]) + 1e-12


def test_misreports_in_the_plane_are_searched_not_proved() -> None:
    solution = bigopt.solve(random_space(0, samples=60), "truthful", options={"reports": 2, "players": 1})
    assert solution.solved and not solution.proved
    check = next(c for c in solution.certificate.checks if c.name == "misreports")
    assert check.grade == "searched" and not check.claimed
