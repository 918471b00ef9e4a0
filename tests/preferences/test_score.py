"""The coordinate H beside other quadratures, and what follows from it."""

import numpy as np
import pytest
from scipy.integrate import dblquad

from bigopt.games.preferences import laws
from bigopt.games.preferences.exact import score
from bigopt.games.preferences.exact.score import LawScore
from tests.preferences.games import paper, random_line

ONE = np.ones(1)


def h(law: laws.Law, x: float) -> float:
    return float(LawScore(law, ONE).value(np.array([x]))[0])


@pytest.mark.parametrize("x", [-3.0, -0.4, 0.3, 1.0])
def test_uniform_and_normal_against_a_double_integral(x: float) -> None:
    def term(b: float, a: float) -> float:
        return float((a - b) * np.tanh(0.5 * (a - b) * (2 * x - a - b)))

    uniform = laws.read({"distribution": "uniform", "low": -2.0, "high": 1.0}, "r", 1)
    assert h(uniform, x) == pytest.approx(dblquad(term, -2, 1, -2, 1)[0] / 9, abs=1e-7)
    normal = laws.read({"distribution": "normal", "mean": 0.5, "sd": 0.8}, "r", 1)

    def weighted(b: float, a: float) -> float:
        return term(b, a) * float(np.exp(-((a - 0.5) ** 2 + (b - 0.5) ** 2) / 1.28)) / (2 * np.pi * 0.64)

    assert h(normal, x) == pytest.approx(dblquad(weighted, -5, 6, -5, 6)[0], abs=1e-7)


def test_given_points_approach_the_uniform_law() -> None:
    points = (np.arange(1000) + 0.5) / 1000 * 3 - 2
    given = laws.read({"distribution": "given", "points": points[:, None]}, "r", 1)
    uniform = laws.read({"distribution": "uniform", "low": -2.0, "high": 1.0}, "r", 1)
    for x in (-1.5, 0.2, 2.0):
        assert h(given, x) == pytest.approx(h(uniform, x), abs=1e-5)


def test_limits_of_small_and_large_spreads() -> None:
    """Coin tosses: H = E[s^2 (2x - m)]/2 = 2 x Var(y); sharp labels: E[s sign(2x - m)] s, about 2x for |x| << width."""
    small = laws.read({"distribution": "uniform", "low": -1e-4, "high": 1e-4}, "r", 1)
    assert h(small, 0.7) == pytest.approx(2 * 0.7 * (2e-4) ** 2 / 12, rel=1e-6)
    large = laws.read({"distribution": "uniform", "low": -1e5, "high": 1e5}, "r", 1)
    assert h(large, 1.0) == pytest.approx(2.0, rel=1e-4)


@pytest.mark.parametrize("law", [{}, {"distribution": "normal", "mean": 0.2, "sd": 2.0}])
def test_slope_is_the_derivative_and_invert_inverts(law: dict[str, object]) -> None:
    coordinate = score.of(random_line(1, **law))
    x, step = np.array([-0.5, 0.1, 1.2]), 1e-5
    numeric = (coordinate.value(x + step) - coordinate.value(x - step)) / (2 * step)
    assert coordinate.slope(x) == pytest.approx(numeric, rel=1e-7)
    for point in x:
        value = float(coordinate.value(np.array([point]))[0])
        assert coordinate.invert(value, -1.0, 1.5) == pytest.approx(point, abs=1e-13)


def test_the_population_receiver_is_the_mean_over_many_seeds() -> None:
    """0.0972 by quadrature; the mean of 25 drawn estimates is within 4 of its standard errors."""
    from bigopt.games.preferences.exact.likelihood import Likelihood

    found = []
    for seed in range(25):
        pairs = paper(seed).drawn
        found.append(Likelihood(pairs.offsets, pairs.slopes).fit(pairs.labels(paper().targets), np.zeros(1))[0])
    coordinate = score.of(paper())
    population = coordinate.invert(float(coordinate.shares(np.array([-0.1, 0.3])).sum()), -1.0, 1.0)
    assert population == pytest.approx(np.mean(found), abs=4 * np.std(found) / 5)
    assert population == pytest.approx(0.0972, abs=5e-5)
