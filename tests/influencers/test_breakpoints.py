"""Where a box equilibrium's receiver bends: by hand, and against equilibria solved beside and between the bends."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import bigopt
from bigopt.cli import app
from bigopt.games.influencers.exact.breakpoints import breakpoints


def game() -> bigopt.Influencers:
    return bigopt.Influencers(targets=[[2.0], [4.0]], weights=[0.5, 0.5], action_set=bigopt.Box([0.0], [6.0]))


def test_by_hand() -> None:
    """With w_1 = w the median is of 0, 2, 4, 6w, 3 + 6w: 2 up to w = 1/3, 6w up to 2/3, then 4."""
    assert breakpoints(game(), ["weights", 1], 0.0, 1.0) == [Fraction(1, 3), Fraction(2, 3)]
    assert breakpoints(game(), ["weights", 1], 0.4, 0.6) == []


@pytest.mark.parametrize("seed", range(6))
def test_between_bends_the_receiver_is_a_line(seed: int) -> None:
    """Solved equilibria: affine between two bends, not affine across one; weights of both signs, two coordinates."""
    rng = np.random.default_rng(seed)
    base = bigopt.Influencers(
        targets=rng.integers(-9, 10, (4, 2)) / 2,
        weights=rng.integers(-3, 6, 4) / 4,
        action_set=bigopt.Box([-2.0, -1.0], [1.5, 3.0]),
        background_weight=0.5,
        background_point=[1.0, -0.5],
    )
    for path, text in (
        (["weights", 2], "weights[2]"),
        (["background", "point", 0], "background.point[0]"),
        (["background", "weight"], "background.weight"),
        (["targets", 1, 0], "targets[1][0]"),
    ):
        ends = [-3.0, *map(float, breakpoints(base, path, -3.0, 3.0)), 3.0]
        inner = [[a, (a + b) / 2, b] for a, b in zip(ends, ends[1:], strict=False) if b - a > 1e-6]
        rows = bigopt.sweep(base, {text: [x for three in inner for x in three]})
        found = {row[text]: np.array(row["receiver"]) for row in rows if row["solved"]}
        assert len(found) == len({x for three in inner for x in three})
        slopes = []
        for a, m, b in inner:
            assert found[m] == pytest.approx((found[a] + found[b]) / 2, abs=1e-9)
            slopes.append((found[b] - found[a]) / (b - a))
        for one, other in zip(slopes, slopes[1:], strict=False):
            assert np.abs(one - other).max() > 1e-9


def test_the_sweep_has_them(tmp_path: Path) -> None:
    rows = bigopt.sweep(game(), {"weights[1]": [0.0, 0.5, 1.0]}, breakpoints=True)
    assert [row["weights[1]"] for row in rows] == [0.0, 1 / 3, 0.5, 2 / 3, 1.0]
    assert [row["breakpoint"] for row in rows] == [None, "1/3", None, "2/3", None]
    assert [row["receiver"][0] for row in rows] == pytest.approx([2.0, 2.0, 3.0, 4.0, 4.0])
    words = ["sweep", "big/example-1-opposed", "--set", "weights[1]=0:1:2", "--breakpoints", "--out", str(tmp_path)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0 and "bends at weights[1] = 1/3" in done.stdout, done.output
    again = CliRunner().invoke(app, ["report", str(tmp_path)])
    assert again.exit_code == 2 and "the rows of a sweep" in again.stderr and "--field" in again.stderr


def test_refused_up_front(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no point could be solved with is an error before the first one."""
    monkeypatch.setattr("bigopt.compare.cluster.PATIENCE", 0.2)  # nobody answers
    grid = {"weights[1]": [0.0, 1.0]}
    for arguments, text in (
        ({"player": 1}, "not an argument of nash"),
        ({"solver": "glpk"}, "glpk"),
        ({"breakpoints": True, "concept": "truthful"}, "breakpoints: not of truthful"),
    ):
        with pytest.raises(bigopt.BigoptError, match=text):
            bigopt.sweep(game(), grid, **arguments)
    with pytest.raises(bigopt.UsageError, match="2 paths, expected one"):
        bigopt.sweep(game(), grid | {"weights[0]": [1.0]}, breakpoints=True)
    with pytest.raises(bigopt.UsageError, match="expected a weight, a target"):
        bigopt.sweep(game(), {"action_set.lower[0]": [0.0, 1.0]}, breakpoints=True)
    with pytest.raises(bigopt.UsageError, match="give the address"):
        bigopt.sweep(game(), grid, dask="tcp://127.0.0.1:1")
