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
        moved = [estimate(labels, np.where(np.arange(4) == i, x, actions)) for x in np.linspace(-1.0, 2.5, 400)]
        drawn.append(max(0.0, (fields["sample_receiver"][0] - target) ** 2 - min((x - target) ** 2 for x in moved)))
    assert fields["regrets"] == pytest.approx(drawn, abs=1e-9) and fields["regret"] == fields["regrets"].max()


def estimate(labels: Any, actions: Any) -> float:
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
        fields, certificate, values = judged(game, "equilibrium", {"actions": actions})
        assert certificate.checks[0].name == "feasibility" and certificate.checks[0].grade == "proved"
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
