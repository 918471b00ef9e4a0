"""Every field and every check on a line, by loops over labels and root finders, on games of a few dozen labels."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

import bigopt
from bigopt import Box, Preferences
from bigopt.concepts.solution import Certificate
from bigopt.games.preferences.exact.drawn import DrawnLabels
from tests.persuasion.test_by_hand import same
from tests.preferences.test_certificates import LAW, Fields, estimate, height, judged, line
from tests.preferences.test_drawn import levels, small

LINE = [("feasibility", "proved", 1e-9), ("receivers", "recomputed", 1e-8), ("history", "recomputed", 1.0)]
LINE += [("regret", "recomputed", 1.0), ("score", "proved", 0.0), ("nobody gains", "recomputed", 0.0)]
EQUILIBRIUM = [("feasibility", "proved", 1e-6), ("regret", "recomputed", 1e-7), ("median", "recomputed", 1e-9)]
EQUILIBRIUM += [("quadrature", "recomputed", 1e-11), ("resolution", "recomputed", 1e-8)]
SAMPLE = ("receiver of the drawn labels", "proved", 1e-6)


def said(certificate: Certificate) -> list[tuple[str, str, float]]:
    """Return what was checked, how, and up to what."""
    return [(check.name, check.grade, check.limit) for check in certificate.checks]


def left(game: Preferences, player: int, actions: Any, here: float) -> float:
    """Return what a player could gain on the drawn labels, by an estimate at every level of its fake point."""
    target = float(game.targets[player, 0])
    return max(0.0, (here - target) ** 2 - min((x - target) ** 2 for x in levels(game, player, actions)))


def halfway(game: Preferences, movers: list[int]) -> list[Fields]:
    """Return a trajectory in which everybody goes half of its way to its end of the line."""
    x = game.targets[:, 0].copy()
    path: list[Fields] = [{"mover": None, "actions": x[:, None], "receiver": [estimate(game.drawn, x)]}]
    for mover in movers:
        end = 1.5 if game.targets[mover, 0] > path[-1]["receiver"][0] else -1.0
        x = np.where(np.arange(len(x)) == mover, 0.5 * (x + end), x)
        path.append({"mover": mover, "actions": x[:, None], "receiver": [estimate(game.drawn, x)]})
    return path


def turns(movers: list[int]) -> list[tuple[int, int]]:
    """Return who of three is asked, and after which move: who moved, and whom it passed over before it."""
    asked, turn = [], 0
    for k, mover in enumerate(movers, start=1):
        while turn != mover:
            asked.append((k - 1, turn))
            turn = (turn + 1) % 3
        asked.append((k, mover))
        turn = (turn + 1) % 3
    return asked


CASES = [(0, [2, 0]), (1, [2, 0, 1]), (2, [1]), (2, [2, 1]), (6, [2]), (6, [0, 2]), (6, [0, 0, 2]), (6, [])]


@pytest.mark.parametrize(("seed", "movers"), CASES)
def test_moves_that_stop_short(seed: int, movers: list[int]) -> None:
    """Who moved, and who was passed over, could have gained; whoever gains nothing has not moved."""
    game, _ = small(seed)
    path, truth, idle = halfway(game, movers), game.targets[:, 0], False
    limits = 1e-9 * np.maximum(truth + 1.0, 1.5 - truth) ** 2
    fields, certificate, values = judged(game, "dynamics", {"trajectory": path})
    for k, mover in enumerate(movers, start=1):
        before, after = path[k - 1]["receiver"][0], path[k]["receiver"][0]
        idle |= (before - truth[mover]) ** 2 - (after - truth[mover]) ** 2 <= limits[mover]
    left_by = {(k, i): left(game, i, path[k]["actions"][:, 0], path[k]["receiver"][0]) for k, i in turns(movers)}
    worst = [0.0, *(gain / limits[i] for (k, i), gain in left_by.items())]
    assert values["history"] == (np.inf if idle else pytest.approx(max(worst), rel=1e-6))
    end, here = path[-1]["actions"], path[-1]["receiver"][0]
    regrets = [left(game, i, end[:, 0], here) for i in range(3)]
    assert values["regret"] == pytest.approx(max(regrets / limits), rel=1e-6)
    counted = [gain > limits[i] for (k, i), gain in left_by.items()] + (regrets > limits).tolist()
    assert values["nobody gains"] == sum(counted) and values["score"] == 0.0
    assert said(certificate) == LINE and values["receivers"] < 1e-9 and values["feasibility"] == 0.0
    assert certificate.max_regret == fields["regret"] and certificate.tolerance == pytest.approx(1e-9)
    routes = {key: fields.pop(key) for key in ("population", "affine")}
    limit = bigopt.solve(game)
    assert routes["population"][-1]["receiver"] == pytest.approx(limit.receiver)
    assert routes["affine"][-1]["receiver"] == pytest.approx(limit.affine_receiver)
    known = {
        "trajectory": [entry | {"iteration": k} for k, entry in enumerate(path)],
        "actions": end,
        "receiver": [here],
        "losses": (here - truth) ** 2,
        "regret": max(regrets),
        "regrets": regrets,
        "updates": len(movers),
        "labels": "drawn",
        "local": False,
    }
    same(fields, known)


def test_what_is_beside_is_measured_in_widths() -> None:
    game, _ = small(1)
    truth = game.targets[:, 0]
    start = {"mover": None, "actions": game.targets}
    far = {"mover": 1, "actions": np.array([[truth[0]], [1.75], [truth[2]]])}
    values = judged(game, "dynamics", {"trajectory": [start, far]})[2]
    assert values["feasibility"] == pytest.approx(0.1) and values["receivers"] == 0.0
    told = start | {"receiver": [estimate(game.drawn, truth) + 0.01]}
    values = judged(game, "dynamics", {"trajectory": [told, far]})[2]
    assert values["receivers"] == pytest.approx(0.004) and values["history"] > 1.0


def test_one_player_alone_is_passed_over_by_nobody() -> None:
    game = line(-1.0, 1.5, [0.3], [30])
    found = bigopt.solve(game, "dynamics")
    assert found.solved and found.updates == 1
    assert judged(game, "dynamics", found.fields)[2]["history"] <= 1.0


def test_whoever_gains_nothing_has_not_moved() -> None:
    """After the end of a true run somebody moves in its turn and stays where it is, or at the same labels."""
    game, _ = small(1)
    found = bigopt.solve(game, "dynamics")
    last = found.trajectory[-1]
    following = (last["mover"] + 1) % 3
    for step in (0.0, 1e-9):
        end = {"mover": following, "actions": last["actions"].copy(), "receiver": last["receiver"]}
        end["actions"][following] -= np.sign(end["actions"][following]) * step
        _, certificate, values = judged(game, "dynamics", {"trajectory": [*found.trajectory, end]})
        assert [check.name for check in certificate.failed] == ["history"] and values["history"] == np.inf
    assert judged(game, "dynamics", found.fields)[1].verified


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_a_set_of_one_point_in_any_unit(unit: float) -> None:
    """Nobody can move: rounding of the score is no gain, and no error of a receiver."""
    for seed in range(2):
        point = unit * float(np.random.default_rng(seed).uniform(-1.0, 1.0))
        law = {"distribution": "uniform", "low": point - 3.0, "high": point + 3.0}
        game = Preferences([[point]] * 3, Box([point], [point]), [30, 20, 10], law, seed=seed)
        assert all(bigopt.solve(game, concept).solved for concept in ("equilibrium", "dynamics", "truthful"))
        near = Box([point], [float(np.nextafter(point, np.inf))])  # a point but for rounding
        game = Preferences([[point]] * 3, near, [30, 20, 10], law, seed=seed)
        assert all(bigopt.solve(game, concept).solved for concept in ("equilibrium", "dynamics", "truthful"))


def test_a_set_of_one_point_is_left_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside it everything is measured in the targets' unit, and receivers in standard errors."""
    game = Preferences([[0.5]] * 2, Box([0.5], [0.5]), [30, 20], LAW, seed=1)
    here = estimate(game.drawn, np.array([0.5, 0.5]))
    start: Fields = {"mover": None, "actions": [[0.5]] * 2, "receiver": [here + 0.25]}
    values = judged(game, "dynamics", {"trajectory": [start]})[2]
    assert values["receivers"] == pytest.approx(0.25) and values["history"] == 0.0
    moved = judged(game, "dynamics", {"trajectory": [start, {"mover": 1, "actions": [[0.5], [1.5]]}]})[2]
    assert moved["feasibility"] == pytest.approx(1.0) and moved["history"] == np.inf
    true, error = DrawnLabels.receiver, 1.0 / np.sqrt(_information(game, here))
    for off, wrong in ((0.9e-8, 0.0), (1.1e-8, 1.0)):
        monkeypatch.setattr(DrawnLabels, "receiver", lambda self, x, off=off: true(self, x) + off * error)
        assert judged(game, "dynamics", {"trajectory": [start]})[2]["score"] == wrong


def _information(game: Preferences, x: float) -> float:
    a, b = game.drawn.offsets, game.drawn.slopes[:, 0]
    return float((b**2 / (2.0 * np.cosh((a + b * x) / 2)) ** 2).sum())


@pytest.mark.parametrize("width", [0.02, 4.0])
def test_receivers_are_as_near_as_the_set_is_wide(width: float, monkeypatch: pytest.MonkeyPatch) -> None:
    game = line(0.5 - width / 2, 0.5 + width / 2, [0.5 - width / 2, 0.5 + width / 2], [30, 20])
    start = {"mover": None, "actions": game.targets}
    true = DrawnLabels.receiver
    for off, wrong in ((0.9e-8, 0.0), (1.1e-8, 1.0)):
        monkeypatch.setattr(DrawnLabels, "receiver", lambda self, x, off=off: true(self, x) + off * width)
        assert judged(game, "dynamics", {"trajectory": [start]})[2]["score"] == wrong


def test_three_midpoints_are_eighths_of_the_way() -> None:
    game, _ = small(11)
    found = bigopt.solve(game, "dynamics", options={"steps": 3})
    assert found.solved and found.updates == 2
    for before, after in zip(found.trajectory, found.trajectory[1:], strict=False):
        i, here = after["mover"], before["actions"][after["mover"], 0]
        end = 1.5 if game.targets[i, 0] > before["receiver"][0] else -1.0
        eighths = 8 * (after["actions"][i, 0] - here) / (end - here)
        assert eighths == pytest.approx(round(eighths)) and eighths > 0
    _, certificate, values = judged(game, "dynamics", {"trajectory": found.trajectory[:-1]}, steps=3)
    assert said(certificate)[-1] == ("bisections", "recomputed", 0.0) and values["bisections"] > 0.0
    assert values["history"] <= 1.0 and judged(game, "dynamics", found.fields, steps=3)[1].verified
    assert not judged(game, "dynamics", found.fields, steps=2)[1].verified


def inverse(value: float, low: float, high: float) -> float:
    """Return where H has a value, in a set."""
    if value <= height(low) or value >= height(high):
        return low if value <= height(low) else high
    return float(brentq(lambda v: height(v) - value, low, high, xtol=1e-15, rtol=1e-15))


@pytest.mark.parametrize("concept", ["equilibrium", "truthful"])
@pytest.mark.parametrize(("low", "high"), [(-1.0, 1.5), (0.25, 0.5)])
def test_an_equilibrium_and_a_profile_that_is_none(concept: str, low: float, high: float) -> None:
    """All from H by a double sum: which receiver, what is left to be gained, what a lie about the target brings."""
    targets, counts = low + (high - low) * np.array([0.1, 0.8, 0.85, 0.9]), np.array([30, 5, 20, 10])
    weights, game = counts / 65, line(low, high, targets.tolist(), counts.tolist())
    best = bigopt.solve(game).actions[:, 0]
    assert best.tolist() == [low, high, high, high]  # 35 of 65 pull up, not as far as 0.8
    for actions in (best, targets, np.array([low, high, low, high]), targets[::-1]):
        shares = weights * [height(x) for x in actions]
        here = inverse(float(shares.sum()), low, high)
        there = inverse(float(weights @ [height(x) for x in best]), low, high)
        gains = []
        for i, target in enumerate(targets):
            ends = [inverse(float(shares.sum() - shares[i] + weights[i] * height(x)), low, high) for x in (low, high)]
            gains.append((here - target) ** 2 - (min(max(target, ends[0]), ends[1]) - target) ** 2)
        ranges = np.maximum(targets - low, high - targets) ** 2
        fields, certificate, values = judged(game, concept, {"actions": actions[:, None]})
        assert values["regret"] == pytest.approx(max(gains / ranges), abs=1e-9)
        assert values["median"] == pytest.approx(abs(here - there) / (high - low), abs=1e-10)
        assert values["quadrature"] < 1e-11 and values["resolution"] < 1e-8
        assert certificate.max_regret == pytest.approx(max(gains), abs=1e-9) and certificate.tolerance == 1e-7
        known: Fields = {"actions": actions[:, None], "receiver": [here], "losses": (here - targets) ** 2}
        if concept == "truthful":
            assert said(certificate) == [*EQUILIBRIUM, ("truthfulness", "proved", 1e-9)]
            lies = np.maximum(0.0, (here - targets) ** 2 - (there - targets) ** 2)  # the truth brings it there
            same(fields, known | {"gains": lies, "proved": True, "searched": 4})
            continue
        assert said(certificate) == [*EQUILIBRIUM, SAMPLE]
        drawn = estimate(game.drawn, actions)
        regrets = [_left(game, i, actions, drawn, low, high) for i in range(4)]
        affine = float(weights @ best)
        more = {"unique": True, "tied": [], "affine_receiver": [affine], "sample_receiver": [drawn]}
        same(fields, known | more | {"regret": max(regrets), "regrets": regrets})


def _left(game: Preferences, player: int, actions: Any, here: float, low: float, high: float) -> float:
    """Return what a player could gain on the drawn labels, by estimates between all places where a label turns."""
    own, target = game.drawn.own(player), float(game.targets[player, 0])
    moving = own.slopes[:, 0] != 0
    places = np.sort((own.noise - own.offsets)[moving] / own.slopes[moving, 0])
    places = places[(places > low) & (places < high)]
    points = [low, *(0.5 * (places[1:] + places[:-1])), high]
    found = [estimate(game.drawn, np.where(np.arange(4) == player, x, actions)) for x in points]
    return max(0.0, (here - target) ** 2 - min((x - target) ** 2 for x in found))


def test_targets_at_one_end_are_halved_for_from_there() -> None:
    """At the first midpoints nobody's target is passed."""
    for targets in ([0.45, 0.46, 0.47, 0.49], [0.26, 0.27, 0.28, 0.3]):
        found = bigopt.solve(line(0.25, 0.5, targets, [10, 20, 20, 10]))
        assert found.solved and targets[0] <= found.receiver[0] <= targets[-1]


def test_targets_at_the_receiver_are_tied() -> None:
    game = line(-1.0, 1.5, [-1.0, 0.3, 0.3, 1.5], [10, 20, 20, 10])
    found = bigopt.solve(game)
    assert found.solved and found.tied.tolist() == [1, 2] and found.unique is False
    assert found.receiver == pytest.approx([0.3]) and found.affine_receiver == pytest.approx([0.3])


def test_labels_that_separate_have_no_receiver_and_no_regrets() -> None:
    game = Preferences([[0.0], [1.0]], Box([0.0], [1.0]), [1, 1], LAW, seed=1)
    fields, certificate, _ = judged(game, "equilibrium", {"actions": [[0.0], [1.0]]})
    assert [fields[key] for key in ("sample_receiver", "regret", "regrets")] == [None] * 3
    assert said(certificate) == EQUILIBRIUM


def test_h_that_is_flat_is_not_resolved() -> None:
    """Where all labels are certain H has one value on the whole set, and no receiver is proved."""
    for far in (20.0, 1000.0):
        law = {"distribution": "given", "points": [[far], [far + 1.0]], "probabilities": [0.5, 0.5]}
        game = Preferences([[-0.5], [0.5]], Box([-1.0], [1.0]), [300, 100], law, seed=1)
        for actions in ([[-1.0], [1.0]], [[-1.0], [-1.0]]):
            _, certificate, values = judged(game, "equilibrium", {"actions": actions})
            assert values["resolution"] == np.inf and {"median", "resolution"} <= {c.name for c in certificate.failed}
