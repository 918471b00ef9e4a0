"""The numbers of certificates of moves and misreports that are no answers, each by a formula of its own."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import lsq_linear

import bigopt
from bigopt import Box, Preferences
from bigopt.games.preferences.exact.likelihood import Likelihood
from tests.preferences.games import random_line, random_space
from tests.preferences.test_certificates import Fields, judged


def _entry(mover: int | None, actions: Any, receiver: Any = None) -> Fields:
    return {"mover": mover, "actions": np.array(actions, dtype=float).reshape(-1, 1), "receiver": receiver}


@pytest.mark.parametrize("first", range(3))
def test_a_move_is_its_movers(first: int) -> None:
    game = random_line(5, players=3, samples=60)
    names = list(np.roll(np.arange(3), first))
    other = Preferences(game.targets[names], game.action_set, game.samples, game.responses, seed=5)
    again = bigopt.solve(other, "dynamics")
    assert again.solved and again.updates > 2
    for wrong in range(3):
        changed = [dict(entry) for entry in again.trajectory]
        changed[1] = changed[1] | {"mover": wrong}
        if wrong != again.trajectory[1]["mover"]:
            assert judged(other, "dynamics", {"trajectory": changed})[2]["history"] == np.inf


def test_a_start_that_is_not_the_truth_and_a_second_mover_are_infinitely_wrong() -> None:
    game = random_line(5, players=3, samples=60)
    truth = game.targets[:, 0]
    start = _entry(None, truth + np.array([0.0, 1e-9, 0.0]))
    assert judged(game, "dynamics", {"trajectory": [start]})[2]["history"] == np.inf
    both = _entry(0, truth + np.array([0.1, 0.0, 1e-9]))
    assert judged(game, "dynamics", {"trajectory": [_entry(None, truth), both]})[2]["history"] == np.inf


@pytest.mark.parametrize(
    ("trajectory", "says"),
    [
        (None, "trajectory: expected a list"),
        ([], "trajectory: expected a list"),
        ([1], "trajectory: expected a list"),
        ([_entry(0, [0.0, 0.0])], r"trajectory\[0\].mover: 0, expected null"),
        ([_entry(None, [0.0, 0.0])] * 2, r"trajectory\[1\].mover: None, expected null"),
        ([_entry(None, [0.0, 0.0]), _entry(2, [0.0, 0.0])], r"trajectory\[1\].mover: 2"),
        ([_entry(None, [0.0, 0.0]), _entry(-1, [0.0, 0.0])], r"trajectory\[1\].mover: -1"),
        ([_entry(None, [0.0])], r"trajectory\[0\].actions"),
        ([_entry(None, [0.0, 0.0], [0.0, 0.0])], r"trajectory\[0\].receiver"),
    ],
)
def test_trajectories_are_read_entry_by_entry(trajectory: Any, says: str) -> None:
    game = random_line(5, players=2)
    with pytest.raises(bigopt.InstanceError, match=says):
        judged(game, "dynamics", {"trajectory": trajectory})


@pytest.mark.parametrize("scale", [1.0, 0.02])
def test_replies_in_the_plane_by_differences(scale: float) -> None:
    """Least squares over the box, with slopes from estimates at points nearby."""
    from bigopt.concepts import Deadline
    from bigopt.games.preferences.exact.expected import ExpectedLabels
    from bigopt.games.preferences.verify import local

    game = random_space(2, players=3)
    game = Preferences(
        scale * game.targets, Box([-scale, -scale], [scale, scale]), game.samples, game.responses, seed=2
    )
    rule, x = ExpectedLabels(game, Deadline(), game.drawn), game.targets
    receiver, step = rule.receiver(x), 1e-4
    shifted = receiver + np.array([1e-3, 0.0])
    proof = local.receivers(game.drawn, [x, x], np.array([receiver, shifted]), Deadline())
    information = rule.likelihood.at(receiver).information
    assert proof.value == pytest.approx(1e-3 * np.sqrt(information[0, 0]), rel=0.1) and not proof.passed
    exact = local.receivers(game.drawn, [x], receiver[None], Deadline())
    assert exact.passed and exact.grade == "proved"
    nearby = receiver + np.array([[0.02, 0.0], [0.0, 0.01], [-0.01, 0.01]]) * scale
    close = receiver + 0.3 * (nearby - receiver)
    for targets, least in ((x, 1e-3), (nearby, 1e-5), (close, 2e-6)):  # far off, and so near that it can be reached
        asked, gains = game.with_targets(targets), []
        for i in range(3):
            jacobian = np.empty((2, 2))
            for k in range(2):
                up, down = x.copy(), x.copy()
                up[i, k], down[i, k] = x[i, k] + step, x[i, k] - step
                jacobian[:, k] = (rule.receiver(up) - rule.receiver(down)) / (2 * step)
            miss = receiver - targets[i]
            best = lsq_linear(jacobian, jacobian @ x[i] - miss, bounds=(-scale, scale)).cost
            gains.append((miss @ miss - 2 * best) / asked.loss_ranges[i])
        for i, gain in enumerate(gains):
            found = local.replies(asked, game.drawn, [x], receiver[None], [(0, i)], Deadline())
            assert found.value == pytest.approx(gain, rel=1e-3, abs=1e-6)
        whole = local.replies(asked, game.drawn, [x], receiver[None], [(0, i) for i in range(3)], Deadline())
        assert whole.value == pytest.approx(max(gains), rel=1e-3, abs=1e-6) and whole.value > least


def test_misreports_on_a_line_are_audited_for_all_that_they_can_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a report to bring the receiver anywhere in a range, a player would gain all the way to its nearest point."""
    from bigopt.games.preferences.exact import misreports

    game = random_line(5, players=4)
    point = {"actions": bigopt.solve(game).actions}
    fields, certificate, values = judged(game, "truthful", point)
    assert certificate.verified and fields["searched"] == 4 and fields["proved"] is True
    assert fields["gains"].max() < 1e-12 and {"regret", "median", "truthfulness"} <= values.keys()
    assert "receiver of the drawn labels" not in values
    receiver, ranges = float(fields["receiver"][0]), np.maximum(game.targets + 1.0, 1.5 - game.targets)[:, 0] ** 2
    truth = (receiver - game.targets[:, 0]) ** 2
    for low, high in ((-1.0, 1.5), (receiver - 0.01, receiver + 0.01), (1.4, 1.5)):
        monkeypatch.setattr(misreports, "reachable", lambda game, coordinate, player, ends=(low, high): ends)
        fields, certificate, values = judged(game, "truthful", point)
        gains = np.maximum(truth - (np.clip(game.targets[:, 0], low, high) - game.targets[:, 0]) ** 2, 0.0)
        assert fields["gains"] == pytest.approx(gains)
        assert values["truthfulness"] == pytest.approx(max(gains / ranges))
    monkeypatch.setattr(misreports, "AUDITED", 2)
    monkeypatch.setattr(misreports, "reachable", lambda game, coordinate, player: (-1.0, 1.5))
    fields = judged(game, "truthful", point)[0]
    assert fields["searched"] == 2 and fields["gains"][2:].tolist() == [0.0, 0.0]


def test_misreports_in_the_plane_are_held_to_what_they_bring(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mechanism that plays what it is told, and gives a liar the receiver it names."""
    from bigopt.games.preferences.exact import misreports

    game = random_space(0, players=3, samples=60)
    known = Likelihood(game.drawn.offsets, game.drawn.slopes)
    receiver = known.solve(known.statistic(game.drawn.chances(game.targets)), np.zeros(2))
    monkeypatch.setattr(misreports, "settle", lambda game, targets, request: (targets, receiver))
    monkeypatch.setattr(misreports, "lied", lambda game, i, report, request: report)
    plain, _, values = judged(game, "truthful", {"actions": game.targets})
    assert plain["gains"].tolist() == [0.0] * 3 and plain["searched"] == 3 and plain["proved"] is False
    assert plain["misreports"].tolist() == game.targets.tolist() and values["misreports"] == values["mechanism"] == 0.0
    reports = game.targets + np.array([[0.01, 0.0], [0.0, 0.0], [5.0, 0.0]])
    point = {"actions": game.targets + 0.002, "misreports": reports}
    fields, certificate, values = judged(game, "truthful", point, players=2)
    truth = ((receiver - game.targets) ** 2).sum(axis=1)
    away = np.clip(reports, -1.0, 1.0) - game.targets
    wanted = np.maximum(truth - (away**2).sum(axis=1), 0.0) * np.array([1, 0, 1])
    assert fields["gains"] == pytest.approx(wanted) and wanted[0] > 0.0
    assert values["misreports"] == pytest.approx(max(wanted / game.loss_ranges))
    assert values["mechanism"] == pytest.approx(0.001) and fields["searched"] == 2
    assert values["estimates"] < 1e-6 and values["first order"] > 1e-3
    assert fields["losses"] == pytest.approx(truth) and not certificate.verified
    outside = judged(game, "truthful", {"actions": np.clip(game.targets, -1, 1) + [[0, 0], [0, 0], [3, 0]]})[2]
    assert outside["feasibility"] == pytest.approx((game.targets[2, 0] + 2.0) / 2)
    with pytest.raises(bigopt.InstanceError, match="misreports"):
        judged(game, "truthful", {"actions": game.targets, "misreports": [[0.0, 0.0]]})
