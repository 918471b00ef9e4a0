"""A user's own labels: CSV and Parquet give one game, odd rows are refused with their place or counted and said."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import bigopt
from bigopt.cli import app
from bigopt.errors import InstanceError
from bigopt.games.preferences.importing import table

Cells = dict[str, np.ndarray]


def cells(n: int = 600, seed: int = 0) -> Cells:
    """Labels of two people with ideal points (0.5, -0.5) and (-0.5, 0.5)."""
    rng = np.random.default_rng(seed)
    y, other = rng.normal(size=(2, n, 2)) * 2.0
    who = np.array(["ann", "bob"], dtype=object)[np.arange(n) % 2]
    ideal = np.where((who == "ann")[:, None], [0.5, -0.5], [-0.5, 0.5])
    gap = ((other - ideal) ** 2).sum(axis=1) - ((y - ideal) ** 2).sum(axis=1)
    label = (rng.logistic(size=n) < gap).astype(float)
    columns = {"player": who, "y_1": y[:, 0], "y_2": y[:, 1], "y'_1": other[:, 0], "y'_2": other[:, 1]}
    return columns | {"label": label}


def test_the_fit_is_that_of_the_table() -> None:
    game, notes = table(cells(), "mine")
    assert any("0 is ann, 1 is bob" in note for note in notes)
    assert game.targets == pytest.approx(np.array([[0.5, -0.5], [-0.5, 0.5]]), abs=0.2)
    solution = bigopt.solve(game, "receiver", options={"profiles": 0, "points": 0})
    assert solution.solved and np.abs(solution.receiver).max() < 0.15
    low, high = solution.reach[0, 0]
    assert low < solution.receiver[0] < high  # each labeller can move it both ways
    assert (solution.any_labels[:, :, 1] >= solution.reach[:, :, 1]).all()


def test_missing_values_and_ties_are_refused_or_counted() -> None:
    odd = cells(40)
    odd["y_2"][3] = np.nan
    odd["label"][5] = 0.5
    with pytest.raises(InstanceError, match=r"row 3: 1 of 40 rows have missing values: .* --missing drop"):
        table(odd, "mine")
    with pytest.raises(InstanceError, match=r"row 5: .* are ties \(0.5\): .* --ties drop"):
        table(odd, "mine", missing="drop")
    game, notes = table(odd, "mine", missing="drop", ties="drop")
    assert game.drawn.count == 38
    assert sum("left out" in note for note in notes) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label": np.full(40, 2.0)}, r"column 'label', row 0: 2, expected 1"),
        ({"label": np.array(["yes"] * 40, dtype=object)}, r"column 'label', row 0: 'yes', expected a number"),
        ({"y_3": np.zeros(40)}, r"3 columns y_k and 2 columns y'_k"),
        ({"y_4": np.zeros(40)}, r"expected them numbered 1, 2"),
    ],
)
def test_other_cells_are_refused(change: Cells, said: str) -> None:
    with pytest.raises(InstanceError, match=said):
        table(cells(40) | change, "mine")


def test_noise_is_counted() -> None:
    twice = {name: np.concatenate([column, column]) for name, column in cells(30).items()}
    twice["label"][30] = 1.0 - twice["label"][0]
    twice["y_1"][7], twice["y_2"][7] = twice["y'_1"][7], twice["y'_2"][7]
    notes = " ".join(table(twice, "mine")[1])
    assert "1 comparison is of a response with itself" in notes
    assert "29 pairs are labelled several times by one player, 1 of them both ways" in notes


def test_csv_and_parquet_by_the_command(tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({name: column.tolist() for name, column in cells(3000).items()})
    frame.write_csv(tmp_path / "pairs.csv")
    frame.write_parquet(tmp_path / "pairs.parquet")
    games = []
    for ending in ("csv", "parquet"):
        target = tmp_path / f"{ending}.json"
        words = ["import", "preferences", str(tmp_path / f"pairs.{ending}"), "-o", str(target), "--lower", "-3"]
        done = CliRunner().invoke(app, [*words, "--upper", "3"])
        assert done.exit_code == 0, done.output
        games.append(bigopt.load(target))
    assert (tmp_path / "csv.npz").is_file()  # long columns stand beside the file
    assert games[0] == games[1]
    assert games[0].drawn.labels(games[0].targets).sum() == cells(3000)["label"].sum()
