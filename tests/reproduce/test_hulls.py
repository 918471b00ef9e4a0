"""Figures 1 to 4 of Emergent Alignment on a table of one's own: what is in the CSV is what the table says."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import bigopt
from bigopt import reproduce
from bigopt.cli.app import app
from bigopt.games.hull import UtilityTable

ROWS, BOBS = 40, 4  # eight rows in each of the five folds


@pytest.fixture
def table(tmp_path: Path) -> tuple[Path, Any, Any]:
    rng = np.random.default_rng(5)
    alice = rng.random(ROWS)
    bobs = 0.5 * alice[:, None] + 0.5 * rng.random((ROWS, BOBS))
    path = tmp_path / "own.json"
    bigopt.save(UtilityTable(alice, bobs), path)
    return path, alice, bobs


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_figure_of_an_own_table(number: int, table: tuple[Path, Any, Any], tmp_path: Path) -> None:
    """What nobody fits needs no folds: the average's held-out error is its error, over all sets of that many Bobs."""
    path, alice, bobs = table
    name = f"emergent-figure-{number}"
    done = CliRunner().invoke(app, ["reproduce", name, "--data", str(path), "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    with (tmp_path / "out" / f"{name}.csv").open() as stream:
        rows = {(int(row["bobs"]), row["method"]): row for row in csv.DictReader(stream)}
    assert len(rows) == 4 * BOBS
    alone = ((bobs - alice[:, None]) ** 2).mean(axis=0)
    assert float(rows[1, "average"]["mse"]) == pytest.approx(alone.mean())
    assert float(rows[BOBS, "average"]["mse"]) == pytest.approx(((bobs.mean(axis=1) - alice) ** 2).mean())
    for k in range(1, BOBS + 1):  # a combination of more Bobs has no fewer ways to come near on its own folds
        assert float(rows[k, "simplex"]["nonzero"]) <= k and float(rows[k, "best"]["nonzero"]) == 1
    targets = tmp_path / "out" / f"{name}-targets.csv"
    assert targets.exists() == (number <= 2)  # the paper prints numbers for Figures 1 and 2
    if targets.exists():
        with targets.open() as stream:
            first = next(row for row in csv.DictReader(stream) if row["method"] == "simplex")
        fall = 1 - float(rows[BOBS, "simplex"]["mse"]) / float(rows[BOBS, "best"]["mse"])
        assert float(first["reduction"]) == pytest.approx(fall)


def test_a_figure_of_another_kind_of_table_is_refused(tmp_path: Path) -> None:
    words = ["reproduce", "emergent-figure-1", "--data", "market/movielens", "-o", str(tmp_path)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2 and "expected hull" in done.output


def test_only_figures_of_a_kind_have_data_of_it(tmp_path: Path) -> None:
    market = bigopt.load("market/movielens")
    for name in reproduce.FIGURES:
        if name in [f"emergent-figure-{number}" for number in (1, 2, 3, 4)]:
            with pytest.raises(bigopt.UsageError, match="table: of kind market, expected hull"):
                reproduce.refuse_data([name], market, "table")
        else:
            reproduce.refuse_data([name], market, "table")  # that it takes no data at all is said when it is drawn
