"""Figures 5 to 7 of Emergent Alignment of the three tables: every committee against fractions and the theorem."""

from __future__ import annotations

import csv
from itertools import combinations, product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from benchmarks import exact_markets
from bigopt.reproduce import committees, emergent_figure_5, emergent_figure_6, emergent_figure_7

PATHS = 3


def rows(module: ModuleType, folder: Path) -> list[dict[str, str]]:
    """Draw into a folder; return the figure's data."""
    picture, table = module.draw(folder)
    assert picture.read_bytes().startswith(b"\x89PNG")
    with table.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[dict[str, str]]]:
    folder = tmp_path_factory.mktemp("figures")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emergent_figure_7, "PATHS", PATHS)
        known = committees.evaluate(lambda *_: None)
        for module in (emergent_figure_5, emergent_figure_6):
            patch.setattr(module, "evaluate", lambda _: known)
        modules = {5: emergent_figure_5, 6: emergent_figure_6, 7: emergent_figure_7}
        return {number: rows(module, folder) for number, module in modules.items()}


def members(row: dict[str, str]) -> tuple[int, ...]:
    return tuple(sorted(map(int, row["members"].split("+"))))


def test_both_figures_have_every_committee_within_the_theorem(figures: dict[int, Any]) -> None:
    assert figures[5] == figures[6]
    for table in committees.TABLES:
        k = committees.market(table).k
        wanted = [part for size in range(1, k + 1) for part in combinations(range(k), size)]
        assert [members(row) for row in figures[5] if row["table"] == table] == wanted
    for row in figures[5]:
        worst, end, opt, epsilon = (float(row[key]) for key in ("worst", "dynamics", "opt", "epsilon"))
        assert opt - 2 * epsilon - 1e-9 <= worst <= end + 1e-12 <= opt + 2e-12
        assert float(row["bound"]) == pytest.approx(opt - 2 * epsilon)


def test_the_worst_equilibrium_of_committees_is_that_of_fractions(figures: dict[int, Any]) -> None:
    for row in [row for row in figures[5] if row["table"] == "synthetic-2" and int(row["k"]) > 1][::5]:
        part = committees.market(row["table"]).committee(members(row))
        least = min(values[0] for values in exact_markets.stable(part).values())
        assert float(row["worst"]) == pytest.approx(float(least), abs=1e-12)


def test_paths_grow_by_one_bob_and_end_in_the_whole_market(figures: dict[int, Any]) -> None:
    known = {(row["table"], members(row)): float(row["worst"]) for row in figures[5]}
    for table, path in product(committees.TABLES, range(PATHS)):
        steps = [row for row in figures[7] if row["table"] == table and int(row["path"]) == path]
        assert [len(members(row)) for row in steps] == list(range(1, len(steps) + 1))
        assert all(set(members(a)) < set(members(b)) for a, b in zip(steps, steps[1:], strict=False))
        assert [float(row["worst"]) for row in steps] == pytest.approx([known[table, members(row)] for row in steps])
