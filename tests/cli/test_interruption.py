"""Ctrl-C: one line says what is safe and how to go on, and the exit code is 130, wherever it strikes."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import EXAMPLE, run

AGAIN = "bigopt: interrupted: nothing is kept to go on from: the same command starts again from the beginning\n"


def strike(*given: Any, **named: Any) -> None:
    """Be interrupted as a terminal would."""
    signal.raise_signal(signal.SIGINT)


@pytest.fixture(autouse=True)
def heard() -> Any:
    """Hear the signal, which a job in the background ignores."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("solve", EXAMPLE), "bigopt.cli.solve.solve_game"),
        (("solve", EXAMPLE, "--time-limit", "9"), "bigopt.files.instance.load"),
        (("check", EXAMPLE), "bigopt.files.instance.read"),
        (("prove", EXAMPLE), "bigopt.engine.prove.load"),
        (("plot", EXAMPLE), "bigopt.cli.pictures.save_plot"),
        (("export", EXAMPLE, "--to", "lp"), "bigopt.cli.formats.write"),
    ],
)
def test_what_keeps_nothing_says_so(words: tuple[str, ...], place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, strike)
    assert run(*words) == (130, "", AGAIN)


def test_figures_that_were_written_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three figures the second is interrupted."""
    places = {"big-figure-1": "drawn:first", "big-figure-2": "drawn:second", "big-figure-3": "drawn:first"}

    def work(name: str) -> Any:
        return (
            strike if places[name] == "drawn:second" else lambda folder, progress: [folder / "a.csv", folder / "a.png"]
        )

    monkeypatch.setattr("bigopt.reproduce._work", work)
    monkeypatch.setattr("bigopt.reproduce._takes", lambda name: {})
    monkeypatch.setattr("bigopt.cli.pictures.FIGURES", places)
    code, out, err = run("reproduce", "all", "-o", tmp_path)
    assert (code, out) == (130, "")
    assert err == f"bigopt: interrupted: 2 files were written: `bigopt reproduce FIGURE -o {tmp_path}` draws one\n"
