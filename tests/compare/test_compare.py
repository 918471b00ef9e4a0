"""A comparison records every run, whatever the solver does, and never loses a row."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bigopt.cli.app import app
from bigopt.compare import rows
from bigopt.compare.plan import Plan, paths, tasks
from bigopt.compare.run import compare
from bigopt.errors import BigoptError, InstanceError, UsageError


def run(*words: object) -> tuple[int, str, str]:
    plain = ("--reference", 0) if words[0] == "compare" else ()  # the reference has tests of its own
    result = CliRunner().invoke(app, [str(word) for word in (*words, *plain)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def lines(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "rows.jsonl").read_text().splitlines()]


def test_every_run_is_a_row_and_the_exit_code_is_0(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (folder / "small/four.json").unlink()
    code, _, err = run("compare", folder, "--solvers", "exact,liar,weak,absent", "--time-limit", 600, "--out", out)
    assert (code, err) == (0, "")
    found = {(row["instance"], row["solver"]): row for row in lines(out)}
    assert set(found) == {
        (name, solver)
        for name in ("small/nine.json", "large/recipe.toml")
        for solver in ("exact", "liar", "weak", "absent")
    }
    assert {solver: {r["outcome"] for (_, s), r in found.items() if s == solver} for _, solver in found} == {
        "exact": {"solved"},
        "liar": {"wrong"},
        "weak": {"unsupported"},
        "absent": {"not installed"},
    }
    row = found["small/nine.json", "exact"]
    assert (row["concept"], row["settings"], row["repeat"], row["verified"]) == ("root", "default", 0, True)
    assert set(row["seconds"]) >= {"build", "solve", "verify"} and row["peak_mb"] > 10
    assert row["machine"]["cores"] and row["versions"]["numpy"] and row["stopped"] == "convergenceCriteriaSatisfied"
    # 0.1 beside the root of 9: the certificate measures (3.1)^2 - 9
    assert found["small/nine.json", "liar"]["certificate"]["max_regret"] == pytest.approx(0.61)


@pytest.mark.parametrize(
    ("solver", "outcome"),
    [
        ("hang", "time limit"),
        ("crash", "crashed"),
        ("hog", "memory limit"),
        ("thrower", "failed"),
        ("babbler", "solved"),
    ],
)
def test_a_bad_solver_costs_one_row(folder: Path, tmp_path: Path, solver: str, outcome: str) -> None:
    limit = 30.0 if solver == "hog" else 1.0  # memory fills slowly where others compute
    plan = Plan([str(folder / "small/four.json")], [solver, "good"], time_limit=limit, memory_mb=600)
    found = compare(plan, tmp_path / "out")
    assert [row["outcome"] for row in found] == [outcome, "solved"]
    assert "\n" not in found[0]["note"]
    if solver == "crash":
        assert found[0]["note"] == "SIGSEGV"


def test_nothing_runs_twice_unless_asked(folder: Path, tmp_path: Path) -> None:
    words = ("compare", folder / "small", "--solvers", "good,liar", "--out", tmp_path / "out")
    assert run(*words)[0] == 0
    before = (tmp_path / "out/rows.jsonl").read_text()
    assert run(*words)[0] == 0
    assert (tmp_path / "out/rows.jsonl").read_text() == before
    assert run(*words, "--rerun", "failures")[0] == 0
    after = (tmp_path / "out/rows.jsonl").read_text()
    again = lines(tmp_path / "out")[4:]
    assert after.startswith(before) and [row["solver"] for row in again] == ["liar", "liar"]
    assert len(rows.read(tmp_path / "out")) == 4


def test_a_line_a_row_where_nobody_watches_a_bar(folder: Path, tmp_path: Path) -> None:
    """Also what stood there before: a reader of a log knows how far it is."""
    words = ("compare", folder / "small", "--solvers", "good,liar", "--out", tmp_path / "out")
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    said = [line for line in out.splitlines() if " root " in line]
    assert [line.split()[0] for line in said] == ["1/4", "2/4", "3/4", "4/4"]
    assert sum(": solved in " in line for line in said) == sum(" liar: wrong in " in line for line in said) == 2
    _, out, _ = run(*words, "--repeat", 2)
    assert out.startswith(f"4 of 8 rows are in {tmp_path / 'out/rows.jsonl'} already\n5/8 ")
    assert "#1: solved in " in out
    assert run(*words, "--repeat", 2)[1].startswith("8 of 8 rows are in ")


def test_a_changed_game_runs_again_and_a_changed_note_does_not(folder: Path, tmp_path: Path) -> None:
    game, out = folder / "small/four.json", tmp_path / "out"
    plan = Plan([str(game)], ["exact"])
    compare(plan, out)
    game.write_text('{"notes": "two squared", "format": "bigopt/1", "kind": "toy", "n": 4, "expected": {}}')
    compare(plan, out)
    assert len(lines(out)) == 1
    game.write_text('{"format": "bigopt/1", "kind": "toy", "n": 5}')
    compare(plan, out)
    assert len(lines(out)) == 2


def test_repeats_settings_concepts_and_jobs(folder: Path, tmp_path: Path) -> None:
    words = ("--settings", "default,high-accuracy", "--repeat", 2, "--concept", "root", "--jobs", 2)
    code, _, err = run("compare", folder / "small/four.json", "--solvers", "good", *words, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    found = {(r["concept"], r["settings"], r["repeat"]) for r in lines(tmp_path / "out")}
    assert found == {("root", s, n) for s in ("default", "high-accuracy") for n in (0, 1)}
    both = tasks(Plan([str(folder)], ["good"], concepts=["root", "mirror"]))
    assert [task["concept"] for task in both] == 3 * ["root", "mirror"]


def test_killed_in_the_middle_it_goes_on_where_it_was(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["compare", str(folder), "--solvers", "slow", "--reference", "0", "--out", str(out)]
    process = subprocess.Popen([sys.executable, "-m", "bigopt", *words], start_new_session=True)
    end = time.monotonic() + 300
    while time.monotonic() < end and not ((out / "rows.jsonl").exists() and lines(out)):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    kept = lines(out)
    assert 1 <= len(kept) < 3
    assert run(*words)[0] == 0
    after = lines(out)
    assert after[: len(kept)] == kept
    assert len({row["key"] for row in after}) == len(after) == 3


def test_a_torn_last_line_is_dropped(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    plan = Plan([str(folder / "small")], ["exact"])
    compare(plan, out)
    whole = (out / "rows.jsonl").read_bytes()
    (out / "rows.jsonl").write_bytes(whole[: len(whole) - 40])
    assert len(rows.read(out)) == 1
    assert [row["outcome"] for row in compare(plan, out)] == ["solved", "solved"]
    assert len(lines(out)) == 2
    assert (out / "rows.jsonl").read_bytes().startswith(whole[: whole.index(b"\n") + 1])


@pytest.mark.parametrize("written", [None, 17])
def test_a_full_disk_keeps_every_whole_row(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int | None
) -> None:
    """The second row cannot be written (or only 17 bytes of it): the first stays, and the same command goes on."""
    out = tmp_path / "out"
    plan = Plan([str(folder / "small")], ["exact"])
    real, calls = os.write, []

    def full(handle: int, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) == 2:
            if written is None:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(handle, data[:written])
        return real(handle, data)

    with monkeypatch.context() as patch:
        patch.setattr("bigopt.compare.rows.os.write", full)
        with pytest.raises(UsageError, match="No space left on device: 1 rows are kept"):
            compare(plan, out)
    assert len(lines(out)) == 1 and (out / "rows.jsonl").read_bytes().endswith(b"\n")
    assert len(compare(plan, out)) == 2 and len(lines(out)) == 2


def test_two_comparisons_do_not_write_into_one_folder(tmp_path: Path) -> None:
    with rows.journal(tmp_path), pytest.raises(UsageError, match="another comparison"), rows.journal(tmp_path):
        pass


def test_a_line_that_is_not_a_row_is_named(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"key": "a", "outcome": "solved"}\nnonsense\n')
    with pytest.raises(InstanceError, match=r"rows.jsonl: line 2: not a row"):
        rows.read(tmp_path)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--solvers", "nosuch"), "'nosuch' is not a solver"),
        (("--solvers", ","), "--solvers A,B"),
        (("--solvers", "exact", "--concept", "nosuch"), "'nosuch' is not a concept"),
        (("--solvers", "exact", "--settings", "nosuch"), "'nosuch' is not a set of settings"),
        (("--solvers", "exact", "--repeat", "0"), "repeat of 0"),
        (("--solvers", "exact", "--time-limit", "-1"), "time limit of -1"),
        (("--solvers", "exact", "--memory", "0"), "memory of 0"),
        (("--solvers", "exact", "--jobs", "0"), "--jobs 0"),
        (("--solvers", "exact", "--rerun", "all"), "--rerun all"),
        (("--solvers", "exact", "--dask", "tcp://127.0.0.1:1"), "--dask"),
    ],
)
def test_usage_errors_are_one_line_and_nothing_is_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.setattr("bigopt.compare.cluster.PATIENCE", 0.2)
    code, out, err = run("compare", folder, *words, "--out", tmp_path / "out")
    assert code in (2, 5) and out == ""
    assert said in err and err.count("\n") == 1
    assert not (tmp_path / "out/rows.jsonl").exists() or not lines(tmp_path / "out")


def test_a_bad_instance_stops_the_comparison_before_it_starts(folder: Path, tmp_path: Path) -> None:
    (folder / "small/bad.json").write_text('{"format": "bigopt/1", "kind": "toy", "n": -1}')
    code, _, err = run("compare", folder, "--solvers", "exact", "--out", tmp_path / "out")
    assert code == 2 and "bad.json: n: -1" in err and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('family = "nosuch"', "family: 'nosuch'"),
        ("n = ", "not TOML"),
        ('family = "squares"\ncolour = "red"', "unknown key 'colour'"),
        ('family = "squares"\n[parameters]\nm = 2', "'m' is not a parameter"),
        ('family = "squares"\nparameters = 3', "parameters"),
        ('family = "squares"\nstatus = "odd"', "status: 'odd'"),
    ],
)
def test_bad_recipes_are_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "recipe.toml").write_text(text)
    code, _, err = run("solve", tmp_path / "recipe.toml")
    assert code == 2 and said in err and "recipe.toml" in err and err.count("\n") == 1


def test_a_recipe_solves_like_any_instance(folder: Path) -> None:
    code, out, _ = run("solve", folder / "large/recipe.toml", "--json")
    assert code == 0 and json.loads(out)["solution"]["x"] == 1000.0


def test_instances_are_named_below_the_arguments_common_folder(folder: Path) -> None:
    assert list(paths([str(folder / "small/four.json")])) == ["four.json"]
    assert list(paths([str(folder / "small/four.json"), str(folder / "large/recipe.toml")])) == [
        "small/four.json",
        "large/recipe.toml",
    ]
    assert list(paths([str(folder / "small")])) == ["four.json", "nine.json"]


def test_payloads_are_json_and_can_travel_without_files(folder: Path) -> None:
    from bigopt.compare.run import run_task

    (task,) = tasks(Plan([str(folder / "small/nine.json")], ["exact"]), travel=True)
    (folder / "small/nine.json").unlink()
    row = json.loads(run_task(json.dumps(task)))
    assert row["outcome"] == "solved" and row["objective"] is None and row["instance"] == "nine.json"


def test_the_plan_refuses_nothing_to_do(tmp_path: Path) -> None:
    with pytest.raises(BigoptError, match="no instance"):
        compare(Plan([str(tmp_path)], ["exact"]), tmp_path / "out")


def test_a_dask_cluster_gives_the_same_rows(folder: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
    ) as cluster:
        plan = Plan([str(folder / "small/nine.json")], ["good", "liar", "crash"])
        found = compare(plan, tmp_path / "dask", dask=cluster.scheduler_address)
    local = compare(plan, tmp_path / "local", jobs=2)
    assert [(r["key"], r["outcome"], r.get("certificate")) for r in found] == [
        (r["key"], r["outcome"], r.get("certificate")) for r in local
    ]
    assert all(row["machine"] and row["versions"] for row in found)
