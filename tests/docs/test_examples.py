"""The examples in the docstrings of public names run, and say what they say."""

from __future__ import annotations

import doctest
import runpy
import sys
from pathlib import Path

import pytest

import bigopt

SHOWN = [
    "Bob", "Box", "Influencers", "Market", "Persuasion", "Subsets", "build", "check", "load", "plot", "read",
    "read_table", "save", "solve", "sweep",
]  # fmt: skip
FINDER = doctest.DocTestFinder(recurse=False)


def examples(name: str) -> list[doctest.DocTest]:
    """Return the examples of a public name."""
    return [test for test in FINDER.find(getattr(bigopt, name), name, globs={}) if test.examples]


@pytest.mark.parametrize("name", [name for name in bigopt.__all__ if examples(name)])
def test_an_example_is_true(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "read_table":
        pytest.importorskip("pandas")
    monkeypatch.chdir(tmp_path)
    said: list[str] = []
    for test in examples(name):
        doctest.DocTestRunner().run(test, out=said.append)
    assert not said, "".join(said)


def test_the_main_ones_have_examples() -> None:
    assert [name for name in SHOWN if not examples(name)] == []


def test_the_study_of_markets_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["market_study.py", "1"])
    runpy.run_path(str(Path(__file__).resolve().parents[2] / "docs/market_study.py"), run_name="__main__")
    assert "dynamics end at the worst in all 6 orders: 1 of 1" in capsys.readouterr().out
