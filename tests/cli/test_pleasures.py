"""The command line helps: standard input, what was meant, what does not apply, the help of what is named."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import bigopt
from bigopt.cli import completion
from bigopt.cli.app import COMMANDS, app
from bigopt.errors import UsageError
from bigopt.files.library import instance

EXAMPLE = instance("big/example-1-opposed")
RECEIVER = [3.0]  # of Example 1, the middle of [0, 6]


def run(*words: object, given: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(word) for word in words], input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def refused(said: str, *words: object, given: str | None = None) -> None:
    code, out, err = run(*words, given=given)
    assert (code, out, err.count("\n")) == (2, "", 1), (code, out, err)
    assert said in err, err


@pytest.mark.parametrize(
    "words",
    [
        ("solve", "-", "--json"),
        ("solve", "-"),
        ("check", "-"),
        ("prove", "-"),
        ("export", "-", "--to", "lp", "-o", "{folder}/model.lp"),
        ("plot", "-", "-o", "{folder}/game.png"),
        ("sweep", "-", "--set", "targets[0][0]=0:2:2", "--out", "{folder}/sweep"),
        ("compare", "-", "--solvers", "exact", "--out", "{folder}/rows"),
    ],
    ids=lambda words: words[0],
)
def test_a_dash_is_standard_input(words: tuple[str, ...], tmp_path: Path) -> None:
    code, out, err = run(*(word.format(folder=tmp_path) for word in words), given=EXAMPLE.read_text())
    assert (code, err) == (0, "") and out
    if "--json" in words:
        data = json.loads(out)
        assert data["solution"]["receiver"] == RECEIVER and data["instance"] == "example-1-opposed"


def test_a_picture_is_of_what_was_asked(tmp_path: Path) -> None:
    drawn = []
    for options in ((), ("--option", "schemes=randomized")):
        words = ("plot", "market/lotteries", "--concept", "stable", *options, "-o", tmp_path / "stable.png")
        assert run(*words)[::2] == (0, "")
        drawn.append((tmp_path / "stable.png").read_bytes())
    assert drawn[0] != drawn[1]


def test_a_solution_or_a_recipe_on_standard_input(tmp_path: Path) -> None:
    solution = json.dumps({"concept": "nash", "solution": {"actions": [[0.0], [6.0]]}})
    assert run("check", EXAMPLE, "-", given=solution)[0] == 0
    refused("stands for both", "check", "-", "-", given=solution)
    code, out, _ = run("solve", "-", "--json", given='family = "influencers"\n[parameters]\nplayers = 3\n')
    assert code == 0 and json.loads(out)["instance"] == "standard-input"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "standard input: line 1, column 1: not JSON"),
        ('{"format": "bigopt/1", "kind": "influencers", "loss": "cubic"}', "bigopt: standard input: "),
    ],
)
def test_errors_say_standard_input(text: str, said: str) -> None:
    refused(said, "solve", "-", given=text)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("solve", EXAMPLE, "--concept", "nahs"), "did you mean nash?"),
        (("solve", EXAMPLE, "--solver", "hihgs"), "did you mean highs?"),
        (("solve", EXAMPLE, "--model", "big_potental"), "did you mean big_potential?"),
        (("solve", EXAMPLE, "--concept", "dynamics", "--option", "strt=center"), "did you mean start?"),
        (("solve", EXAMPLE, "--concept", "dynamics", "--option", "start=centre"), "did you mean center?"),
        (("solve", EXAMPLE, "--concpt", "nash"), "did you mean --concept?"),
        (("solve", EXAMPLE, "--concept", "best-response", "--playr", "1"), "did you mean --player?"),
        (("solve", "example-1-oposed"), "did you mean big/example-1-opposed?"),
        (("solve", "players-10000-dimension-4"), "give big/ball/players-10000-dimension-4.toml or big/box/"),
        (("solve", "big/box/players-10000-dimension-5"), "did you mean big/box/players-10000-dimension-4.toml?"),
        (("solve", EXAMPLE, "--jsn"), "its value is missing"),
        (("compare", EXAMPLE, "--solvers", "exat", "--out", "nowhere"), "did you mean exact?"),
        (("compare", EXAMPLE, "--solvers", "exact", "--concept", "nahs", "--out", "nowhere"), "did you mean nash?"),
        (("schema", "markets"), "did you mean market?"),
        (("generate", "influencer"), "did you mean influencers?"),
        (("reproduce", "big-figure"), "did you mean big-figure-"),
        (("list", "solver"), "did you mean solvers?"),
        (("list", "concepts", "--kind", "markt"), "did you mean market?"),
        (("export", EXAMPLE, "--to", "mpss"), "did you mean mps?"),
        (("slove", EXAMPLE), "solve"),
        (("list", "concepts", "--kid", "market"), "--kind"),
    ],
    ids=lambda value: " ".join(map(str, value[:1] + value[-2:])) if isinstance(value, tuple) else "",
)
def test_what_was_meant(words: tuple[object, ...], said: str) -> None:
    refused(said, *words)


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("targets", "tragets", "unknown key 'tragets', did you mean targets?"),
        ("source", "sorce", "unknown key 'sorce', did you mean source?"),
        ("expected", "expcted", "unknown key 'expcted', did you mean expected?"),
        ("lower", "lwoer", "did you mean lower?"),
    ],
)
def test_a_key_of_a_file_that_was_meant(key: str, typed: str, said: str) -> None:
    text = EXAMPLE.read_text()
    assert f'"{key}"' in text
    refused(said, "solve", "-", given=text.replace(f'"{key}"', f'"{typed}"'))


def test_a_key_of_a_recipe_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / "game.toml").write_text('familly = "influencers"\n')
    refused("did you mean family?", "solve", tmp_path / "game.toml")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("solve", EXAMPLE, "--bob", "Bob"), "--bob: neither of solve nor of the concept nash"),
        (("solve", EXAMPLE, "--player", "0"), "--player: neither of solve nor of the concept nash"),
        (("solve", EXAMPLE, "--settings", "high-accuracy"), "settings 'high-accuracy'"),
        (("solve", EXAMPLE, "--solver", "exact", "--settings", "high-accuracy"), "settings 'high-accuracy'"),
        (("plot", EXAMPLE, "--instance", EXAMPLE), "expected a SOLUTION beside --instance"),
        (("plot", "market/lotteries", "--option", "schemes=r"), "option schemes=r, expected one of deterministic"),
        (("export", "subsets/example-5-4", "--to", "nfg", "--model", "subset_potential"), "leave --model"),
        (("export", "subsets/example-5-4", "--to", "nfg", "--short-names"), "--short-names"),
        (("compare", EXAMPLE, "--solvers", "exact", "--out", "nowhere", "--dask", "x", "--jobs", "2"), "--jobs 2"),
        (
            ("compare", EXAMPLE, "--solvers", "exact", "--out", "nowhere", "--dask", "x", "--reference", "9"),
            "leave it out",
        ),
        (("reproduce", "big-figure-1", "--data", "hull/noisy", "--seed", "1"), ""),
        (("--install-completion", "zsh"), "takes no word"),
        (
            ("sweep", EXAMPLE, "--set", "weights[0]=0:1:2", "--out", "x", "--width", "text"),
            "say with --field what to draw",
        ),
        (
            ("sweep", EXAMPLE, "--set", "weights[0]=0:1:2", "--out", "x", "--field", "receiver", "--width", "tex"),
            "text?",
        ),
        (("list", "solvers", "--kind", "market"), "--kind"),
    ],
    ids=lambda value: " ".join(map(str, value[:1] + value[-2:])) if isinstance(value, tuple) else "",
)
def test_what_does_not_apply_is_refused(words: tuple[object, ...], said: str) -> None:
    refused(said, *words)


@pytest.mark.parametrize(
    "given", [{"bob": "Bob"}, {"player": 0}, {"settings": "high-accuracy"}, {"group": "g"}, {"profile": [[0.0], [6.0]]}]
)
def test_what_does_not_apply_is_refused_in_python(given: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=next(iter(given))):
        bigopt.solve(bigopt.load(EXAMPLE), "nash", **given)


def test_settings_that_apply_are_taken() -> None:
    solution = bigopt.solve(bigopt.load(EXAMPLE), "nash", solver="highs", settings="high-accuracy")
    assert solution.solved and solution.solver.name == "highs"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("generate", "influencers", "--help"), ("--players", "--action-set", "squared", "number")),
        (("generate", "--help"), ("FAMILY",)),
        (("generate", "random-market", "-h"), ("--states",)),
        (("import", "market", "--help"), ("--alice", "--separator", "table")),
        (("import", "market", "--movielens", "--help"), ("--",)),
    ],
    ids=lambda value: " ".join(value) if "-h" in "".join(value) else "",
)
def test_the_help_of_what_is_named(words: tuple[str, ...], said: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    assert all(text in out for text in said if text != "number"), out
    assert ("FAMILY" in out) == (words == ("generate", "--help"))


@pytest.mark.parametrize("name", COMMANDS)
def test_flags_have_no_type(name: str) -> None:
    """A flag that takes no value does not look as if it took one."""
    code, out, _ = run(name, "--help")
    assert code == 0 and "bool" not in out
    assert re.search(r"--help\s+-h\s+Show this message", out)


def completed(name: str, parameter: str, incomplete: str) -> list[str]:
    """Return what the shell shows for a parameter of a command."""
    group: Any = typer.main.get_command(app)
    command = group.commands[name]
    row = next(each for each in command.params if each.name == parameter)
    context = type(group.make_context("bigopt", ["--help"], resilient_parsing=True))(command)
    return [item.value for item in row.shell_complete(context, incomplete)]


@pytest.mark.parametrize(
    ("name", "parameter", "incomplete", "found"),
    [
        ("solve", "concept", "na", ["nash"]),
        ("solve", "solver", "hi", ["highs"]),
        ("solve", "solver", "au", ["auto"]),
        ("solve", "model", "big_pot", ["big_potential"]),
        ("solve", "instances", "example-1-opp", ["example-1-opposed"]),
        ("solve", "instances", "big/example-1-opp", ["big/example-1-opposed"]),
        ("check", "instance_file", "big/example-1-opp", ["big/example-1-opposed"]),
        ("compare", "solvers", "exact,hi", ["exact,highs"]),
        ("compare", "concept", "nash,truth", ["nash,truthful"]),
        ("compare", "instances", "big/example-1-opp", ["big/example-1-opposed"]),
        ("schema", "kind", "mark", ["market"]),
        ("import", "kind", "hu", ["hull"]),
        ("generate", "name", "influ", ["influencers"]),
        ("reproduce", "figure", "truth", ["truthful"]),
        ("list", "what", "solv", ["solvers"]),
        ("list", "kind", "subs", ["subsets"]),
        ("prove", "concept", "na", ["nash"]),
        ("sweep", "solver", "sci", ["scip"]),
    ],
)
def test_the_shell_completes_names(name: str, parameter: str, incomplete: str, found: list[str]) -> None:
    assert completed(name, parameter, incomplete) == found


def test_the_shell_completes_files_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "zebra.json").write_text("{}")
    (tmp_path / "zebra.txt").write_text("")
    (tmp_path / "zebras").mkdir()
    assert completion.instances("zeb") == ["zebra.json", "zebras/"]
