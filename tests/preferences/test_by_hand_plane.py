"""Every field and every check in the plane, and of the receiver, by scipy's root finders and differences."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize, root
from scipy.special import expit

import bigopt
from bigopt import Box, Preferences
from bigopt.concepts import Deadline
from bigopt.errors import SolverFailed
from bigopt.games.preferences.exact.expected import ExpectedLabels
from bigopt.games.preferences.verify import local
from tests.persuasion.test_by_hand import same
from tests.preferences.test_by_hand import said, turns
from tests.preferences.test_certificates import Fields, judged

PLANE = [("feasibility", "proved", 1e-9), ("receivers", "recomputed", 1e-8), ("history", "recomputed", 1.0)]
PLANE += [("regret", "recomputed", 1.0), ("random deviations", "searched", 10 * 1e-6)]
PLANE += [("estimates", "proved", 1e-6), ("first order", "recomputed", 1e-5)]
TRUTHFUL = [
    ("feasibility", "proved", 1e-6),
    ("mechanism", "recomputed", 1e-6),
    *PLANE[-2:],
    ("misreports", "searched", 1.0),
]
Box2 = Box([-1.0, -0.5], [1.0, 0.5])
NORMAL = {"distribution": "normal", "mean": 0.0, "sd": 1.5}


def estimated(pairs: Any, actions: Any, start: Any = (0.0, 0.0)) -> Any:
    """Return the zero of the score of labels that are replaced by their probabilities."""
    a, b = pairs.offsets, pairs.slopes
    own = np.asarray(actions)[pairs.player]
    wanted = b.T @ expit(a + (b * own).sum(axis=1))
    return root(lambda x: b.T @ expit(a + b @ x) - wanted, start, tol=1e-13).x


def plane(seed: int) -> Preferences:
    rng = np.random.default_rng(seed)
    return Preferences(rng.uniform([-1, -0.5], [1, 0.5], (3, 2)), Box2, [30, 20, 40], NORMAL, seed=seed)


def ranges_of(targets: Any) -> Any:
    """Return the players' units: twice the square of how far the nearer pair of sides lets the receiver go."""
    return 2 * ((np.abs(targets) + [1.0, 0.5]) ** 2).min(axis=1)


def replied(game: Preferences, player: int, actions: Any, here: Any) -> tuple[float, Any]:
    """Return what a player could gain by the best fake point that scipy finds from two starts, and this point."""
    target = game.targets[player]

    def loss(x: Any) -> float:
        moved = np.where(np.arange(3)[:, None] == player, x, actions)
        return float(((estimated(game.drawn, moved, here) - target) ** 2).sum())

    starts = [actions[player], np.sign(target - here) * [1.0, 0.5]]
    found = [minimize(loss, x, bounds=[(-1, 1), (-0.5, 0.5)], options={"ftol": 1e-14}) for x in starts]
    best = min(found, key=lambda each: each.fun)
    return max(0.0, float(((here - target) ** 2).sum()) - best.fun), best.x


def halfway(game: Preferences, movers: list[int]) -> list[Fields]:
    """Return a trajectory in which everybody goes half of its way to a corner, and gains."""
    x = game.targets.copy()
    path: list[Fields] = [{"mover": None, "actions": x, "receiver": estimated(game.drawn, x)}]
    for mover in movers:
        there = np.sign(x[mover] - path[-1]["receiver"]) * [1.0, 0.5]
        x = np.where(np.arange(3)[:, None] == mover, 0.5 * (x + there), x)
        path.append({"mover": mover, "actions": x, "receiver": estimated(game.drawn, x)})
        before, after = (((entry["receiver"] - game.targets[mover]) ** 2).sum() for entry in path[-2:])
        assert before - after > 1e-3
    return path


@pytest.mark.parametrize("movers", [[2, 0], [1]])
def test_moves_in_the_plane_that_stop_short(movers: list[int]) -> None:
    """Bisections are of one dimension: with `steps` everything is as without."""
    game = plane(4)
    path, asked = halfway(game, movers), turns(movers)
    limits = 1e-6 * ranges_of(game.targets)
    kept = [replied(game, i, path[k]["actions"], path[k]["receiver"])[0] / limits[i] for k, i in asked]
    end, here = path[-1]["actions"], path[-1]["receiver"]
    regrets = [replied(game, i, end, here)[0] for i in range(3)]
    known = {
        "trajectory": [entry | {"iteration": k} for k, entry in enumerate(path)],
        "actions": end,
        "receiver": here,
        "losses": ((here - game.targets) ** 2).sum(axis=1),
        "updates": len(movers),
        "labels": "expected",
        "local": True,
        "population": None,
        "affine": None,
    }
    for steps in (0, 3):
        fields, certificate, values = judged(game, "dynamics", {"trajectory": path}, steps=steps)
        assert said(certificate) == PLANE and certificate.tolerance == pytest.approx(1e-6)
        assert values["history"] == pytest.approx(max(kept), rel=1e-3)
        assert values["regret"] == pytest.approx(max(regrets / limits), rel=1e-3)
        assert values["receivers"] < 1e-9 and values["estimates"] < 1e-6
        assert certificate.max_regret == fields["regret"] and fields.pop("regret") == max(fields["regrets"])
        assert fields.pop("regrets") == pytest.approx(regrets, rel=1e-3, abs=1e-6)
        same(fields, known)


@pytest.mark.parametrize("movers", [[2, 0], [1]])
def test_who_is_asked_and_what_is_tried_in_the_plane(movers: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Fake points of which no receiver is found are left out."""
    game = plane(4)
    path = halfway(game, movers)
    end, here = path[-1]["actions"], path[-1]["receiver"]
    asked = [(path[k], i) for k, i in [*turns(movers), *((len(movers), i) for i in range(3))]]
    first = [
        local.replies(game, game.drawn, [entry["actions"]], entry["receiver"][None], [(0, i)], Deadline()).value
        for entry, i in asked
    ]
    _, certificate, values = judged(game, "dynamics", {"trajectory": path})
    assert [check.name for check in certificate.checks if check.claimed is False] == ["random deviations"]
    assert values["first order"] == pytest.approx(max(first), rel=1e-6)
    assert values["random deviations"] == pytest.approx(_tried(game, end, here, lambda _: False), rel=1e-6)

    def refused(actions: Any) -> bool:  # for everybody's fake points on one side
        others = [all((x != entry["actions"][i]).any() for entry in path) for i, x in enumerate(actions)]
        return bool((np.array(others) & (actions[:, 0] > 0.5)).any())

    def failing(rule: ExpectedLabels, actions: Any) -> Any:
        if refused(actions):
            raise SolverFailed("no receiver", "unbounded")
        return estimated(game.drawn, actions)

    monkeypatch.setattr(ExpectedLabels, "receiver", failing)
    values = judged(game, "dynamics", {"trajectory": path})[2]
    assert values["random deviations"] == pytest.approx(_tried(game, end, here, refused), rel=1e-6)


def _tried(game: Preferences, end: Any, here: Any, refused: Callable[[Any], bool]) -> float:
    """Return the largest gain of the twenty random fake points of each player, in its range."""
    rng, worst = np.random.default_rng(game.seed), 0.0
    ranges = ranges_of(game.targets)
    for i in range(3):
        for x in [-1.0, -0.5] + [2.0, 1.0] * rng.random((20, 2)):
            moved = np.where(np.arange(3)[:, None] == i, x, end)
            if refused(moved):
                continue
            after = estimated(game.drawn, moved, here)
            losses = [float(((y - game.targets[i]) ** 2).sum()) for y in (here, after)]
            worst = max(worst, (losses[0] - losses[1]) / ranges[i])
    return worst


def test_a_reply_that_moves_the_receiver_little_is_found() -> None:
    """One pair of the first player says something about the first coordinate, and sixty about the other one."""
    b = np.concatenate([[[1.0, 0.0]], [[0.0, 1.0]] * 60, [[1.0, 0.0]] * 2000, [[0.0, 1.0]] * 60]) / 4.0
    told = {"player": [0] * 61 + [1] * 2060, "y": b, "y_prime": -b, "label": np.arange(len(b)) % 2}
    game = Preferences([[1.0, 0.02], [-1.0, 0.0]], Box([-1.0, -1.0], [1.0, 1.0]), comparisons=told)
    x = np.array([[0.0, 0.040001], [-1.0, 0.0]])  # all but the best in the second coordinate
    here, there = estimated(game.drawn, x), estimated(game.drawn, [[1.0, 0.04], [-1.0, 0.0]])
    losses = [((y - game.targets[0]) ** 2).sum() for y in (here, there)]
    gain = (losses[0] - losses[1]) / game.loss_ranges[0]
    found = local.replies(game, game.drawn, [x], here[None], [(0, 0)], Deadline())
    assert gain > 4e-4 and not found.passed and found.value == pytest.approx(gain, rel=0.1)


def test_a_set_of_one_point_in_the_plane_is_left_by_nobody() -> None:
    point = [0.3, -0.2]
    game = Preferences([point] * 2, Box(point, point), [30, 20], NORMAL, seed=1)
    for concept, options in (("dynamics", {}), ("truthful", {"players": 0})):
        found = bigopt.solve(game, concept, options=options)
        assert found.solved and found.actions.tolist() == [point] * 2


def settled(game: Preferences, targets: Any, start: Any) -> Any:
    """Return the receiver at which replies that scipy finds end, in the game of some reports."""
    told, x = game.with_targets(targets), np.array(start)
    here, moved = estimated(game.drawn, x), True
    while moved:
        moved = False
        for i in range(3):
            gain, reply = replied(told, i, x, here)
            if gain > 1e-6 * told.loss_ranges[i]:
                x[i], moved = reply, True
                here = estimated(game.drawn, x)
    return here


def test_a_lie_in_the_plane_brings_what_replies_to_it_end_at() -> None:
    """Three who pull to three sides; the second one says something else, and gains by it."""
    targets = np.array([[-0.9, 0.3], [0.9, 0.3], [0.0, -0.45]])
    game = Preferences(targets, Box2, [60, 60, 60], NORMAL, seed=1)
    played = bigopt.solve(game, "truthful", options={"players": 0}).actions
    here, reports = settled(game, targets, played), targets.copy()
    reports[1] = [0.2, 0.5]
    before, after = (((x - targets) ** 2).sum(axis=1) for x in (here, settled(game, reports, played)))
    gains = np.array([0.0, before[1] - after[1], 0.0])
    assert gains[1] > 1e-3
    fields, certificate, values = judged(game, "truthful", {"actions": played, "misreports": reports}, players=2)
    known = {"proved": False, "actions": played, "misreports": reports, "searched": 2}
    for key, value in {"receiver": here, "gains": gains, "losses": before}.items():
        assert fields.pop(key) == pytest.approx(value, abs=2e-5)
    same(fields, known)
    ranges = ranges_of(targets)
    assert values["misreports"] == pytest.approx(gains[1] / ranges[1], rel=1e-2)
    assert said(certificate) == TRUTHFUL and certificate.verified and values["mechanism"] == 0.0
    assert [check.name for check in certificate.checks if check.claimed is False] == ["misreports"]
    off = played + [[0.0, 0.0], [0.0, 0.0], [0.1, 0.0]]
    fields, certificate, values = judged(game, "truthful", {"actions": off}, players=7)
    assert fields["searched"] == 3 and fields["misreports"].tolist() == targets.tolist()
    assert values["mechanism"] == pytest.approx(0.05) and [c.name for c in certificate.failed] == ["mechanism"]


@pytest.mark.parametrize("width", [300.0, 1000.0])
def test_a_long_side_that_labels_hardly_move_the_receiver_along_hides_no_gain(width: float) -> None:
    """By fake points of a grid a player gains what is a fifth of a unit, on sides of two and of hundreds of units."""
    box = Box([-width, -1.0], [width, 1.0])
    targets = np.array([[-0.5 * width, -0.5], [0.4 * width, 0.9], [0.9 * width, 0.9]])
    game = Preferences(targets, box, [300] * 3, {"distribution": "normal", "mean": 0.0, "sd": 1.5})
    here, gains = estimated(game.drawn, targets), []
    for i, x, y in product(range(3), width * np.array([-1.0, -0.3, -0.1, 0.0, 0.1, 0.3, 1.0]), (-1.0, 1.0)):
        there = estimated(game.drawn, np.where(np.arange(3)[:, None] == i, [x, y], targets), here)
        gains.append(float(((here - targets[i]) ** 2).sum() - ((there - targets[i]) ** 2).sum()))
    fields, certificate, _ = judged(game, "dynamics", {"trajectory": [{"mover": None, "actions": targets}]})
    assert max(gains) > 0.2 and not certificate.verified and fields["regret"] > 0.2
