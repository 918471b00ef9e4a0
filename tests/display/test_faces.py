"""Games and solutions in one line, as text, in a notebook; equal by content, for every kind."""

import copy
import pickle
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import bigopt
from bigopt import catalog
from bigopt.cli.app import app
from bigopt.display.tables import Table, as_html, as_text, short
from bigopt.errors import UsageError
from bigopt.files import instance
from bigopt.games import kinds

STORED = [
    "conversation/independent-signals",
    "hull/table-2",
    "influencers/example-2-unique",
    "market/synthetic-2",
    "mechanism/three-answers",
    "persuasion/zero-sum-senders",
    "preferences/section-6-2",
    "subsets/example-5-4",
]
STORED = [name.replace("influencers/", "big/") for name in STORED]


def load(name: str) -> Any:
    return instance.load(catalog.instance(name))


def test_every_kind_is_here() -> None:
    assert {load(name).kind for name in STORED} == set(kinds.KINDS)


@pytest.mark.parametrize("name", STORED)
def test_games(name: str) -> None:
    one, two = load(name), load(name)
    assert one == two and hash(one) == hash(two) and len({one, two}) == 1
    assert one != object() and one == copy.copy(one)
    assert "\n" not in repr(one) and len(repr(one)) < 400 and one.name in repr(one)
    assert one.name in one._repr_html_() and len(one._repr_html_()) < 20_000


def test_games_of_other_data_differ() -> None:
    games = [load(name) for name in STORED]
    assert len(set(games)) == len(games)
    one = load("market/synthetic-2")
    data = one.to_instance()
    alice = [[*row] for row in data["alice"]]
    assert type(one).from_instance({**data, "alice": alice}, "other name") == one
    alice[0][0] += 1
    assert type(one).from_instance({**data, "alice": alice}, one.name) != one


@pytest.mark.parametrize("name", STORED)
def test_solutions(name: str) -> None:
    one, two = bigopt.solve(load(name)), bigopt.solve(load(name))
    assert one == two and hash(one) == hash(two)
    assert one != bigopt.solve(load(STORED[0 if name != STORED[0] else 1]))
    assert "\n" not in repr(one) and len(repr(one)) < 300 and "array" not in repr(one)
    assert set(one.fields) <= set(dir(one)) and len(dir(one)) == len(set(dir(one)))
    assert pickle.loads(pickle.dumps(one)) == one == copy.deepcopy(one)
    page = one._repr_html_()
    assert "certificate" in page and page.count("<table") == page.count("</table>") > 0


def test_print_is_the_command_line(tmp_path: Path) -> None:
    path = catalog.instance("big/example-2-unique")
    shown = CliRunner().invoke(app, ["solve", str(path)]).stdout
    text = str(bigopt.solve(bigopt.load(path)))
    assert [line.rstrip() for line in shown.splitlines()][:-1] == [line.rstrip() for line in text.splitlines()][:-1]


def test_strangers_names_are_escaped() -> None:
    page = as_html([Table("<b>", ("<i>",), [("<script>",)])])
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_no_empty_heads_no_empty_tables_no_brackets() -> None:
    assert as_text([Table("certificate", ("a", "b"), [])]) == "" == as_text([])
    assert as_text([Table("", ("", ""), [("receiver", 1.0)])]).split() == ["receiver", "1"]
    assert short([0.5]) == "0.5" and short([0.5, 1.0]) == "(0.5, 1)"


@pytest.mark.parametrize(
    ("name", "ending"), [*((name, "png") for name in STORED[::2]), *((name, "svg") for name in STORED[::3])]
)
def test_pictures_are_figures_and_the_same_bytes(name: str, ending: str, tmp_path: Path) -> None:
    solution = bigopt.solve(load(name))
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    figure = solution.plot(first, figsize=(12.0, 6.0))
    assert tuple(figure.get_size_inches()) == (12.0, 6.0)
    solution.plot(second, figsize=(12.0, 6.0))
    assert first.read_bytes() == second.read_bytes() and b"<dc:date>" not in first.read_bytes()
    assert ending != "svg" or b"<text" in first.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [first.name, second.name]


def test_what_a_limit_left_without_an_answer_is_not_drawn() -> None:
    found = bigopt.solve(bigopt.load("big/box/players-10000-dimension-4.toml"), time_limit=1e-6)
    assert found.exit_code == 4 and not found.fields
    with pytest.raises(UsageError, match=r"plot: no answer to draw \(maxTimeLimit\): use a longer time limit"):
        found.plot()
