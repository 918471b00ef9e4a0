"""The numbers of certificates of profiles that are no answer, each by a formula of its own."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import expit

from bigopt import Box, Preferences
from bigopt.concepts.solution import Certificate
from bigopt.games import kinds

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
