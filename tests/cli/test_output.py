"""Standard output is bigopt's own text: whatever a solver, Pyomo or a model file prints goes to standard error."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import warnings
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
    loud(generate, "find")
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
    ("compare", EXAMPLE, "--solvers", "highs", "--reference", "0", "--out", "{folder}/rows"),
    ("sweep", EXAMPLE, "--set", "targets[0][0]=0:2:2", "--out", "{folder}/sweep"),
    ("prove", EXAMPLE, "-o", "{folder}/proof.json"),
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


def forked(words: list[str], out: int | None, err: int | None, encoding: str = "utf-8") -> int:
    """Run a command in a fork of this process with these standard streams (None: closed); return its exit code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads of this process hold no lock that matters
        pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:  # what the interpreter does at its start
        for number, target in ((1, out), (2, err)):
            os.close(number) if target is None else os.dup2(target, number)
        sys.stdout = None if out is None else open(1, "w", encoding=encoding, closefd=False)  # noqa: SIM115
        sys.stderr = None if err is None else open(2, "w", errors="backslashreplace", closefd=False)  # noqa: SIM115
        app(words)
    except SystemExit as stopped:
        os._exit(int(stopped.code or 0))
    finally:
        os._exit(99)


def test_the_process_keeps_the_descriptor(tmp_path: Path) -> None:
    """The one test with an interpreter of its own."""
    (tmp_path / "loud.py").write_text(MODEL)
    words = [sys.executable, "-m", "bigopt", "solve", EXAMPLE, "--model", "loud.py", "--json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, cwd=tmp_path, env=environment)
    assert json.loads(done.stdout)["model"] == "loud.py"
    assert "NOISE from the descriptor" in done.stderr


@pytest.mark.parametrize("words", [["solve", EXAMPLE, "--json"], ["solve", EXAMPLE], ["solve", "--help"]])
def test_a_reader_that_leaves_is_no_error(words: list[str], tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with (tmp_path / "err").open("w+b") as err:
        assert forked(words, writer, err.fileno()) == 141
        assert (tmp_path / "err").read_text() == ""
    os.close(writer)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize(
    ("out", "err", "code", "said"),
    [
        ("/dev/full", "log", 2, "standard output: No space left on device"),
        ("", "log", 2, "standard output: closed"),
        ("", "", 2, ""),
        ("/dev/null", "", 0, ""),
        ("/dev/null", "/dev/full", 0, ""),
    ],
)
def test_streams_that_are_closed_or_full(out: str, err: str, code: int, said: str, tmp_path: Path) -> None:
    files = [os.open(tmp_path / name, os.O_RDWR | os.O_CREAT) if name else None for name in (out, err)]
    assert forked(["solve", EXAMPLE], *files) == code
    log = tmp_path / "log"
    text = log.read_text() if log.exists() else ""
    assert said in text and text.count("\n") == bool(said)
    for file in files:
        if file is not None:
            os.close(file)


def test_names_that_the_terminal_cannot_print(tmp_path: Path) -> None:
    data = json.loads(Path(EXAMPLE).read_text()) | {"name": "Größe 大きさ"}
    (tmp_path / "game.json").write_text(json.dumps(data))
    with (tmp_path / "out").open("w+b") as out:
        assert forked(["solve", str(tmp_path / "game.json")], out.fileno(), out.fileno(), "ascii") == 0
    assert (tmp_path / "out").read_text().startswith("Gr\\xf6\\xdfe")


def test_the_standard_streams_come_back() -> None:
    before = sys.stdout
    with edge.own_output(), edge.own_output():
        assert sys.stdout is not before
    assert sys.stdout is before
