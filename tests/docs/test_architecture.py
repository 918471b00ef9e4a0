"""ARCHITECTURE.md is true: the picture is that of the imports, its paths exist, and a run walks as it says."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

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


PROFILED = """
import inspect, json, sys
from typer.testing import CliRunner
from bigopt.cli.app import app

steps, words, seen = json.loads(sys.argv[1]), ["solve", sys.argv[2], "--solver", "highs"], []
assert CliRunner().invoke(app, words).exit_code == 0  # everything is imported

def profile(frame, event, argument):
    if event == "call" and frame.f_code.co_flags & inspect.CO_OPTIMIZED:  # a function, not a class's body
        path = frame.f_code.co_filename
        seen.extend(step for step in steps if step not in seen and path.endswith("/" + step))

sys.setprofile(profile)
try:
    CliRunner().invoke(app, words)
finally:
    sys.setprofile(None)
print(json.dumps(seen))
"""


def test_a_run_walks_as_the_page_says() -> None:
    """The files that the walk names are called for the first time in its order."""
    text = PAGE.read_text(encoding="utf-8").split(WALK)[1].split("\n## ")[0]
    steps = re.findall(r"`((?:cli|files|engine|models|solvers)/[^`]*\.py)`", text)
    steps = [s.replace("<name>", "big_potential" if s.startswith("models") else "highs") for s in steps]
    steps.append("games/influencers/verify/nash.py")
    # in an interpreter of its own: whatever else this one has loaded and started stays out of the profile
    call = [sys.executable, "-c", PROFILED, json.dumps(steps), str(ROOT / "instances/big/example-1-opposed.json")]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(call, capture_output=True, text=True, env=env, timeout=300)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert set(seen) == set(steps)
    early = ("engine/choose.py", "solvers/highs.py")  # asked for names and versions before their turn
    assert [step for step in seen if step not in early] == [step for step in steps if step not in early]
