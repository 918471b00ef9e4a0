"""Standard output is bigopt's own text: whatever a solver, Pyomo or a model file prints goes to standard error."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import highspy
import pytest

from bigopt.cli import edge
from bigopt.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = str(ROOT / "instances/big/example-1-opposed.json")
SUBSETS = str(ROOT / "instances/subsets/example-5-4.json")
NOISE = "NOISE"
MODEL = """
import os
print("NOISE from python")
os.write(1, b"NOISE from the descriptor\\n")
from bigopt.algebra import library
build = library.model("big_potential").build
read = library.model("big_potential").read
"""


def make_noise() -> None:
    """Print as a solver's library does, as Pyomo does, and as a user's code does."""
    os.write(1, f"{NOISE} to the descriptor\n".encode())
    print(f"{NOISE} from python")
    logging.getLogger("pyomo.core").error(f"{NOISE} in Pyomo's log")


@pytest.fixture
def noisy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let HiGHS print when it is constructed, and the reading of files and families too."""
    from bigopt.files import generate, instance
    from bigopt.games import kinds

    class Noisy(highspy.Highs):  # type: ignore[misc]
        def __init__(self) -> None:
            make_noise()
            super().__init__()

    def loud(module: Any, name: str) -> None:
        quiet = getattr(module, name)

        def run(*args: Any, **given: Any) -> Any:
            make_noise()
            return quiet(*args, **given)

        monkeypatch.setattr(module, name, run)

    monkeypatch.setattr(highspy, "Highs", Noisy)
    loud(generate, "_find")
    loud(instance, "read_json")
    loud(kinds, "find")


def run(capfd: pytest.CaptureFixture[str], *words: object) -> tuple[object, str, str]:
    """Run a command with the real descriptors; return its exit code and what stands on both."""
    with pytest.raises(SystemExit) as stopped:
        app([str(word) for word in words])
    return stopped.value.code, *capfd.readouterr()


COMMANDS = [
    ("solve", EXAMPLE, "--solver", "highs"),
    ("solve", EXAMPLE, "--solver", "highs", "--json"),
    ("solve", EXAMPLE, "--solver", "highs", "--tee", "--json"),
    ("check", EXAMPLE),
    ("check", EXAMPLE, "--json"),
    ("list", "solvers"),
    ("list", "solvers", "--json"),
    ("list", "families"),
    ("schema", "market"),
    ("generate", "random-market", "--states", "2"),
    ("doctor",),
    ("doctor", "--json"),
    ("export", EXAMPLE, "--to", "lp", "-o", "{folder}/model.lp"),
    ("export", SUBSETS, "--to", "nfg", "-o", "{folder}/game.nfg"),
    ("plot", EXAMPLE, "-o", "{folder}/game.png"),
    ("compare", EXAMPLE, "--solvers", "highs", "--time-limit", "20", "--out", "{folder}/rows"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_only_our_text_reaches_stdout(
    words: tuple[str, ...], noisy: None, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capfd, *(word.format(folder=tmp_path) for word in words))
    assert code == 0, err
    assert NOISE in err
    assert out and NOISE not in out and "HiGHS 1" not in out
    if "--json" in words:
        assert [json.loads(line) for line in out.splitlines()]


def test_every_command_is_tested_here() -> None:
    assert {words[0] for words in COMMANDS} | {"report", "reproduce"} >= set(_commands())


def _commands() -> list[str]:
    import typer

    group: Any = typer.main.get_command(app)
    return [name for name in group.commands if name != "import"]


def test_a_model_file_that_prints(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    model = tmp_path / "loud.py"
    model.write_text(MODEL)
    code, out, err = run(capfd, "solve", EXAMPLE, "--model", model, "--solver", "highs", "--json")
    assert code == 0 and json.loads(out)["model"] == "loud.py"
    assert err.count("from python") >= 1 and err.count("from the descriptor") >= 1


def shell(line: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which `bigopt` is this package."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "bigopt": f"{sys.executable} -m bigopt"}
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=120, cwd=cwd, env=environment)


def test_the_process_keeps_the_descriptor(tmp_path: Path) -> None:
    (tmp_path / "loud.py").write_text(MODEL)
    done = shell(f"$bigopt solve {EXAMPLE} --model loud.py --json", tmp_path)
    assert json.loads(done.stdout)["model"] == "loud.py"
    assert "NOISE from the descriptor" in done.stderr


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    line = f"$bigopt solve {EXAMPLE} {EXAMPLE} --json | head -c 1 > /dev/null; echo ${{PIPESTATUS[0]}}"
    done = shell(line, tmp_path)
    assert done.stdout.strip() in ("0", "141") and done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize(
    ("redirection", "code", "said"),
    [
        ("> /dev/full", 2, "standard output: No space left on device"),
        (">&-", 2, "standard output: closed"),
        (">&- 2>&-", 2, ""),
        ("> /dev/null 2>&-", 0, ""),
        ("> /dev/null 2> /dev/full", 0, ""),
    ],
)
def test_streams_that_are_closed_or_full(redirection: str, code: int, said: str, tmp_path: Path) -> None:
    done = shell(f"$bigopt solve {EXAMPLE} {redirection}", tmp_path)
    assert done.returncode == code
    assert said in done.stderr and done.stderr.count("\n") == bool(said)


def test_names_that_the_terminal_cannot_print(tmp_path: Path) -> None:
    data = json.loads(Path(EXAMPLE).read_text()) | {"name": "Größe 大きさ"}
    (tmp_path / "game.json").write_text(json.dumps(data))
    done = shell("PYTHONIOENCODING=ascii $bigopt solve game.json", tmp_path)
    assert done.returncode == 0 and done.stdout.startswith("Gr\\xf6\\xdfe")


def test_the_standard_streams_come_back() -> None:
    before = sys.stdout
    with edge.own_output(), edge.own_output():
        assert sys.stdout is not before
    assert sys.stdout is before
