"""What is no proof is refused in one line, exit 2, by both doors: the checker alone and `bigopt check`."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

from bigopt import catalog
from bigopt.cli import app
from bigopt.engine.prove import prove


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": "bigopt-proof/1"}',
        "[" * 100_000,
        '{"format": "bigopt-proof/1", "n": ' + "1" * 1_000_000 + "}",
        '{"format": "bigopt-proof/1", "n": 1e999999999}',
        '{"format": "bigopt-proof/1", "kind": "persuasion", "concept": "signaling", "instance_sha256": "0"}',
    ],
)
def test_bad_proofs_are_one_line_and_exit_2(checker: ModuleType, tmp_path: Path, text: str, capsys: Any) -> None:
    path = tmp_path / "proof.json"
    path.write_text(text)
    assert checker.main([str(catalog.instance("persuasion/courtroom")), str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


BAD: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another version": lambda made: made | {"format": "bigopt-proof/2"},
    "another instance": lambda made: made | {"instance_sha256": "0" * 64},
    "another kind": lambda made: made | {"kind": "market"},
    "no rule": lambda made: made | {"concept": "dynamics"},
    "a concept that is no text": lambda made: made | {"concept": ["signaling"]},
    "no claims": lambda made: made | {"claims": {}},
    "no witness": lambda made: {key: value for key, value in made.items() if key != "witness"},
    "long fraction": lambda made: made | {"claims": {"value": "1" * 1_000_000 + "/3"}},
}


@pytest.mark.parametrize("name", BAD)
def test_both_doors_refuse_bad_proofs_in_one_line(checker: ModuleType, tmp_path: Path, capsys: Any, name: str) -> None:
    game, path = catalog.instance("persuasion/courtroom"), tmp_path / "proof.json"
    path.write_text(json.dumps(BAD[name](json.loads(json.dumps(prove(game))))))
    assert checker.main([str(game), str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    done = CliRunner().invoke(app, ["check", str(game), str(path)])
    assert (done.exit_code, done.output.count("\n")) == (2, 1), done.output
    assert "Traceback" not in done.output and len(done.output) < 500


def test_deep_json_is_refused_by_both_doors(checker: ModuleType, tmp_path: Path, capsys: Any) -> None:
    game, path = catalog.instance("persuasion/courtroom"), tmp_path / "proof.json"
    path.write_text('{"format": "bigopt-proof/1", "claims": ' + "[" * 100_000 + "]" * 100_000 + "}")
    assert checker.main([str(game), str(path)]) == 2
    done = CliRunner().invoke(app, ["check", str(game), str(path)])
    assert (done.exit_code, done.output.count("\n")) == (2, 1), done.output
    nested: dict[str, Any] = json.loads(json.dumps(prove(game)))
    nested["witness"]["scheme"] = nested["witness"]  # data that hold themselves: only in Python, JSON cannot
    with pytest.raises((checker.Bad, checker.Refuted, RecursionError)):
        checker.check(checker.load(game), nested)
