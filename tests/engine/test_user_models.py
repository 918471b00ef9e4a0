"""Model files of users that loop, leave or return nothing: one line or the limit, never an empty success."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bigopt.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = str(ROOT / "instances/big/example-1-opposed.json")
BUILD = "from bigopt.algebra import library\nbuild = library.model('big_potential').build\n"
LOOP = """import time
end = time.monotonic() + 300
while time.monotonic() < end:
    pass
raise RuntimeError("nobody ended this")
"""
INSIDE = textwrap.indent(LOOP, "    ")


def run(folder: Path, text: str, limit: float) -> tuple[int, str, str]:
    (folder / "mine.py").write_text(text)
    words = ["solve", EXAMPLE, "--model", str(folder / "mine.py"), "--json", "--time-limit", str(limit)]
    done = CliRunner().invoke(app, words)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize(
    "text",
    [
        LOOP,
        f"def build(game):\n{INSIDE}def read(model):\n    return {{}}\n",
        f"{BUILD}def read(model):\n{INSIDE}",
    ],
    ids=["import", "build", "read"],
)
def test_a_loop_ends_at_the_limit(text: str, tmp_path: Path) -> None:
    code, out, _ = run(tmp_path, text, 1)
    assert code == 4 and json.loads(out)["stopped"] == "maxTimeLimit"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import sys\nsys.exit(0)\n", "SystemExit: 0"),
        ("import sys\ndef build(game):\n    sys.exit(0)\ndef read(model):\n    return {}\n", "SystemExit: 0"),
        ("def build(game):\n    return None\ndef read(model):\n    return {}\n", "build returned None"),
        ("def build(game):\n    return 5\ndef read(model):\n    return {}\n", "build returned int"),
        (f"{BUILD}def read(model):\n    raise SystemExit\n", "SystemExit"),
        (f"{BUILD}def read(model):\n    return None\n", "read returned NoneType"),
    ],
)
def test_leaving_and_returning_nothing_is_one_line(text: str, said: str, tmp_path: Path) -> None:
    code, out, err = run(tmp_path, text, 60)
    assert (code, out) == (2, "") and said in err and err.count("\n") == 1
