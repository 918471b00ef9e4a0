"""Exported models: other programs read them, find the optimum, and know the variables by name."""

from __future__ import annotations

from pathlib import Path

import highspy
import numpy as np
import pyscipopt
import pytest
from typer.testing import CliRunner

import bigopt
from bigopt.cli.app import app
from bigopt.engine.export import export

GAME = bigopt.Influencers(
    weights=[0.5, 0.5], targets=[[2.0], [4.0]], action_set=bigopt.Box([0.0], [6.0]), loss="squared", name="two"
)


@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize("to", ["lp", "mps"])
def test_scip_and_highs_read_a_quadratic_model(to: str, short: bool, tmp_path: Path) -> None:
    if to == "mps":
        pytest.importorskip("pyomo")
    path = export(GAME, to, path=tmp_path / f"model.{to}", short_names=short)
    least = bigopt.solve(GAME).objective
    assert least is not None
    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.readProblem(str(path))
    scip.setParam("limits/gap", 1e-9)
    scip.optimize()
    assert scip.getObjVal() == pytest.approx(least, abs=1e-4)
    highs = highspy.Highs()
    highs.silent()
    assert highs.readModel(str(path)) != highspy.HighsStatus.kError
    assert any("action" in name for name in highs.getLp().col_names_) != short


def test_an_nl_file_has_its_names_beside_it(tmp_path: Path) -> None:
    path = export(GAME, "nl", path=tmp_path / "model.nl")
    header = path.read_text().splitlines()
    columns, rows = (path.with_suffix(ending).read_text().splitlines() for ending in (".col", ".row"))
    variables, constraints = (int(word) for word in header[1].split()[:2])
    assert len(columns) == variables and len(rows) == constraints + 1  # and the objective
    assert any("action" in name for name in columns)
    assert not any("#" in line for line in header[10:])  # no comments
    export(GAME, "nl", path=tmp_path / "short.nl", short_names=True)
    assert not (tmp_path / "short.col").exists()
    assert (tmp_path / "short.nl").read_text() == path.read_text()


def test_a_name_does_not_steer_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    game = bigopt.Influencers(
        weights=GAME.weights, targets=GAME.targets, action_set=GAME.action_set, loss="squared", name="a\x1b[2Jb"
    )
    source = bigopt.save(game, tmp_path / "game.json")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["export", str(source), "--to", "lp"])
    assert (done.exit_code, done.stdout) == (0, "a\\x1b[2Jb.lp\n")
    assert np.all([name.isprintable() for name in (path.name for path in tmp_path.iterdir())])
