"""Tables of users: wide and long, CSV and Parquet and frames; what is wrong with one is one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import bigopt
from bigopt.cli.app import app
from bigopt.errors import BigoptError, InstanceError, UsageError
from bigopt.files import tables
from bigopt.games.hull import UtilityTable
from bigopt.games.hull.generate import noisy_rephrasings
from bigopt.games.hull.importing import table

pytest.importorskip("narwhals")
pytest.importorskip("pyarrow")

WIDE = "question,human,gpt,claude\nq1,0.5,0.25,1\nq1,0.75,0.5,0\nq2,1,0.75,0.5\nq2,0,0.1,0.2\nq3,0.3,0.4,0.6\n"


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["import", "hull", *words])


def test_wide_and_long_tables_are_one_game(tmp_path: Path) -> None:
    wide = tmp_path / "wide.csv"
    wide.write_text(WIDE)
    result = run(str(wide), "--alice", "human", "--group", "question", "--folds", "3", "-o", str(tmp_path / "w.json"))
    assert result.exit_code == 0, result.output
    game = bigopt.load(tmp_path / "w.json")
    assert game.names == ("gpt", "claude") and game.groups.tolist() == [0, 0, 1, 1, 2]
    assert game.alice.tolist() == [0.5, 0.75, 1, 0, 0.3]
    lines = ["row,topic,model,score"]
    for r, line in enumerate(WIDE.splitlines()[1:]):
        topic, *scores = line.split(",")
        lines += [f"r{r},{topic},{m},{s}" for m, s in zip(("human", "gpt", "claude"), scores, strict=True)]
    long = tmp_path / "long.csv"
    long.write_text("\n".join(lines) + "\n")
    flags = ["--alice", "human", "--row", "row", "--model", "model", "--value", "score", "--group", "topic"]
    assert run(str(long), *flags, "--folds", "3", "-o", str(tmp_path / "l.json")).exit_code == 0
    other = bigopt.load(tmp_path / "l.json")
    assert (other.bobs == game.bobs).all() and (other.alice == game.alice).all()
    assert other.groups.tolist() == game.groups.tolist()


def test_parquet_and_frames_are_read_alike(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"alice": [0.1, 0.2, 0.4, 0.8, 0.5], "a": [1, 2, 3, 4, 5]})
    frame.to_parquet(tmp_path / "t.parquet")
    from_file, from_frame = tables.read(tmp_path / "t.parquet"), tables.columns(frame)
    assert {k: v.tolist() for k, v in from_file.items()} == {k: v.tolist() for k, v in from_frame.items()}
    game, notes = table(from_frame, "t")
    assert game.bobs[:, 0].tolist() == [1, 2, 3, 4, 5] and notes == []


def test_a_large_table_stands_in_a_sidecar(tmp_path: Path) -> None:
    game = noisy_rephrasings(rows=100, bobs=30)
    written = tables.write_beside(game, tmp_path / "game.json")
    assert sorted(path.suffix for path in written) == [".json", ".npz"]
    again = bigopt.load(tmp_path / "game.json")
    assert (again.bobs == game.bobs).all() and (again.alice == game.alice).all()


@pytest.mark.parametrize(
    ("text", "flags", "words"),
    [
        (WIDE, ["--alice", "nobody"], "column 'nobody': not in the table"),
        (WIDE, ["--alice", "human"], "column 'question', row 0: 'q1', expected a number"),
        (WIDE.replace("0.25", ""), ["--alice", "human", "--group", "question"], "column 'gpt', row 0: missing"),
        (WIDE, ["--alice", "human", "--group", "question", "--folds", "4"], "expected at least 4"),
        (WIDE, ["--alice", "human,gpt,claude", "--group", "question"], "no column is left"),
        (WIDE, ["--alice", "human", "--row", "question"], "belong together"),
        (WIDE, ["--alise", "human"], "--alise"),
        ("a,a\n1,2\n", ["--alice", "a"], "name"),
        ("alice,b\n1,2\n1,3\n1,4\n1,5\n1,5\n", [], "alice: 1 in every row"),
    ],
)
def test_bad_tables_are_one_line(text: str, flags: list[str], words: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    result = run(str(path), *flags, "-o", str(tmp_path / "o.json"))
    assert result.exit_code == 2 and words in result.stderr and len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "o.json").exists()


def test_rows_with_gaps_are_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(WIDE.replace("0.25", "") + "q3,0.9,0.9,0.9\n")
    flags = ["--alice", "human", "--group", "question", "--missing", "drop", "--folds", "2"]
    result = run(str(path), *flags, "-o", str(tmp_path / "o.json"))
    assert result.exit_code == 0 and "1 of 6 rows are left out" in result.stderr
    assert bigopt.load(tmp_path / "o.json").rows == 5


def test_copies_and_constant_bobs_are_counted() -> None:
    bobs = np.column_stack([np.arange(6.0), np.arange(6.0), np.ones(6)])
    said = UtilityTable(np.arange(6.0), bobs).describe()
    assert "1 of the Bobs are copies" in said and "1 of the Bobs are constant" in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"bobs": [[], [], [], [], []]}, "bobs"),
        ({"alice": [0.0, 1.0, 2.0, 3.0, float("nan")]}, r"alice\[4\]"),
        ({"alice": [0.0, 1.0]}, "alice"),
        ({"folds": 6}, "folds: 6, expected a whole number from 1 to 5"),
        ({"groups": [0, 0, 0, 1, 1]}, "a group is not split"),
        ({"names": ["one", "two", "three"]}, "names: 3 names"),
    ],
)
def test_bad_data_are_named(change: dict[str, Any], words: str) -> None:
    good: dict[str, Any] = {"alice": np.arange(5.0), "bobs": [[1.0], [2.0], [3.0], [4.0], [5.0]]}
    with pytest.raises(InstanceError, match=words):
        UtilityTable(**(good | change))


def test_sizes_are_refused_before_memory_is_touched(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="100000 rows of 10000 Bobs"):
        noisy_rephrasings(rows=100_000, bobs=10_000)
    with pytest.raises(InstanceError, match="1000000000 cells"):
        UtilityTable(np.zeros(2), np.broadcast_to(0.0, (100_000, 10_000)))
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{j}" for j in range(40_000)) + "\n" + "\n" * 2_000)
    with pytest.raises(BigoptError, match="40000 columns"):
        tables.read(path)
    game = UtilityTable(np.arange(8.0), np.random.default_rng(0).random((8, 3)))
    with pytest.raises(UsageError, match="most: 4, expected at most 3"):
        bigopt.solve(game, "fit", options={"most": 4})
