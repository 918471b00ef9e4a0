"""Every command and every Python block of README and docs runs, in the order of its page, and ends as the page says."""

from __future__ import annotations

import csv
import glob
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bigopt.catalog import instance
from bigopt.cli.app import app
from bigopt.files.instance import load
from bigopt.games.subsets.game import Subsets

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.S | re.M)
ENDS = {  # the pages say that these do not end in a proof of what was asked
    "bigopt solve instances/preferences/separable.json --concept receiver": 3,
}
ELSEWHERE = {  # too long, or of a table that is not shipped: what tries them instead
    "bigopt reproduce emergent-figure-1 --data hull.json -o figures": "tests/hull",
    "bigopt solve big.json --time-limit 60": "benchmarks market",
    "bigopt import market --movielens ratings.csv movies.csv -o films.json": "tests/files/test_game_tables.py",
    "bigopt check --all": "tests/proofs",
    "bigopt solve films.json": "tests/files/test_game_tables.py",
}


def commands(text: str) -> list[tuple[str, str]]:
    """Return ("python", block) and ("bigopt", line) in the order of a page."""
    found = []
    for language, body in BLOCK.findall(text):
        if language == "python":
            found.append(("python", body))
            continue
        lines = [line.strip().removeprefix("$ ") for line in body.splitlines()]
        found += [
            ("bigopt", part.strip())
            for line in lines
            if line.startswith("bigopt ")
            for part in line.split("#")[0].split(";")
        ]
    return found


def table(path: Path, rows: list[list[object]]) -> None:
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows(rows)


def for_readme(folder: Path) -> None:
    (folder / "my-solution.json").write_text(json.dumps({"solution": {"actions": [[0.0], [6.0]]}}))


def for_hull(folder: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [[f"q{i // 4}", *rng.random(5).round(3)] for i in range(40)]
    table(folder / "scores.csv", [["question", "human", "a", "b", "c", "d"], *rows])


def for_preferences(folder: Path) -> None:
    rng = np.random.default_rng(1)
    rows = [[i % 2, *rng.normal(size=2).round(3), int(rng.integers(2))] for i in range(60)]
    table(folder / "pairs.csv", [["player", "y_1", "y'_1", "label"], *rows])


def for_tables(folder: Path) -> None:
    rng = np.random.default_rng(2)
    pairs = [(state, policy) for state in ("calm", "storm") for policy in ("go", "wait")]
    wide = [[*pair, *rng.random(3).round(3)] for pair in pairs]
    table(folder / "utilities.csv", [["state", "policy", "alice", "gpt", "claude"], *wide])
    table(folder / "genres.csv", [["Genre", "Movie", "human", "gpt", "claude"], *wide])
    players = ("alice", "gpt", "claude")
    long = [[*row[:2], who, row[2 + k]] for row in wide for k, who in enumerate(players)]
    table(folder / "long.csv", [["state", "policy", "who", "utility"], *long])


def for_responses(folder: Path) -> None:
    (folder / "profile.json").write_text("[[2.0], [4.0]]")


def for_persuasion(folder: Path) -> None:
    silent = [[1.0], [1.0]]
    (folder / "profile.json").write_text(json.dumps([silent, silent]))


def for_subsets(folder: Path) -> None:
    game = load(instance("subsets/news-feed-2d-medium"))
    assert isinstance(game, Subsets)
    (folder / "profile.json").write_text(json.dumps([list(range(size)) for size in game.sizes.tolist()]))


PREPARE: dict[str, Callable[[Path], None]] = {
    "README.md": for_readme,
    "docs/hull.md": for_hull,
    "docs/preferences.md": for_preferences,
    "docs/tables.md": for_tables,
    "docs/dynamics-and-dominance.md": for_responses,
    "docs/persuasion.md": for_persuasion,
    "docs/subsets.md": for_subsets,
}


def smaller(words: list[str]) -> list[str]:
    """Return the words of a command with patterns expanded; of a comparison only the first instance."""
    expanded = [found for word in words for found in (sorted(glob.glob(word)) if "*" in word else [word])]
    if words[0] != "compare":
        return expanded
    flags = next(i for i, word in enumerate(expanded) if word.startswith("--"))
    return ["compare", "instances/big/example-1-opposed.json", *expanded[flags:]]


@pytest.mark.parametrize("page", [page for page in PAGES if commands((ROOT / page).read_text(encoding="utf-8"))])
def test_a_pages_commands_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("instances", "models", "checker"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    if page in PREPARE:
        PREPARE[page](tmp_path)
    names: dict[str, object] = {}
    for kind, text in commands((ROOT / page).read_text(encoding="utf-8")):
        if kind == "python":
            exec(compile(text, f"{page}: python", "exec"), names)
        elif text not in ELSEWHERE:
            words = smaller(shlex.split(text)[1:])
            result = CliRunner().invoke(app, words)
            assert result.exit_code == ENDS.get(text, 0), (text, result.output[-600:], result.exception)


def test_commands_are_found() -> None:
    assert sum(len(commands((ROOT / page).read_text(encoding="utf-8"))) for page in PAGES) > 70
    assert commands("```\n$ bigopt solve a  # why\n```\n") == [("bigopt", "bigopt solve a")]
