"""Answers as frames, CSV, LaTeX and Markdown: nothing lost, names kept, formats chosen as asked."""

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import bigopt
from bigopt import catalog
from bigopt.cli.app import app
from bigopt.display.formats import as_latex, as_markdown
from bigopt.display.frames import cells, frame, tidy
from bigopt.display.tables import Line, Table
from bigopt.errors import UsageError

STORED = [
    "market/movielens",
    "big/example-2-unique",
    "persuasion/courtroom",
    "conversation/xor",
    "mechanism/size-pairs",
]


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["solve", *words])


def rebuilt(rows: list[dict[str, str]]) -> dict[tuple[str, ...], str]:
    return {(row["field"], *(row[key] for key in row if key in "ijklm")): row["value"] for row in rows}


@pytest.mark.parametrize("name", STORED)
def test_csv_has_every_number_of_the_json(name: str, tmp_path: Path) -> None:
    """Each number of the JSON stands in the CSV with all its digits, in the same order."""
    done = run(name, "-o", str(tmp_path / "a.csv"))
    assert done.exit_code == 0 and done.stdout == ""
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text())))
    data = json.loads(run(name, "--json").stdout)["solution"]
    leaves = [value for _, _, value in cells(data)]
    assert len(rows) == len(leaves) == len(rebuilt(rows))
    for row, leaf in zip(rows, leaves, strict=True):
        assert row["verified"] == "True" and row["instance"]
        if isinstance(leaf, float):
            assert float(row["value"]) == leaf


def test_names_stand_for_indices() -> None:
    game: Any = bigopt.load(catalog.instance("market/movielens"))
    table = bigopt.solve(game).columns()
    at = {(f, i): v for f, i, v in zip(table["field"], table["i"], table["value"], strict=True)}
    assert at["bobs", "Comedy Bob"] == bigopt.solve(game).bobs[1] and ("scheme", "Sci-Fi") in at


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_frames_of_what_is_installed(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first library that is there makes the frame; values survive whichever it is."""
    narwhals = pytest.importorskip("narwhals")
    pytest.importorskip(library)
    for other in ("pandas", "polars", "pyarrow"):
        if other == library:
            break
        monkeypatch.setitem(sys.modules, other, None)
    solution = bigopt.solve(bigopt.load(catalog.instance("big/example-1-opposed")))
    made = narwhals.from_native(frame(solution.columns()), eager_only=True)
    values = made.filter(narwhals.col("field") == "losses")["value"].to_list()
    assert [float(v) for v in values] == [1.0, 1.0] and type(narwhals.to_native(made)).__module__.startswith(library)


def test_no_library_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for other in ("pandas", "polars", "pyarrow"):
        monkeypatch.setitem(sys.modules, other, None)
    with pytest.raises(UsageError, match="pip install"):
        bigopt.solve(bigopt.load(catalog.instance("big/example-1-opposed"))).to_frame()


def test_nested_data() -> None:
    data = {"a": np.array([[1, 2], [3, 4]]), "b": [{"x": [1.5], "y": None}], "c": {"0": True}}
    assert list(cells(data)) == [
        ("a", (0, 0), 1), ("a", (0, 1), 2), ("a", (1, 0), 3), ("a", (1, 1), 4),
        ("b.x", (0, 0), 1.5), ("b.y", (0,), None), ("c.0", (), True),
    ]  # fmt: skip
    assert tidy(data, {"a": [("up", "down")]})["i"][:4] == ["up", "up", "down", "down"]


def test_formats_by_ending_and_by_name(tmp_path: Path) -> None:
    name = "big/example-1-opposed"
    for ending, start in ((".tex", "% example-1-opposed"), (".md", "**example-1-opposed**"), (".json", "{\n")):
        assert run(name, "-o", str(tmp_path / f"a{ending}")).exit_code == 0
        assert (tmp_path / f"a{ending}").read_text().startswith(start)
    assert run(name, "--to", "csv", "-o", str(tmp_path / "b.txt")).exit_code == 0
    assert (tmp_path / "b.txt").read_text().startswith("instance,concept")
    assert run(name, "--to", "json").stdout.startswith("{\n")
    assert run(name, name, "--to", "csv").stdout.count("receiver") == 2


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["-o", "a.xlsx"], "ends in .xlsx, expected .json, .jsonl, .csv, .tex, .md"),
        (["--to", "excel"], "--to 'excel', expected one of csv, latex, md, json"),
        (["--to", "csv", "--json"], "expected one of the two"),
    ],
)
def test_formats_that_there_are_not(words: list[str], text: str) -> None:
    done = run("big/example-1-opposed", *words)
    assert (done.exit_code, done.stdout) == (2, "") and text in done.stderr


def test_what_writes_json_writes_no_other_ending(tmp_path: Path) -> None:
    for words in (["generate", "random-market"], ["prove", "big/example-1-opposed"]):
        done = CliRunner().invoke(app, [*words, "-o", str(tmp_path / "x.csv")])
        assert done.exit_code == 2 and "expected .json" in done.stderr and not (tmp_path / "x.csv").exists()


def test_latex_and_markdown_escape() -> None:
    table = Table("50 %", ("a_b", "c|d"), [("x & y", 1.0), ("#{}~^\\$", 2)])
    latex = as_latex([table])
    assert (
        r"a\_b & c|d \\" in latex
        and r"x \& y & 1 \\" in latex
        and r"\#\{\}\textasciitilde{}\^{}\textbackslash{}\$" in latex
    )
    assert r"\begin{tabular}{lr}" in latex and latex.count(r"\\") == 3
    page = as_markdown([Line("text", strong="bold"), table, Table("none", ("a",), [])])
    assert (
        r"| a_b | c\|d |" in page
        and "| --- | ---: |" in page
        and "none" not in page
        and page.startswith("**bold**text")
    )
