"""Sweeps of Example 1: two opposed players on [0, 6]; rows against the closed form of the equilibrium."""

import json

import pytest
from typer.testing import CliRunner

import bigopt
from bigopt.cli import app
from bigopt.compare.grid import parse_change
from bigopt.compare.sweep import column


def game() -> bigopt.Influencers:
    """Return Example 1: targets 2 and 4, exaggerated to 0 and 6."""
    return bigopt.Influencers(targets=[[2.0], [4.0]], weights=[0.5, 0.5], action_set=bigopt.Box([0.0], [6.0]))


def test_grid_has_the_closed_form() -> None:
    """Both players stay at their ends of [l, u], so that with equal weights x = (l + u) / 2, in the grid's order."""
    lower, upper = [0.0, 1.0], [5.0, 5.5, 6.0]
    rows = bigopt.sweep(game(), {"action_set.lower[0]": lower, "action_set.upper[0]": upper}, jobs=2)
    assert all(row["solved"] for row in rows)
    assert [row["receiver"][0] for row in rows] == pytest.approx([(a + b) / 2 for a in lower for b in upper])


def test_resumes(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """A second run of a larger grid solves only what is new, and other numbers of the game are another sweep."""
    counts: list[int] = []
    bigopt.sweep(game(), {"targets[0][0]": [1.0, 2.0]}, out=tmp_path)
    bigopt.sweep(game(), {"targets[0][0]": [1.0, 2.0, 2.5]}, out=tmp_path, report=lambda d, t: counts.append(d))
    assert counts == [2, 3]
    assert len((tmp_path / "rows.jsonl").read_text().splitlines()) == 3


def test_an_interrupted_sweep_says_what_is_safe_and_goes_on(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Ctrl-C in the third point leaves two rows, says so in a line, and the same command solves the other three."""
    words = ["sweep", "big/example-1-opposed", "--set", "weights[1]=0:1:3", "--breakpoints", "--out", str(tmp_path)]
    solve = bigopt.solve
    solved: list[int] = []

    def counted(*given, **more):  # type: ignore[no-untyped-def]
        if len(solved) == 2:
            raise KeyboardInterrupt
        solved.append(1)
        return solve(*given, **more)

    monkeypatch.setattr("bigopt.compare.sweep.solve", counted)
    stopped = CliRunner().invoke(app, words)
    assert stopped.exit_code == 130
    assert f"interrupted: 2 of 5 points are safe in {tmp_path / 'rows.jsonl'}: run the same command" in stopped.stderr
    solved += [1]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0 and len(solved) == 6
    assert "bends at weights[1] = 1/3\nbends at weights[1] = 2/3\n" in done.stdout


def test_a_dask_cluster_gives_the_same_rows() -> None:
    """The workers of a scheduler solve what this process would."""
    distributed = pytest.importorskip("distributed")
    asked = {"targets[0][0]": [0.5, 1.0, 3.5]}
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
    ) as cluster:
        far = bigopt.sweep(game(), asked, dask=cluster.scheduler_address)
    near = bigopt.sweep(game(), asked)
    assert [{**row, "seconds": 0} for row in far] == [{**row, "seconds": 0} for row in near]


def test_refused_point_is_a_row() -> None:
    """A box whose ends are crossed is refused in its row alone."""
    rows = bigopt.sweep(game(), {"action_set.lower[0]": [0.0, 7.0]})
    assert [row["solved"] for row in rows] == [True, False]
    assert "action_set.lower[0]" in rows[1]["note"]
    assert column(rows, "receiver[0]") == [pytest.approx(3.0), None]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("targets[0]", "one number"),
        ("targts[0][0]", "did you mean targets"),
        ("targets[9][0]", "2 entries"),
        ("[", "path"),
    ],
)
def test_wrong_paths(path: str, says: str) -> None:
    """A path that leads nowhere is refused before anything is solved."""
    with pytest.raises(bigopt.UsageError, match=says):
        bigopt.sweep(game(), {path: [1.0]})


def test_spacing() -> None:
    """Evenly spaced decimals are what one would write."""
    assert parse_change("a[0]=0:1:11")[1] == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert parse_change("a[0]=1,2.5") == ("a[0]", [1, 2.5])
    for wrong in ("a[0]", "a=1:2", "a=x", "a=0:inf:3", "a=0:1:0"):
        with pytest.raises(bigopt.UsageError):
            parse_change(wrong)


def test_command(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """The command writes rows and a picture."""
    words = ["sweep", "big/example-1-opposed", "--set", "targets[0][0]=1:2:3", "--field", "receiver[0]"]
    done = CliRunner().invoke(app, [*words, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "3 of 3" in done.output
    assert (tmp_path / "sweep.png").stat().st_size > 1000
    assert json.loads((tmp_path / "rows.jsonl").read_text().splitlines()[0])["row"]["solved"]
