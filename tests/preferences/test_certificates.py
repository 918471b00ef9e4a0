"""The numbers of certificates of profiles that are no answer, each by a formula of its own."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import expit

import bigopt
from bigopt import Box, Preferences
from bigopt.concepts.solution import Certificate
from bigopt.games import kinds
from bigopt.games.preferences.exact.likelihood import Likelihood
from tests.preferences.games import random_line, random_space

Fields = dict[str, Any]
POINTS, CHANCES = np.array([-1.0, 0.5, 2.0]), np.array([0.3, 0.5, 0.2])
LAW = {"distribution": "given", "points": POINTS[:, None].tolist(), "probabilities": CHANCES.tolist()}


def judged(game: Preferences, concept: str, point: Any, **options: Any) -> tuple[Fields, Certificate, Fields]:
    """Return what a verifier says of a point: its fields, its certificate and the values of its checks by name."""
    row = kinds.concept_of(game, concept)
    fields, certificate = row.verify(game, point, row.request(options=options))
    return fields, certificate, {check.name: check.value for check in certificate.checks}


def height(x: float) -> float:
    """Return H(x) under the law of three points: E[s tanh(s (2 x - m) / 2)] over two independent draws."""
    s, m = POINTS[:, None] - POINTS, POINTS[:, None] + POINTS
    return float((CHANCES[:, None] * CHANCES * s * np.tanh(s * (2 * x - m) / 2)).sum())


def line(low: float, high: float, targets: list[float], samples: list[int]) -> Preferences:
    return Preferences(np.array(targets)[:, None], Box([low], [high]), samples, LAW, seed=1)


@pytest.mark.parametrize("seed", range(4))
def test_gains_of_a_profile_that_is_no_equilibrium(seed: int) -> None:
    """Receiver, median and everybody's largest gain from H by a double sum, and by a grid of fake points."""
    rng = np.random.default_rng(seed)
    game = line(-1.0, 2.5, rng.uniform(-1.0, 2.5, 4).tolist(), [30, 5, 20, 10])
    actions = rng.uniform(-1.0, 2.5, 4)
    if seed == 3:
        actions = np.where(game.targets[:, 0] > 0.5, 2.5, -1.0)  # most cannot go further
    weights = np.array([30, 5, 20, 10]) / 65

    def receiver(x: np.ndarray[Any, Any]) -> float:
        wanted = float(weights @ [height(v) for v in x])
        return float(brentq(lambda v: height(v) - wanted, -1.0, 2.5, xtol=1e-14))

    here, grid = receiver(actions), np.linspace(-1.0, 2.5, 36)
    fields, certificate, values = judged(game, "equilibrium", {"actions": actions[:, None]})
    assert fields["receiver"] == pytest.approx([here], abs=1e-11)
    gains = []
    for i, target in enumerate(game.targets[:, 0]):
        moved = [receiver(np.where(np.arange(4) == i, x, actions)) for x in grid]
        past = min(moved) <= target <= max(moved)  # then some fake point brings the receiver to the target
        gains.append((here - target) ** 2 - (0.0 if past else min((x - target) ** 2 for x in moved)))
    assert certificate.max_regret == pytest.approx(max(gains), abs=1e-10) and certificate.tolerance is not None
    ranges = np.maximum(game.targets[:, 0] + 1.0, 2.5 - game.targets[:, 0]) ** 2
    assert values["regret"] == pytest.approx(max(gains / ranges), abs=1e-10)
    true = bigopt.solve(game).receiver[0]
    assert values["median"] == pytest.approx(abs(true - here) / 3.5, abs=1e-12)
    labels = game.drawn
    drawn = []
    for i, target in enumerate(game.targets[:, 0]):
        moved = [_estimate(labels, np.where(np.arange(4) == i, x, actions)) for x in np.linspace(-1.0, 2.5, 400)]
        drawn.append(max(0.0, (fields["sample_receiver"][0] - target) ** 2 - min((x - target) ** 2 for x in moved)))
    assert fields["regrets"] == pytest.approx(drawn, abs=1e-9) and fields["regret"] == fields["regrets"].max()


def _estimate(labels: Any, actions: Any) -> float:
    """Return the zero of the drawn labels' score."""
    a, b = labels.offsets, labels.slopes[:, 0]
    statistic = float(b @ labels.labels(actions[:, None]))
    return float(brentq(lambda x: b @ expit(a + b * x) - statistic, -60.0, 60.0, xtol=1e-13))


@pytest.mark.parametrize(("low", "high"), [(-1.0, 2.0), (1000.0, 1003.0), (0.5, 0.75)])
def test_how_far_outside_is_in_widths(low: float, high: float) -> None:
    game = Preferences([[low], [high]], Box([low], [high]), [20, 20], LAW | {"points": [[low], [high], [high + 1]]})
    width = high - low
    for outside in (0.1 * width, -0.1 * width):
        actions = np.array([[low], [high + outside]]) if outside > 0 else np.array([[low + outside], [high]])
        fields, _, values = judged(game, "equilibrium", {"actions": actions})
        assert values["feasibility"] == pytest.approx(0.1, rel=1e-9)
        assert fields["actions"].ravel().tolist() == [low, high]
    edge = np.array([[low], [high + 0.5e-14 * max(abs(low), abs(high))]])
    assert judged(game, "equilibrium", {"actions": edge})[2]["feasibility"] == 0.0
    beyond = np.array([[low], [high + 1e-12 * max(abs(low), abs(high))]])
    assert judged(game, "equilibrium", {"actions": beyond})[2]["feasibility"] > 0.0


def test_a_set_of_one_point_has_no_width() -> None:
    game = Preferences([[0.5], [0.5]], Box([0.5], [0.5]), [20, 20], LAW)
    _, certificate, values = judged(game, "equilibrium", {"actions": [[0.5], [0.5]]})
    assert certificate.verified and values["regret"] == values["median"] == values["resolution"] == 0.0
    assert judged(game, "equilibrium", {"actions": [[0.5], [0.6]]})[2]["feasibility"] == np.inf
    assert judged(game, "receiver", {"receiver": [0.4]}, profiles=3, points=3)[0]["population"]["x"] == [0.5]


def test_h_is_held_against_a_finer_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """With three nodes a side H is wrong: by as much as the rule of six says, in spreads and in its own range."""
    from bigopt.games.preferences.exact import score

    uniform = {"distribution": "uniform", "low": -2.0, "high": 4.0}
    game = Preferences([[0.2], [0.9]], Box([-0.5], [1.0]), [30, 10], uniform, seed=2)
    point = {"actions": [[-0.5], [1.0]]}
    assert game.responses is not None
    coarse, finer = (score.LawScore(game.responses, game.weights, nodes) for nodes in (3, 6))
    with monkeypatch.context() as patched:
        patched.setattr(score, "of", lambda game: coarse)
        fields, certificate, values = judged(game, "equilibrium", point)
    places = np.array([-0.5, fields["receiver"][0], 1.0])
    off = float(np.abs(coarse.value(places) - finer.value(places)).max())
    assert values["quadrature"] == pytest.approx(off / float(game.responses.spread[0]))
    ends = coarse.value(np.array([-0.5, 1.0]))
    assert values["resolution"] == pytest.approx(off / float(ends[1] - ends[0]))
    assert {"quadrature", "resolution"} <= {check.name for check in certificate.failed}


def _log_likelihood(game: Preferences, x: Any) -> float:
    pairs = game.drawn
    signs = np.where(pairs.labels(game.targets), 1.0, -1.0)
    return float(np.log(expit(signs * (pairs.offsets + pairs.slopes @ x))).sum())


@pytest.mark.parametrize("samples", [40, 4000])
def test_the_curve_is_four_errors_or_a_tenth_of_the_set(samples: int) -> None:
    game = random_space(1, players=2, samples=samples)
    found = bigopt.solve(game, "receiver", options={"profiles": 4, "points": 5})
    half = np.maximum(4.0 * found.sd, 0.2)  # X is two wide
    assert found.curve["offsets"] == pytest.approx(half[:, None] * np.array([-1.0, -0.5, 0.0, 0.5, 1.0]))
    assert found.surface["offsets"] == pytest.approx(found.curve["offsets"])
    for k, axis in enumerate(np.eye(2)):
        wanted = [_log_likelihood(game, found.receiver + step * axis) for step in found.curve["offsets"][k]]
        assert found.curve["log_likelihood"][k] == pytest.approx(wanted)
    first, second = found.surface["offsets"]
    table = [[_log_likelihood(game, found.receiver + [x, y]) for y in second] for x in first]
    assert found.surface["log_likelihood"] == pytest.approx(np.array(table))
    assert found.log_likelihood == pytest.approx(_log_likelihood(game, found.receiver))
    scores = (
        game.drawn.slopes
        * (game.drawn.labels(game.targets) - game.drawn.chances(np.tile(found.receiver, (2, 1))))[:, None]
    )
    each = [scores[game.drawn.of(i)] for i in range(2)]
    outer = sum(part.T @ part - np.outer(part.sum(axis=0), part.sum(axis=0)) / len(part) for part in each)
    chances = game.drawn.chances(np.tile(found.receiver, (2, 1)))
    inverse = np.linalg.inv((game.drawn.slopes * (chances * (1 - chances))[:, None]).T @ game.drawn.slopes)
    assert found.fisher_sd == pytest.approx(np.sqrt(np.diag(inverse)), rel=1e-6)
    assert found.sd == pytest.approx(np.sqrt(np.diag(inverse @ outer @ inverse)), rel=1e-2)


def test_what_is_not_asked_or_too_large_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from bigopt.games.preferences.verify import receiver

    game = random_space(1, players=2, samples=40)
    point = {"receiver": bigopt.solve(game, "receiver", options={"profiles": 4, "points": 3}).receiver}
    fields = judged(game, "receiver", point, profiles=4, points=1)[0]
    assert fields["curve"] is None and fields["surface"] is None
    assert judged(game, "receiver", point, profiles=4, points=2)[0]["curve"]["offsets"].shape == (2, 2)
    assert judged(game, "receiver", point, profiles=4, points=4)[0]["surface"] is None  # under five points a side
    assert judged(game, "receiver", point, profiles=4, points=41)[0]["surface"]["log_likelihood"].shape == (25, 25)
    monkeypatch.setattr(receiver, "TERMS", 80 * 36)  # 80 comparisons: six points a side
    assert judged(game, "receiver", point, profiles=4, points=41)[0]["surface"]["log_likelihood"].shape == (6, 6)
    assert judged(game, "receiver", point, profiles=1, points=2)[0]["affine"] is None
    line = random_line(1, players=2)
    found = bigopt.solve(line, "receiver", options={"profiles": 4, "points": 41})
    assert found.surface is None and found.curve["offsets"].shape == (1, 41)
    population = found.population
    assert population["x"].tolist() == np.linspace(-1.0, 1.5, 41).tolist()
    assert population["receiver"] == pytest.approx(_inverse(population, line), abs=1e-2)


def _inverse(population: Fields, game: Preferences) -> list[float]:
    """Return where the coordinate H, read off its table, is the weighted mean of the targets' H."""
    x, values = population["x"], population["H"]
    mean = float(game.weights @ np.interp(game.targets[:, 0], x, values))
    return [float(np.interp(mean, values, x))]


def _entry(mover: int | None, actions: Any, receiver: Any = None) -> Fields:
    return {"mover": mover, "actions": np.array(actions, dtype=float).reshape(-1, 1), "receiver": receiver}


def _best(game: Preferences, player: int, actions: Any, end: tuple[float, float]) -> float:
    """Return the least loss that any fake point of a fine grid gives a player on the drawn labels."""
    moved = [
        _estimate(game.drawn, np.where(np.arange(game.players) == player, x, actions)) for x in np.linspace(*end, 400)
    ]
    return float(min((x - game.targets[player, 0]) ** 2 for x in moved))


def test_what_was_left_on_the_way_is_in_gains_that_move_nobody() -> None:
    """The second player first, who stops short: what it and the first one, passed over, could have gained."""
    game = random_line(5, players=3, samples=60)
    truth, box = game.targets[:, 0], (-1.0, 1.5)
    moved = truth.copy()
    moved[1] = 0.5 * truth[1] + 0.5 * (1.5 if truth[1] > _estimate(game.drawn, truth) else -1.0)
    point = {"trajectory": [_entry(None, truth, [_estimate(game.drawn, truth) + 0.01]), _entry(1, moved)]}
    fields, certificate, values = judged(game, "dynamics", point)
    ranges = np.maximum(truth + 1.0, 1.5 - truth) ** 2
    before, after = _estimate(game.drawn, truth), _estimate(game.drawn, moved)
    left = (after - truth[1]) ** 2 - _best(game, 1, moved, box)
    passed = (before - truth[0]) ** 2 - _best(game, 0, truth, box)
    assert min(left, passed) > 1e-3
    wanted = max(left / ranges[1], passed / ranges[0]) / 1e-9
    assert values["history"] == pytest.approx(wanted, rel=1e-6)
    regrets = [(after - truth[i]) ** 2 - _best(game, i, moved, box) for i in range(3)]
    assert fields["regrets"] == pytest.approx(regrets, abs=1e-8) and certificate.max_regret == max(fields["regrets"])
    assert values["regret"] == pytest.approx(max(regrets / ranges) / 1e-9, rel=1e-6)
    assert values["receivers"] == pytest.approx(0.01 / 2.5, rel=1e-6) and values["feasibility"] == 0.0
    gaining = sum(regret > 1e-9 * most for regret, most in zip(regrets, ranges, strict=True))
    assert values["nobody gains"] == gaining + 2 and values["score"] == 0.0
    assert fields["losses"] == pytest.approx((after - truth) ** 2) and fields["updates"] == 1
    assert fields["labels"] == "drawn" and fields["local"] is False
    alone = judged(game, "dynamics", {"trajectory": point["trajectory"][:1]})[2]
    assert alone["history"] == 0.0
    outside = judged(game, "dynamics", {"trajectory": [_entry(None, truth), _entry(1, [truth[0], 1.75, truth[2]])]})[2]
    assert outside["feasibility"] == pytest.approx(0.1)


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
    """The parabola along the best corner of the box, its slope from estimates at points nearby."""
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
    assert local.receivers(game.drawn, [x], receiver[None], Deadline()).passed
    gains = []
    for i in range(3):
        jacobian = np.empty((2, 2))
        for k in range(2):
            up, down = x.copy(), x.copy()
            up[i, k], down[i, k] = x[i, k] + step, x[i, k] - step
            jacobian[:, k] = (rule.receiver(up) - rule.receiver(down)) / (2 * step)
        slope = 2 * jacobian.T @ (receiver - game.targets[i])
        way = np.where(slope < 0, scale, -scale) - x[i]
        along = np.linspace(0.0, 1.0, 2001)[:, None] * (jacobian @ way)
        losses = ((receiver + along - game.targets[i]) ** 2).sum(axis=1)
        gains.append((losses[0] - losses.min()) / game.loss_ranges[i])
    for i, gain in enumerate(gains):
        found = local.replies(game, game.drawn, [x], receiver[None], [(0, i)], Deadline())
        assert found.value == pytest.approx(gain, rel=1e-3, abs=1e-12)
    whole = local.replies(game, game.drawn, [x], receiver[None], [(0, i) for i in range(3)], Deadline())
    assert whole.value == pytest.approx(max(gains), rel=1e-3) and not whole.passed


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
    point = {"actions": game.targets + 0.002, "misreports": reports, "searched": 2}
    fields, certificate, values = judged(game, "truthful", point)
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
    for wrong in ({"searched": 4}, {"searched": -1}, {"misreports": [[0.0, 0.0]]}):
        with pytest.raises(bigopt.InstanceError, match=next(iter(wrong))):
            judged(game, "truthful", {"actions": game.targets} | wrong)
