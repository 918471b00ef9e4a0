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


def shown(text: str) -> dict[str, list[list[str]]]:
    """Return what a page prints below each command that it shows with a prompt: lines, each as its words."""
    found: dict[str, list[list[str]]] = {}
    for _, body in BLOCK.findall(text):
        command = ""
        for line in body.splitlines():
            if line.startswith("$ "):
                command = line.removeprefix("$ ").split("#")[0].strip()
            elif command.startswith("bigopt ") and words(line):
                found.setdefault(command, []).append(words(line))
    return found


def words(line: str) -> list[str]:
    """Return a line's words; rules of tables have none; a solver's version and rounding errors are not compared."""
    line = re.sub(r"\bexact (checkout|\d[\w.+-]*) ", "exact ", line).replace("─", "")
    return [re.sub(r"^\d(\.\d+)?e-1\d$", "0", word) for word in line.split()]


def missing(page: list[list[str]], output: str) -> str:
    """Return the first line of a page that an output does not have, after those before it; "" if there is none."""
    rest = iter([words(line) for line in output.splitlines()])
    return next((" ".join(line) for line in page if line not in rest), "")


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
    (folder / "profile.json").write_text('{"actions": [[1], [2]]}')


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
    monkeypatch.setenv("COLUMNS", "160")
    names: dict[str, object] = {}
    prints = shown((ROOT / page).read_text(encoding="utf-8"))
    for kind, text in commands((ROOT / page).read_text(encoding="utf-8")):
        if kind == "python":
            exec(compile(text, f"{page}: python", "exec"), names)
        elif text not in ELSEWHERE:
            result = CliRunner().invoke(app, smaller(shlex.split(text)[1:]))
            assert result.exit_code == ENDS.get(text, 0), (text, result.output[-600:], result.exception)
            assert not missing(prints.get(text, []), result.output), (text, result.output)


def test_a_page_that_shows_another_output_is_found() -> None:
    page = "```\n$ bigopt solve a\n x   y\n ─────\n 1   2\n```\n"
    assert shown(page) == {"bigopt solve a": [["x", "y"], ["1", "2"]]}
    assert missing(shown(page)["bigopt solve a"], "head\nx y\n───\n1    2\n") == ""
    assert missing(shown(page)["bigopt solve a"], "x y\n1 3\n") == "1 2"
    assert sum(len(shown((ROOT / name).read_text(encoding="utf-8"))) for name in PAGES) > 8


def test_commands_are_found() -> None:
    assert sum(len(commands((ROOT / page).read_text(encoding="utf-8"))) for page in PAGES) > 70
    assert commands("```\n$ bigopt solve a  # why\n```\n") == [("bigopt", "bigopt solve a")]
