"""The report says what the rows say: against hand-computed measures, and a page that needs nothing from outside."""

import json
import math
import re
from dataclasses import astuple
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bigopt.cli.app import app
from bigopt.report import write_report
from bigopt.report.guide import guide
from bigopt.report.measures import Measures, Problem, shifted_geometric_mean
from bigopt.report.page import page

VOID = {"meta", "input", "br", "link", "img", "hr"}


def row(instance: str, solver: str, outcome: str, seconds: float | None = None, **more: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "key": f"{instance} {solver} {more.get('repeat', 0)} {more.get('settings', '')}",
        "instance": instance,
        "file": f"games/{instance}",
        "kind": "toy",
        "family": "games",
        "concept": "root",
        "class": "QP",
        "numbers": 10,
        "solver": solver,
        "version": "1.0",
        "settings": "default",
        "options": {},
        "repeat": 0,
        "time_limit": 90.0,
        "memory_mb": 100.0,
        "outcome": outcome,
        "note": "",
        "holds": "optimal",
        "stopped": "convergenceCriteriaSatisfied",
        "versions": {"bigopt": "0.1"},
        "machine": {"processor": "P", "cores": 2, "memory_gb": 4, "system": "S", "python": "3"},
    }
    if seconds is not None:
        data["seconds"] = {"build": seconds / 2, "solve": seconds / 2, "verify": 1000.0}
    if outcome in ("solved", "wrong"):
        value = 0.0 if outcome == "solved" else 0.5
        check = {"name": "regret", "value": value, "limit": 1e-7, "passed": outcome == "solved"}
        data["certificate"] = {"verified": outcome == "solved", "max_regret": value, "checks": [check]}
    return data | more


# a: 1 s and 4 s; b: 2 s and wrong (in 0.1 s); c: solves one, cannot take the other; d: takes neither
ROWS = [
    row("one.json", "a", "solved", 1.0),
    row("two.json", "a", "solved", 4.0),
    row("one.json", "b", "solved", 2.0),
    row("two.json", "b", "wrong", 0.1),
    row("one.json", "c", "solved", 8.0),
    row("two.json", "c", "unsupported"),
    row("one.json", "d", "unsupported"),
    row("two.json", "d", "not installed"),
]
PROBLEMS = [Problem("one.json", "root"), Problem("two.json", "root")]


def test_the_shifted_geometric_mean_by_hand() -> None:
    # sqrt((6 + 10) (54 + 10)) - 10 = sqrt(1024) - 10
    assert shifted_geometric_mean([6.0, 54.0]) == pytest.approx(22.0)
    assert shifted_geometric_mean([3.0, 3.0]) == pytest.approx(3.0)


def test_means_count_failures_at_the_limit_and_not_what_is_unsupported() -> None:
    assert "e" not in Measures([*ROWS, row("one.json", "e", "solved", 0.5)]).means(PROBLEMS)  # not tried on the other
    found = Measures(ROWS).means(PROBLEMS)
    assert list(found) == ["a", "c", "b"]
    a = math.sqrt(11 * 14) - 10
    assert astuple(found["a"]) == pytest.approx((a, 1.0, 2, 2))
    # b is wrong on the second, however fast, and charged 90 s; c cannot take it, and is compared on the first alone,
    # where the fastest took 1 s. The certificate's time never counts
    assert astuple(found["b"]) == pytest.approx((math.sqrt(12 * 100) - 10, (math.sqrt(1200) - 10) / a, 1, 2))
    assert astuple(found["c"]) == pytest.approx((8.0, 8.0, 1, 1))


def test_the_virtual_best_takes_the_fastest_of_each() -> None:
    rows = [row("one.json", "a", "solved", 1.0), row("two.json", "a", "solved", 50.0), *ROWS[2:3]]
    measures = Measures([*rows, row("two.json", "b", "solved", 6.0), row("two.json", "c", "solved", 7.0)])
    assert measures.virtual_best(PROBLEMS).seconds == pytest.approx(math.sqrt(11 * 16) - 10)
    # fastest, within twice the fastest, alone: the first is solved by a (1 s) and b (2 s), the second by all
    assert measures.shares() == {"a": (1, 1, 0), "b": (1, 2, 0), "c": (0, 1, 0)}
    nobody = Measures([row("one.json", "a", "time limit")])
    assert astuple(nobody.virtual_best(PROBLEMS[:1])) == pytest.approx((90.0, 1.0, 0, 1))


def test_profiles_are_shares_of_what_somebody_solved() -> None:
    third = [row("three.json", solver, "time limit") for solver in "abc"]
    found = Measures([*ROWS, *third]).profiles([*PROBLEMS, Problem("three.json", "root")])
    curves = {name: astuple(profile) for name, profile in found.items()}
    # c is not charged for the problem that it cannot take
    assert curves == {"a": ([1.0, 1.0], [0.5, 1.0], 2), "b": ([2.0], [0.5], 2), "c": ([8.0], [1.0], 1)}


def test_wrong_answers_are_named_and_so_is_infeasible_where_there_is_an_answer() -> None:
    rows = [*ROWS, row("one.json", "e", "infeasible"), row("four.json", "e", "infeasible")]
    assert [(c, p.instance) for p, c, _ in Measures(rows).wrong()] == [("b", "two.json"), ("e", "one.json")]


def test_the_worst_of_the_repeats_counts_and_the_median_time() -> None:
    times = [row("one.json", "a", "solved", t, repeat=i) for i, t in enumerate((1.0, 9.0, 2.0))]
    assert Measures(times).results[PROBLEMS[0], "a"].seconds == 2.0
    lied = Measures([*times, row("one.json", "a", "wrong", 1.0, repeat=3)])
    assert not lied.results[PROBLEMS[0], "a"].solved and lied.wrong()


class Strict(HTMLParser):
    """Fails on a tag that is not closed in order; collects ids, links and what would be loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id" and "svg" not in self.open:
                self.ids.append(str(value))
            if name in ("src", "href", "xlink:href", "data", "action", "srcset"):
                self.links.append(str(value))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["td"]:
            self.cells.append(data)


def test_the_page_is_well_formed_and_needs_nothing_from_outside(tmp_path: Path) -> None:
    rows = [*ROWS, *(row(f"{n}.json", "a", "solved", n / 10, numbers=n) for n in (10, 100, 1000))]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    written, _ = write_report(tmp_path)
    names = {path.relative_to(tmp_path).as_posix() for path in written}
    assert {"report.html", "report.md", "figures/profile.png", "figures/regret.svg"} <= names
    assert "figures/scaling-games-root.png" in names
    text = (tmp_path / "report.html").read_text()
    parser = Strict()
    parser.feed(text)
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))
    assert all(link.startswith("#") for link in parser.links), parser.links
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)", text)
    anchors = {link[1:] for link in parser.links if not link.startswith("#m") and len(link) < 12}
    assert anchors >= {"solved", "wrong", "times", "rows"} and {"solved", "wrong", "times", "rows"} <= set(parser.ids)
    for name in ("prefers-color-scheme: dark", 'name="viewport"', "aria-sort"):
        assert name in text
    assert all(path.read_bytes()[:4] == b"\x89PNG" for path in written if path.suffix == ".png")


def test_the_texts_name_the_wrong_answer_and_the_command_that_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bigopt.report.draw", lambda measures, folder: [])
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(r) + "\n" for r in ROWS))
    write_report(tmp_path, tmp_path / "SOLVERS.md")
    command = "bigopt solve games/two.json --concept root --solver b --time-limit 90"
    for name in ("report.html", "report.md", "SOLVERS.md"):
        text = (tmp_path / name).read_text()
        assert command in text, name
        assert "regret 0.5" in text, name
    assert "| d | " not in (tmp_path / "SOLVERS.md").read_text().split("## d")[1].split("\n## ")[0]


def test_the_guide_says_what_is_known_of_a_solver() -> None:
    text = guide(Measures([row("x.json", "copt", "solved", 1.0), row("x.json", "uno", "solved", 1.0)]))
    free, sqp = text.index("10000 variables"), text.index("trust region")
    assert text.index("## copt") < free < text.index("## uno") < sqp < text.index("## Times")


def test_what_a_solver_says_is_escaped() -> None:
    bad = row("<b>.json", "a", "failed", note="<script>alert(1)</script>")
    text = page(Measures([bad]), [])
    assert "<script>alert" not in text and "<b>" not in text


def test_no_rows_and_no_folder_are_one_line(tmp_path: Path) -> None:
    for folder, said in ((tmp_path, "rows.jsonl"), (tmp_path / "no", "rows.jsonl")):
        result = CliRunner().invoke(app, ["report", str(folder)])
        assert result.exit_code == 2 and said in result.stderr and result.stderr.count("\n") == 1
    (tmp_path / "rows.jsonl").write_text("")
    assert CliRunner().invoke(app, ["report", str(tmp_path)]).exit_code == 2


def test_the_guide_leaves_out_who_was_not_tried_on_all() -> None:
    text = guide(Measures([*ROWS, row("one.json", "e", "solved", 0.5)]))
    assert "left out: e." in text and "## e" not in text and "## a (1.0)" in text
    assert "| one.json | root | easy | 3 of 3 | 1 s (a) |" in text  # e's half a second does not count
