"""What a browser lacks (Pyodide: no processes, no threads, no interval timers) is missed by nobody who solves."""

from __future__ import annotations

import ast
import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import bigopt

MISSING = ("flint", "pyscipopt", "casadi", "daqp", "highspy", "clarabel")
GAMES = (
    "big/example-2-infinite",
    "big/simplex/players-10-dimension-3",
    "conversation/definition-9",
    "market/movielens",
    "mechanism/splitting",
    "persuasion/kamenica-gentzkow",
    "preferences/separable",
)
WITHOUT = """
import json, sys
for name in sys.argv[1].split(","):
    sys.modules[name] = None
import bigopt
found = [bigopt.solve(name) for name in sys.argv[2:]]
print(json.dumps([[s.solved, s.to_dict()["solution"]] for s in found]))
"""
ROOT = Path(__file__).resolve().parents[2]
LACKING = {"signal", "subprocess", "multiprocessing", "os.fork", "threading.Thread", "resource"}


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse what Pyodide 314 refuses, in its words."""

    def no_process(*given: Any, **flags: Any) -> None:
        raise OSError(138, "emscripten does not support processes.")

    def no_thread(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.delattr(signal, "setitimer")
    monkeypatch.setattr(subprocess, "Popen", no_process)
    monkeypatch.setattr("os.fork", no_process)
    monkeypatch.setattr(threading.Thread, "start", no_thread)


@pytest.mark.parametrize("name", ["big/example-1-opposed", "persuasion/courtroom", "market/movielens"])
def test_games_are_solved_with_and_without_a_limit(name: str, browser: None) -> None:
    assert bigopt.solve(name) == bigopt.solve(name, time_limit=600)
    assert bigopt.solve(name, time_limit=600).solved


def test_a_limit_is_kept_by_whoever_looks_at_the_clock(browser: None) -> None:
    from bigopt.concepts.deadline import Deadline

    deadline = Deadline(1e-9)
    with pytest.raises(bigopt.LimitReached), deadline.interrupting("looking"):
        deadline.check("looking")


def test_nothing_is_asked_of_signals_or_processes_while_bigopt_is_imported() -> None:
    for path in sorted((ROOT / "bigopt").rglob("*.py")):
        for statement in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.If)):
                continue
            calls = [ast.unparse(node.func) for node in ast.walk(statement) if isinstance(node, ast.Call)]
            assert not [call for call in calls if any(call.startswith(word) for word in LACKING)], path


def test_games_are_solved_in_fractions_where_no_compiled_package_but_numpy_and_scipy_is() -> None:
    command = [sys.executable, "-c", WITHOUT, ",".join(MISSING), *GAMES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name, (solved, fields) in zip(GAMES, json.loads(done.stdout), strict=True):
        assert solved, name
        assert fields == bigopt.solve(name).to_dict()["solution"], name


def test_flint_is_asked_for_in_one_place() -> None:
    """But for proofs on balls, which are written with its reals and refused where it is missing."""
    asking = [path for path in (ROOT / "bigopt").rglob("*.py") if "from flint" in path.read_text(encoding="utf-8")]
    assert sorted(path.name for path in asking) == ["flint_or_fractions.py", "prove_ball.py"]


def test_counts_and_repetitions_are_made_where_a_machine_of_32_bits_takes_them() -> None:
    for path in (ROOT / "bigopt").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert path.name == "counting.py" or not ("np.repeat(" in text or "np.bincount(" in text), path
