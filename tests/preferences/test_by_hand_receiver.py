"""Every field of the estimate by root finders over all comparisons, and what misreports bring in the plane."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq, root
from scipy.special import expit

from bigopt import Box, Preferences
from tests.persuasion.test_by_hand import same
from tests.preferences.test_by_hand import inverse, said
from tests.preferences.test_certificates import Fields, height, judged, line

ESTIMATE = [("distance to the maximizer", "proved", 1e-6)]
KITE = [[-1.0, 0.0], [1.0, 0.5], [0.5, -1.0], [0.0, 0.5]]
FOUR = {"distribution": "given", "points": KITE, "probabilities": [0.25] * 4}
AXES = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])


def zero(a: Any, b: Any, wanted: Any) -> Any:
    """Return where the score of comparisons has a value."""
    if b.shape[1] == 1:
        return np.array([brentq(lambda x: b[:, 0] @ expit(a + b[:, 0] * x) - wanted[0], -99.0, 99.0, xtol=1e-13)])
    return root(lambda x: b.T @ expit(a + b @ x) - wanted, np.zeros(2), tol=1e-13).x


def pulls(game: Preferences) -> Fields:
    """Return where every player can bring the estimate by a fake point, and by any labels."""
    pairs, d = game.drawn, game.dimension
    a, b, z = pairs.offsets, pairs.slopes, pairs.labels(game.targets)
    low, high = game.action_set.bounds
    reach, anything = np.empty((2, game.players, d, 2))
    for i, k, side in product(range(game.players), range(d), range(2)):
        own, end = pairs.of(i), low.copy() if side == 0 else high.copy()
        ends = [end] if d == 1 else [np.where(np.arange(d) == k, end, other) for other in (low, high)]
        rest = b.T @ z - b[own].T @ z[own]
        moved = [zero(a, b, rest + b[own].T @ expit(a[own] + b[own] @ x))[k] for x in ends]
        found = reach[i, k, side] = game_reach(game)[i, k, side]
        assert min(abs(found - x) for x in moved) < 1e-8  # of a box several ends are farthest along an axis
        up = (b[own][:, k] > 0) if side == 1 else (b[own][:, k] < 0)
        anything[i, k, side] = zero(a, b, rest + b[own].T @ up)[k]
    return {"reach": reach, "any_labels": anything}


def by_hand(game: Preferences, here: Any, points: int) -> Fields:
    """Return what loops over the comparisons say about an estimate."""
    pairs, d = game.drawn, game.dimension
    a, b, z = pairs.offsets, pairs.slopes, pairs.labels(game.targets)
    low, high = game.action_set.bounds

    def log_likelihood(x: Any) -> float:
        return float(sum(np.log(expit(v if one else -v)) for v, one in zip(a + b @ x, z, strict=True)))

    chances = expit(a + b @ here)
    information = sum(p * (1 - p) * np.outer(s, s) for p, s in zip(chances, b, strict=True))
    scatter = np.zeros((d, d))
    for i in range(game.players):
        scores = (b * (z - chances)[:, None])[pairs.of(i)]
        scatter += len(scores) * np.cov(scores.T, bias=True).reshape(d, d)
    inverse_of = np.linalg.inv(information)
    sd = np.sqrt(np.diag(inverse_of @ scatter @ inverse_of))
    half = np.maximum(4.0 * sd, 0.1 * (high - low))
    along = [np.linspace(-h, h, points) for h in half]
    curve = [[log_likelihood(here + step * axis) for step in row] for row, axis in zip(along, np.eye(d), strict=True)]
    square = None
    if d == 2 and points >= 5:
        table = [[log_likelihood(here + [x, y]) for y in along[1]] for x in along[0]]
        square = {"offsets": along, "log_likelihood": table}
    return {
        "receiver": here,
        "sd": sd,
        "fisher_sd": np.sqrt(np.diag(inverse_of)),
        "log_likelihood": log_likelihood(here),
        "comparisons": len(a),
        "ties": sum(not row.any() for row in b),
        **pulls(game),
        "curve": {"offsets": along, "log_likelihood": curve} if points > 1 else None,
        "surface": square,
    }


def compare(found: Fields, known: Fields) -> None:
    """Every field, the tables of the log-likelihood by theirs."""
    for key in ("curve", "surface"):
        here, there = found.pop(key), known.pop(key)
        same(here or {}, there or {})
        assert (here is None) is (there is None)
    same(found, known)


def game_reach(game: Preferences) -> Any:
    """Return the field `reach` of the estimate."""
    from bigopt.concepts import Deadline
    from bigopt.games.preferences.exact import study
    from bigopt.games.preferences.exact.likelihood import Likelihood

    pairs = game.drawn
    known = Likelihood(pairs.offsets, pairs.slopes, Deadline())
    statistic = known.statistic(pairs.labels(game.targets))
    return study.reach(game, known, statistic, np.zeros(game.dimension))


@pytest.mark.parametrize(("points", "low", "high"), [(1, -1.0, 1.5), (2, -4.0, 12.0), (4, -1.0, 1.5)])
def test_the_estimate_on_a_line(points: int, low: float, high: float) -> None:
    game = line(low, high, [-0.5, 0.2, 1.0], [40, 20, 30])
    here = zero(game.drawn.offsets, game.drawn.slopes, game.drawn.slopes.T @ game.drawn.labels(game.targets))
    fields, certificate, _ = judged(game, "receiver", {"receiver": here}, profiles=6, points=points)
    assert said(certificate) == ESTIMATE and certificate.verified
    affine, population = fields.pop("affine"), fields.pop("population")
    assert affine["profiles"] == 6 and affine["comparisons"] == 90
    assert affine["coefficients"].shape == (3,) and 0.0 < affine["r_squared"] <= 1.0
    grid = np.linspace(low, high, 41)
    mean = float(sum(w * height(t) for w, t in zip(game.weights, game.targets[:, 0], strict=True)))
    same(population, {"receiver": [inverse(mean, low, high)], "x": grid, "H": [height(x) for x in grid]})
    compare(fields, by_hand(game, here, points))
    off = judged(game, "receiver", {"receiver": here + 1e-4}, profiles=6, points=points)[1]
    assert [check.name for check in off.failed] == ["distance to the maximizer"]


@pytest.mark.parametrize("points", [2, 5])
def test_the_estimate_in_the_plane(points: int) -> None:
    """A law whose pairs can be counted: the receiver of infinitely many labels, and its slopes by differences."""
    targets = np.array([[-0.5, 0.1], [0.8, -0.3]])
    game = Preferences(targets, Box([-1.0, -0.5], [1.0, 0.5]), [60, 30], FOUR, seed=3)
    here = zero(game.drawn.offsets, game.drawn.slopes, game.drawn.slopes.T @ game.drawn.labels(game.targets))
    fields, certificate, _ = judged(game, "receiver", {"receiver": here}, profiles=5, points=points)
    assert said(certificate) == ESTIMATE and certificate.verified
    assert fields.pop("affine")["profiles"] == 5
    y = np.array(KITE)
    first, second = y[np.repeat(range(4), 4)], y[np.tile(range(4), 4)]
    a, b = (second**2 - first**2).sum(axis=1), 2.0 * (first - second)

    def receiver(actions: Any) -> Any:
        return zero(a, b, sum(w * (b.T @ expit(a + b @ x)) for w, x in zip([2 / 3, 1 / 3], actions, strict=True)))

    slopes = np.empty((2, 2, 2))
    for i, k in product(range(2), range(2)):
        step = 1e-4 * (np.arange(4).reshape(2, 2) == 2 * i + k)
        slopes[i, :, k] = (receiver(targets + step) - receiver(targets - step)) / 2e-4
    assert fields["population"].pop("slopes") == pytest.approx(slopes, abs=1e-6)
    same(fields.pop("population"), {"receiver": receiver(targets), "error": [0.0, 0.0]})
    compare(fields, by_hand(game, here, points))


def known(b: Any, labels: Any) -> Preferences:
    """Return a game of one player's known pairs, each of a point and its opposite."""
    y = np.array(b) / 4.0
    told = {"player": [0] * len(y), "y": y, "y_prime": -y, "label": labels}
    return Preferences(np.zeros((1, y.shape[1])), Box([-1.0, -1.0], [1.0, 1.0]), comparisons=told)


def test_pairs_of_one_response_say_nothing() -> None:
    b = np.concatenate([AXES, AXES, -AXES])
    game = known(b, [1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1])
    fields, certificate, _ = judged(game, "receiver", {"receiver": [0.0, 0.0]}, profiles=2, points=3)
    assert fields["ties"] == 3 and fields["comparisons"] == 12 and fields["population"] is None
    assert not certificate.verified


def test_labels_along_one_axis_prove_nothing() -> None:
    """The information is singular: there are no standard errors, no curve, and no proof."""
    game = known([[1.0, 0.0], [1.0, 0.0]], [1, 0])
    fields, certificate, values = judged(game, "receiver", {"receiver": [0.0, 0.0]}, profiles=2, points=3)
    for key in ("sd", "fisher_sd", "curve", "surface", "affine"):
        assert fields[key] is None
    assert list(values.values()) == [np.inf] and not certificate.verified


def test_the_surface_has_as_many_points_as_are_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from bigopt.games.preferences.verify import receiver

    game = known(np.concatenate([AXES[1:]] * 4), [1, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1])
    here = zero(game.drawn.offsets, game.drawn.slopes, game.drawn.slopes.T @ game.drawn.labels(game.targets))

    def shape(points: int) -> Any:
        found = judged(game, "receiver", {"receiver": here}, profiles=2, points=points)[0]["surface"]
        return None if found is None else found["log_likelihood"].shape

    assert shape(26) == (25, 25) and shape(5) == (5, 5) and shape(4) is None
    monkeypatch.setattr(receiver, "TERMS", 12 * 36)
    assert shape(26) == (6, 6)
    monkeypatch.setattr(receiver, "TERMS", 12 * 24)
    assert shape(26) is None
