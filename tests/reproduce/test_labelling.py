"""Figures 5 to 9: files, seeds, and numbers that do not depend on one seed."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bigopt.errors import UsageError
from bigopt.reproduce import draw, labelling


@pytest.fixture(autouse=True, scope="module")
def few_seeds() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(labelling, "SEEDS", 4)
        labelling._over_seeds.cache_clear()
        yield
    labelling._over_seeds.cache_clear()


@pytest.mark.parametrize("number", range(5, 10))
def test_each_figure_is_drawn_with_its_data(number: int, tmp_path: Path) -> None:
    written = draw(f"big-figure-{number}", tmp_path, seed=1)
    assert {path.suffix for path in written} == {".png", ".csv"}
    assert all(path.stat().st_size > 100 for path in written)


def test_figures_that_are_not_random_refuse_a_seed(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="takes no seed"):
        draw("big-figure-1", tmp_path, seed=1)


def test_the_paper_is_within_the_spread_of_the_experiment() -> None:
    """The paper's one run lies within 3 sampling standard deviations (from eight seeds here) of the mean."""
    table = np.array([labelling.numbers(*labelling.run(seed)) for seed in range(8)])
    z = (np.array(labelling.PRINTED) - table.mean(axis=0)) / np.maximum(table.std(axis=0, ddof=1), 0.005)
    assert np.abs(z).max() < 3.0


def test_drawn_labels_are_the_pairs_themselves() -> None:
    """y and y' come back from a and b, and follow the law; most labels prefer the nearer response."""
    played = labelling.game(3)
    rows = labelling.label_rows(played, (-0.1, 0.3))
    y, other = np.array([row.y for row in rows]), np.array([row.y_prime for row in rows])
    assert max(np.abs(y).max(), np.abs(other).max()) <= 10.0 + 1e-9
    assert abs(np.mean(y)) < 0.2 and np.std(y) == pytest.approx(20 / np.sqrt(12), rel=0.02)
    point = np.where([row.player == 0 for row in rows], -0.1, 0.3)
    nearer = np.abs(y - point) < np.abs(other - point)
    assert np.mean(nearer == (np.array([row.z for row in rows]) == 1)) > 0.9
