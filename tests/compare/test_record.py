"""The record beside the rows, and what the report makes of it: variation, regressions, problems, tables."""

from __future__ import annotations

import csv
import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bigopt.cli.app import app
from bigopt.compare import record
from bigopt.compare.plan import Plan
from bigopt.compare.record import Record, Reference
from bigopt.compare.run import compare
from bigopt.errors import InstanceError
from bigopt.report import read_measures
from bigopt.report.against import against
from bigopt.report.measures import Mean, Measures, Problem
from bigopt.report.problems import known
from bigopt.report.variation import spread, turnable, variation
from bigopt.report.words import facts, told
from tests.compare.test_report import ROWS, row

ONE = Problem("one.json", "root")


def write(folder: Path, rows: list[dict[str, Any]]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "rows.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    return folder


def test_a_comparison_writes_how_it_was_started_and_runs_the_reference(tmp_path: Path) -> None:
    plan = Plan(["big/example-1-opposed"], ["exact"])
    for _ in range(2):  # the second finds every row there and starts nothing
        compare(plan, tmp_path, command="bigopt compare x --out y", reference=600.0)
    found = record.read(tmp_path)
    (start,) = found.starts
    assert start["command"] == "bigopt compare x --out y" and start["jobs"] == 1
    assert start["machine"]["cores"] and start["versions"]["pyomo"]
    assert len(found.reference) == 2 and min(found.reference) > 0.0  # at the first run and at the end
    shown = dict(facts(read_measures(tmp_path)))
    assert shown["command"] == "bigopt compare x --out DIR" and shown["date"].startswith("20")


def test_the_command_is_what_was_typed(tmp_path: Path) -> None:
    typed = ["compare", "example-1-opposed", "--solvers", "exact", "--out", str(tmp_path), "--reference", "0"]
    done = CliRunner().invoke(app, typed)
    assert done.exit_code == 0, done.output
    (start,) = record.read(tmp_path).starts
    assert start["command"] == shlex.join(["bigopt", *typed])


def test_an_interruption_counts_no_rows_before_there_is_a_plan(tmp_path: Path) -> None:
    def stopped(*given: object, **more: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bigopt.cli.compare.run", stopped)
        done = CliRunner().invoke(app, ["compare", "example-1-opposed", "--solvers", "exact", "--out", str(tmp_path)])
    assert done.exit_code == 130
    assert done.stderr == "bigopt: interrupted: no run had begun: run the same command again to go on\n"


def test_the_reference_runs_when_its_time_has_come(tmp_path: Path) -> None:
    done = json.dumps({"outcome": "solved", "started": "now", "seconds": {"build": 1.0, "solve": 2.0}})
    for every, count in ((600.0, 1), (1e-9, 3), (0.0, 0)):
        folder = tmp_path / f"{every}"
        folder.mkdir()
        reference = Reference(folder, every)
        for _ in range(3):
            reference.due(lambda text: done)
        assert record.read(folder).reference == (3.0,) * count


def test_a_line_of_the_record_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "starts.jsonl").write_text('{"started": "a", "command": "b"}\n{"started": 1}\n{"torn')
    with pytest.raises(InstanceError, match=r"starts.jsonl: line 2: not of a comparison's record: remove that line"):
        record.read(tmp_path)


def test_the_variation_by_hand() -> None:
    assert spread([1.0, 1.1, 1.25]) == 1.25
    assert spread([9.0, *[1.0 + i / 100 for i in range(19)], 0.1]) == pytest.approx(1.18)  # one at each end left out
    measured = variation(Measures(ROWS, Record(reference=(1.0, 1.5))))
    assert (measured.factor, measured.runs) == (1.5, 2)
    repeats = [row("one.json", "a", "solved", t, repeat=i) for i, t in enumerate((1.0, 1.2))]
    assert variation(Measures(repeats)).factor == pytest.approx(1.2)
    assert variation(Measures(ROWS)).runs == 0 and "not measured" in str(variation(Measures(ROWS)))


def test_a_ranking_that_the_machine_could_turn() -> None:
    means = {"a": Mean(1, 1.0, 5, 5), "b": Mean(1, 1.3, 5, 5), "c": Mean(1, 2.0, 5, 5), "d": Mean(1, 2.1, 4, 5)}
    assert turnable(means, 1.4) == {"b"}  # c is further away, d solves fewer
    assert turnable(means, 1.0) == set()


def test_regressions_between_two_comparisons() -> None:
    def result(instance: str, outcome: str, seconds: float, objective: float = 1.0) -> dict[str, Any]:
        return row(instance, "a", outcome, seconds, objective=objective)

    old = [result("fails", "solved", 1), result("slow", "solved", 1), result("noise", "solved", 1)]
    old += [result("value", "solved", 1), result("mended", "time limit", 90), result("gone", "solved", 1)]
    new = [result("fails", "time limit", 90), result("slow", "solved", 2), result("noise", "solved", 1.2)]
    new += [result("value", "solved", 1, 1.1), result("mended", "solved", 1), result("added", "wrong", 1)]
    quiet = Record(reference=(1.0, 1.3))
    found = against(Measures(new, quiet), Measures(old, quiet))
    assert (found.pairs, found.factor, found.measured) == (5, 1.3, True)
    assert found.summary.startswith("5 pairs of problem and contender in both: 3 regressions, 1 improvement.")
    one = against(Measures(new[:1], quiet), Measures(old[:1], quiet))
    assert one.summary.startswith("1 pair of problem and contender in both: 1 regression, no improvements.")
    assert {(c.what, c.problem.instance) for c in found.regressions} == {
        ("failed", "fails"),
        ("slower", "slow"),
        ("value", "value"),
    }
    assert [(c.what, c.problem.instance) for c in found.improvements] == [("solved", "mended")]
    back = against(Measures(old, quiet), Measures(new, quiet))
    assert {c.what for c in back.improvements} == {"solved", "faster"}
    # a machine that was half as fast for the second comparison makes nothing a regression
    slow = against(Measures(new, Record(reference=(2.0, 2.6))), Measures(old, quiet))
    assert "slow" not in {c.problem.instance for c in slow.regressions}


def test_against_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bigopt.report.draw", lambda measures, folder: [])  # figures have a test of their own
    old, new = write(tmp_path / "old", ROWS), write(tmp_path / "new", ROWS)
    result = CliRunner().invoke(app, ["report", str(new), "--against", str(old)])
    assert result.exit_code == 0 and "no regressions" in result.output
    write(new, [*ROWS[1:], row("one.json", "a", "crashed")])
    result = CliRunner().invoke(app, ["report", str(new), "--against", str(old)])
    assert result.exit_code == 1 and "failed: one.json root a: 1 s -> crashed" in result.output
    assert "crashed" in (new / "report.md").read_text().split("## Against")[1].split("##")[0]
    write(old, [row("other.json", "z", "solved", 1.0)])
    result = CliRunner().invoke(app, ["report", str(new), "--against", str(old)])
    assert result.exit_code == 2 and "nothing" not in result.stderr and "in common" in result.stderr


def test_what_is_known_of_a_problem() -> None:
    rows = [
        row("one.json", "a", "solved", 2.0, objective=-1.0, bound=-1.5),
        row("one.json", "b", "solved", 1.0, objective=-0.999, bound=None),
        row("one.json", "c", "time limit", 90.0, objective=-0.5, bound=-1.1),
        row("one.json", "d", "wrong", 0.1, objective=-9.0, bound=-1.0),
        row("one.json", "e", "unsupported"),
    ]
    rows[0]["certificate"]["checks"][0]["value"] = 1e-12
    rows[1]["certificate"]["checks"][0]["value"] = 1e-9
    fact = known(Measures(rows), ONE)
    assert (fact.value, fact.value_by, fact.fastest) == (-1.0, "a", "b")
    assert (fact.bound, fact.bound_by) == (-1.1, "c")  # d's is nearer, and d is wrong
    assert (fact.solved, fact.taken, fact.difficulty) == (2, 4, "medium")
    left = known(Measures(rows[2:]), ONE)
    assert (left.value, left.bound, left.difficulty) == (None, -1.1, "open")
    most = [row("one.json", s, "time limit", 90.0, objective=0.5, bound=b) for s, b in (("a", 2.0), ("b", 1.5))]
    assert known(Measures(most), ONE).bound == 1.5  # a maximization is bounded from above


def test_rows_as_tables(tmp_path: Path) -> None:
    folder = write(tmp_path / "out", ROWS)
    file = tmp_path / "rows.csv"
    assert CliRunner().invoke(app, ["report", str(folder), "-o", str(file)]).exit_code == 0
    table = list(csv.DictReader(file.read_text().splitlines()))
    assert [t["contender"] for t in table] == [r["solver"] for r in ROWS]
    assert table[1]["answer_seconds"] == "4.0" and table[3]["regret"] == "0.5" and table[5]["answer_seconds"] == ""
    parquet = pytest.importorskip("pyarrow.parquet")
    assert CliRunner().invoke(app, ["report", str(folder), "--to", "parquet", "-o", str(file)]).exit_code == 0
    read = parquet.read_table(file)
    assert read.num_rows == len(ROWS) and read.column("answer_seconds").to_pylist()[:2] == [1.0, 4.0]
    for words in (["--to", "csv"], ["-o", "rows.xls"], ["--to", "xls", "-o", "x"], ["--to", "csv", "--against", "x"]):
        result = CliRunner().invoke(app, ["report", str(folder), *words])
        assert result.exit_code == 2 and result.stderr.count("\n") == 1, words


def test_a_command_is_told_without_its_folder() -> None:
    assert told("bigopt compare 'my games' --out /home/me/x --jobs 2") == "bigopt compare 'my games' --out DIR --jobs 2"
    assert told("bigopt compare a --out=/home/me/x") == "bigopt compare a --out=DIR"
