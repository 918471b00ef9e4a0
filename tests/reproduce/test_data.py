"""The data beside the figures have the numbers that the papers print."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from bigopt.reproduce import draw

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("figures")


@cache
def drawn(figure: str, folder: Path) -> list[Path]:
    return draw(figure, folder)


def data(figure: str, folder: Path) -> Rows:
    """Draw a figure, once, and read the CSV beside it."""
    written = drawn(figure, folder)
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in written if path.suffix == ".png")
    assert {path.suffix for path in written} == {".png", ".csv"}
    with (folder / f"{figure}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def column(rows: Rows, key: str) -> list[float]:
    """Return a column of numbers."""
    return [float(row[key]) for row in rows]


def test_figure_1_both_exaggerate_to_the_ends(folder: Path) -> None:
    # Wu et al., Example 1: targets on opposite sides of 3 play 0 and 6, so that the receiver is at 3
    rows = data("big-figure-1", folder)
    assert column(rows, "action") == [0, 6] and column(rows, "receiver") == [3, 3]


def test_figure_2_one_player_wins(folder: Path) -> None:
    # Example 1, second case: player 0 is at the end 0 and player 1 at 2 t_2 - 0, which puts the receiver at its target
    rows = data("big-figure-2", folder)
    target = column(rows, "target")[1]
    assert column(rows, "action") == [0, 2 * target] and column(rows, "receiver") == [target, target]
    with (folder / "big-figure-2-path.csv").open(encoding="utf-8") as file:
        path = list(csv.DictReader(file))
    assert column(path[:2], "action") == column(rows, "target")  # from the truth
    assert column(path[-2:], "action") == column(rows, "action")  # to the equilibrium


def test_figure_3_pairs_of_actions(folder: Path) -> None:
    # Example 2 on the square [-2, 2]^2: the second coordinates are free and opposite, or nobody has a choice
    rows = data("big-figure-3", folder)
    first = [row for row in rows if row["instance"] == rows[0]["instance"]]
    spans = [b - a for a, b in zip(column(first, "least"), column(first, "most"), strict=True)]
    assert spans == pytest.approx([0, 4, 0, 4]) and column(first, "receiver") == pytest.approx([0] * 4)
    second = [row for row in rows if row["instance"] != rows[0]["instance"]]
    assert column(second, "least") == column(second, "most") == column(second, "action")


def test_figure_4_faces_of_dominant_actions(folder: Path) -> None:
    # Examples 3 and 4: vertices of a diamond; whole edges of a square, across the target
    rows = data("big-figure-4", folder)
    spans = [b - a for a, b in zip(column(rows, "least"), column(rows, "most"), strict=True)]
    assert spans[:4] == pytest.approx([0] * 4, abs=1e-6)
    assert spans[4:] == pytest.approx([0, 4, 4, 0], abs=1e-6)


def test_who_is_asked_loses_least_by_the_truth(folder: Path) -> None:
    rows = data("truthful", folder)
    targets = column(data("big-figure-2", folder), "target")
    for player, target in enumerate(targets):
        curve = [row for row in rows if row["receiver"] == "asked" and row["player"] == str(player)]
        truth = min(curve, key=lambda row: abs(float(row["choice"]) - target))
        assert float(truth["loss"]) == min(column(curve, "loss"))
