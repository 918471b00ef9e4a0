"""ARCHITECTURE.md is true: the picture is that of the imports, its paths exist, and a run walks as it says."""

from __future__ import annotations

import inspect
import re
import runpy
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import networkx as nx
import pytest
from typer.testing import CliRunner

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/ARCHITECTURE.md"
WALK = "## One instance, from file to certificate"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs/rooms.py"))


def test_the_picture_is_up_to_date(script: dict[str, Any]) -> None:
    assert script["page"]() == PAGE.read_text(encoding="utf-8"), "out of date: python docs/rooms.py"


def test_the_picture_loses_no_way(script: dict[str, Any]) -> None:
    """What a room may reach by its imports, it may reach by the arrows that are drawn; every room is drawn."""
    drawn = nx.DiGraph(re.findall(r"^    (\w+) --> (\w+)$", script["picture"](), re.M))
    known = script["rooms"]()
    assert {room: nx.descendants(drawn, room) for room in drawn} == {
        room: nx.descendants(known, room) for room in known
    }
    assert all(known.nodes[room]["says"] for room in known)
    folders = {path.parent.name for path in (ROOT / "bigopt").glob("*/__init__.py")}
    assert folders <= set(known)


def test_every_path_exists() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = [word for word in re.findall(r"`([\w./]+(?:\.py|/))`", text) if "/" in word and "<" not in word]
    assert len(named) >= 8
    for word in named:
        places = [ROOT / word, ROOT / "bigopt" / word, *(ROOT / "bigopt/games").glob(f"*/{word}")]
        assert any(place.exists() for place in places), word


def test_a_run_walks_as_the_page_says() -> None:
    """The files that the walk names are called for the first time in its order."""
    from bigopt.cli.app import app

    text = PAGE.read_text(encoding="utf-8").split(WALK)[1].split("\n## ")[0]
    steps = re.findall(r"`((?:cli|files|engine|models|solvers)/[^`]*\.py)`", text)
    steps = [s.replace("<name>", "big_potential" if s.startswith("models") else "highs") for s in steps]
    steps.append("games/influencers/verify/nash.py")
    words = ["solve", str(ROOT / "instances/big/example-1-opposed.json"), "--solver", "highs"]
    assert CliRunner().invoke(app, words).exit_code == 0  # everything is imported
    seen: list[str] = []

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code.co_flags & inspect.CO_OPTIMIZED:  # a function, not a class's body
            path = frame.f_code.co_filename
            seen.extend(step for step in steps if step not in seen and path.endswith(f"/{step}"))

    sys.setprofile(profile)
    try:
        CliRunner().invoke(app, words)
    finally:
        sys.setprofile(None)
    assert set(seen) == set(steps)
    early = ("engine/choose.py", "solvers/highs.py")  # asked for names and versions before their turn
    assert [step for step in seen if step not in early] == [step for step in steps if step not in early]
