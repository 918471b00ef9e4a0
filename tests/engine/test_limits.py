"""What a time limit covers in every command, and what is refused before it begins."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bigopt
from bigopt.cli.app import app
from bigopt.errors import LimitReached
from bigopt.files.text import READ_RATE, refuse_slow
from bigopt.games import kinds

GAME = "big/example-1-opposed"
COMMANDS = (
    ["solve", GAME],
    ["export", GAME, "--to", "lp", "-o", "model.lp"],
    ["export", "example-5-4", "--to", "nfg", "-o", "model.nfg"],
    ["plot", GAME, "-o", "picture.png"],
    ["plot", "solution.json", "-o", "picture.png"],
    ["prove", "persuasion/courtroom"],
    ["check", GAME],
    ["check", GAME, "solution.json"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_reads_within_its_limit(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    solution = bigopt.solve(bigopt.load(GAME)).to_dict()
    Path("solution.json").write_text(json.dumps(solution))
    ended = CliRunner().invoke(app, [*command, "--time-limit", "1e-9"])
    assert ended.exit_code == 4 and "time limit" in ended.stderr, ended.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["solution.json"]  # and nothing is written


def sparse(path: Path, size: int) -> Path:
    with path.open("wb") as stream:
        stream.truncate(size)
    return path


def test_a_file_too_large_for_the_limit_is_refused_unread(tmp_path: Path) -> None:
    # half as much again as can surely be read in a second; it is no JSON, which reading it would say
    path = sparse(tmp_path / "large.json", int(1.5 * READ_RATE * 1.6))
    for command in (["solve", str(path)], ["check", str(path), str(path)], ["plot", str(path)], ["prove", str(path)]):
        ended = CliRunner().invoke(app, [*command, "--time-limit", "1"])
        assert ended.exit_code == 4 and "24 MiB of JSON" in ended.stderr and "--time-limit 2" in ended.stderr
    refuse_slow(path, 2.0)
    refuse_slow(path, None)
    refuse_slow(sparse(tmp_path / "small.json", int(READ_RATE * 1.5)), 1.0)
    with pytest.raises(LimitReached):
        refuse_slow(path, 1.0)


def test_reading_a_game_to_choose_a_solver_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    game = bigopt.load(GAME)
    row = kinds.concept_of(game, "nash")

    def forever(*_: object) -> tuple[()]:
        while True:
            time.sleep(0.01)

    monkeypatch.setattr(kinds, "concept_of", lambda *_: replace(row, formulations=forever))
    for extra in ({}, {"model": "big_potential"}):
        found = bigopt.solve(game, "nash", time_limit=0.2, **extra)
        assert found.stopped == "maxTimeLimit" and not found.solved and found.fields == {}


IMPORTS = """
import json, sys
from bigopt.cli import inputs
from bigopt.engine.solve import solve
from bigopt.files import instance
found = {}
for name, solver in json.loads(sys.argv[1]):
    game, deadline = inputs.within(name, 60, instance.load, None, solver)
    before = set(sys.modules)
    solve(game, solver=solver, time_limit=60)
    found[f"{name} {solver}"] = sorted({m.split(".")[0] for m in set(sys.modules) - before})
print(json.dumps(found))
"""


def test_no_library_is_loaded_within_a_limit() -> None:
    cases = [[GAME, solver] for solver in ("exact", "highs", "scip", "ipopt")]
    cases += [["persuasion/courtroom", "exact"], ["market/synthetic-1", "exact"], ["example-5-4", "exact"]]
    ended = subprocess.run(
        [sys.executable, "-c", IMPORTS, json.dumps(cases)], capture_output=True, text=True, timeout=300, check=True
    )
    slow = {"pyomo", "casadi", "pyscipopt", "highspy", "scipy", "flint", "matplotlib", "networkx", "jsonschema"}
    for case, loaded in json.loads(ended.stdout).items():
        assert not slow & set(loaded), case
