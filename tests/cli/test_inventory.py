"""What there is: lists, schemas, commands; models written out."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bigopt.cli.app import app
from bigopt.files import library

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = str(ROOT / "instances/big/example-1-opposed.json")


def run(*words: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("to", ["lp", "mps", "nl"])
def test_export_writes_a_model(tmp_path: Path, to: str) -> None:
    target = tmp_path / f"model.{to}"
    code, out, _ = run("export", EXAMPLE, "--to", to, "-o", target)
    assert code == 0
    assert out.strip() == str(target)
    assert target.stat().st_size > 100


def test_export_refuses_what_it_cannot_write(tmp_path: Path) -> None:
    for words, said in (
        (("--to", "docx"), "docx"),
        (("--to", "nfg"), "not a finite game"),
        (("--to", "lp", "-o", "/nosuch/folder/x.lp"), "no such folder"),
        (("--to", "lp", "--model", "nosuch"), "not a model"),
    ):
        code, out, err = run("export", EXAMPLE, *words)
        assert (code, out) == (2, "")
        assert said in err and err.count("\n") == 1


@pytest.mark.parametrize("what", ["instances", "models", "solvers", "concepts", "families", "figures"])
def test_lists(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {name.split("/")[0]: name for name in library.instances()}  # one a folder: each is read and classified
    monkeypatch.setattr(library, "instances", lambda: list(names.values()))
    code, out, _ = run("list", what)
    assert code == 0
    code, lines, _ = run("list", what, "--json")
    assert code == 0
    assert all(isinstance(json.loads(line), dict) for line in lines.splitlines())
    assert lines


def test_every_kind_prints_its_schema() -> None:
    import jsonschema

    from bigopt.games.kinds import KINDS

    for kind in KINDS:
        code, out, _ = run("schema", kind)
        assert code == 0
        jsonschema.Draft202012Validator.check_schema(json.loads(out))
    assert run("schema", "nosuch")[0] == 2


def test_every_command_of_the_manual_is_there() -> None:
    names = "solve check compare report export plot reproduce list doctor schema generate"
    for name in names.split():
        code, out, _ = run(name, "--help")
        assert code == 0 and "Usage" in out, name


def test_options_are_listed_with_what_they_are_for() -> None:
    rows = [json.loads(line) for line in run("list", "concepts", "--json", "--kind", "subsets")[1].splitlines()]
    (row,) = [row for row in rows if row["concept"] == "best-response"]
    assert row["options"] == "gap=None (absolute gap, in the player's loss)"
