"""Proofs of stored instances, by the checker in an interpreter of its own; honest about what has no rule."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from bigopt.cli import app
from bigopt.engine import prove_all
from bigopt.engine.prove import prove_text
from bigopt.engine.prove_all import FAILED, NO_PROOF, NO_RULE, PROVED, TOO_LARGE


def test_verdicts_of_some_instances() -> None:
    names = ["persuasion/courtroom", "persuasion/second-opinion", "big/example-1-opposed", "hull/opinions-60.toml"]
    found = {(v.instance, v.concept): v for v in prove_all.prove_all(names)}
    assert found["persuasion/courtroom", "signaling"].outcome == PROVED
    assert found["persuasion/courtroom", "signaling"].said.startswith("proved: ")
    assert found["big/example-1-opposed", "nash"].outcome == PROVED
    assert found["persuasion/second-opinion", "signaling"].outcome == PROVED  # signals of Alice's own
    assert found["big/example-1-opposed", "dynamics"].outcome == NO_RULE
    assert found["hull/opinions-60.toml", ""].outcome == TOO_LARGE
    assert not [v for v in found.values() if v.outcome == FAILED]


def test_a_false_proof_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def false(*words: Any, **asked: Any) -> str:
        data = json.loads(prove_text(*words, **asked))
        data["claims"] = dict.fromkeys(data["claims"], "7/5")
        return json.dumps(data)

    monkeypatch.setattr(prove_all, "prove_text", false)
    verdicts = [v for v in prove_all.prove_all(["persuasion/second-opinion"]) if v.outcome not in (NO_RULE, NO_PROOF)]
    assert verdicts and all(v.outcome == FAILED and v.said.startswith("refuted: ") for v in verdicts)


def test_the_command_counts_them_and_processes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["persuasion/second-opinion", "big/example-1-opposed"]
    monkeypatch.setattr("bigopt.files.library.instances", lambda: names)
    one, two = (CliRunner().invoke(app, ["check", "--all", "--jobs", jobs]) for jobs in ("1", "2"))
    assert (one.exit_code, one.output) == (two.exit_code, two.output)
    assert "expected answers checked" in one.output and "proofs: " in one.output and " 0 FAILED" in one.output
    assert one.exit_code == 0 and [one.output.find(f"ok     {name} ") for name in names] == sorted(
        one.output.find(f"ok     {name} ") for name in names
    )
    assert CliRunner().invoke(app, ["check", "--all", "--jobs", "0"]).exit_code == 2
