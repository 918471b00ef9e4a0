"""The receiver of infinitely many labels in several dimensions, the surface, and how sure H is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

import bigopt
from bigopt import Ball, Box, Preferences
from bigopt.concepts import Deadline
from bigopt.games.preferences.exact import population, score
from bigopt.games.preferences.exact.likelihood import Likelihood

UNIFORM = {"distribution": "uniform", "low": -2, "high": 2}
NORMAL = {"distribution": "normal", "mean": 0, "sd": 1.5}


def plane(law: dict[str, object], samples: int = 50, seed: int = 0) -> Preferences:
    return Preferences([[0.5, 0.0], [-0.3, 0.6]], Ball(np.zeros(2), 1.0), [samples, 2 * samples], law, seed)


@pytest.mark.parametrize("law", [UNIFORM, NORMAL])
def test_in_one_dimension_it_is_the_one_of_h(law: dict[str, object]) -> None:
    """The coordinate H by the double exponential rule is another integral of the same."""
    game = Preferences([[0.7], [-0.4], [0.1]], Box([-1], [1]), [10, 20, 30], law)
    coordinate = score.of(game)
    exact = coordinate.invert(float(coordinate.shares(game.targets[:, 0]).sum()), -1.0, 1.0)
    found = population.of(game, Deadline())
    assert found is not None
    assert abs(float(found.receiver[0]) - exact) <= 5 * float(found.error[0]) + 1e-9 and found.error[0] < 1e-3


def test_given_points_are_summed_exactly() -> None:
    """The first-order condition, written out over all pairs, holds at the receiver."""
    points = np.random.default_rng(1).normal(size=(9, 2)).round(2)
    game = plane({"distribution": "given", "points": points.tolist()})
    found = population.of(game, Deadline())
    assert found is not None and not found.error.any()

    def gradient(x: np.ndarray) -> np.ndarray:
        total = np.zeros(2)
        for y in points:
            for other in points:
                b = 2 * (y - other)
                total += b * expit(other @ other - y @ y + b @ x)
        return total

    mean = game.weights @ np.array([gradient(t) for t in game.targets])
    assert gradient(found.receiver) == pytest.approx(mean, abs=1e-9)


def test_a_large_sample_comes_near_it_and_moves_alike() -> None:
    game = plane(UNIFORM, samples=40_000, seed=3)
    found = population.of(game, Deadline())
    assert found is not None and found.slopes is not None
    pairs = game.drawn
    rule = Likelihood(pairs.offsets, pairs.slopes)
    estimate = rule.fit(pairs.chances(game.targets), game.targets[0])
    assert estimate == pytest.approx(found.receiver, abs=0.02)
    step = 1e-4
    for k in range(2):
        other = game.targets.copy()
        other[0, k] += step
        moved = rule.fit(pairs.chances(other), estimate)
        assert (moved - estimate) / step == pytest.approx(found.slopes[0][:, k], abs=0.02)
    assert np.trace(found.slopes.sum(axis=0)) / 2 == pytest.approx(1.0, abs=0.2)


def test_the_surface_is_the_likelihood_around_its_maximum(tmp_path: Path) -> None:
    game = plane(UNIFORM)
    solution = bigopt.solve(game, "receiver")
    values, offsets = solution.surface["log_likelihood"], solution.surface["offsets"]
    assert values.max() <= solution.log_likelihood + 1e-12
    pairs = game.drawn
    corner = solution.receiver + [offsets[0][0], offsets[1][-1]]
    signs = np.where(pairs.labels(game.targets), 1.0, -1.0)
    margins = signs * (pairs.offsets + pairs.slopes @ corner)
    assert values[0][-1] == pytest.approx(np.log(expit(margins)).sum())
    solution.plot(tmp_path / "surface.png")
    assert (tmp_path / "surface.png").stat().st_size > 10_000


def test_h_is_resolved_to_rounding_whatever_the_action_set() -> None:
    """A small set far out: H is exact to its own size, and the receiver only as sure as rounding allows."""
    law = {"distribution": "uniform", "low": -10, "high": 10}
    checks = {}
    for half in (1.0, 1e-5):
        game = Preferences([[3.0 - half / 2], [3.0 + half / 2]], Box([3 - half], [3 + half]), [10, 10], law)
        checks[half] = {c.name: c for c in bigopt.solve(game, "equilibrium").certificate.checks}
    for found in checks.values():
        assert found["quadrature"].passed and found["quadrature"].value < 1e-13
    assert checks[1.0]["resolution"].value < 1e-12 < checks[1e-5]["resolution"].value < 1e-8
