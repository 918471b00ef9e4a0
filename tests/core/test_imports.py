"""What is loaded when: a library that a command does not need costs its user a second."""

import subprocess
import sys
from typing import Any

import pytest
import typer

from bigopt.cli.app import COMMANDS, app
from bigopt.files.library import instance

HEAVY = {"pyomo", "scipy", "networkx", "matplotlib", "highspy", "joblib", "pyscipopt", "casadi"}
SOLVE = "import bigopt; bigopt.solve(bigopt.load({path!r}))"
MAIN = "import sys; sys.argv[1:] = {words!r}\nfrom bigopt.__main__ import main\ntry: main()\nexcept SystemExit: pass"


def loaded(code: str) -> set[str]:
    """Return the modules that are loaded after some code ran in an interpreter of its own."""
    command = f"{code}\nimport sys; print('\\nloaded', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_import_loads_nothing_but_itself() -> None:
    """`import bigopt` loads no library at all: what it adds to an empty interpreter are a few standard modules."""
    found = loaded("import bigopt")
    assert {name for name in found if name.startswith("bigopt")} == {"bigopt"}
    assert not found & (HEAVY | {"jsonschema", "numpy", "rich", "typer"})
    assert len(found - loaded("pass")) <= 40


def test_the_version_loads_no_library() -> None:
    found = loaded(MAIN.format(words=["--version"]))
    assert {name for name in found if name.startswith("bigopt.")} == {"bigopt.__main__", "bigopt.version"}
    assert not found & (HEAVY | {"jsonschema", "numpy", "rich", "typer"})


def test_the_help_loads_no_command() -> None:
    """The names of the commands and a line of each are known without the commands, and without arrays."""
    found = loaded(MAIN.format(words=["--help"]))
    assert {name for name in found if name.startswith("bigopt.")} <= {
        *("bigopt.__main__", "bigopt.cli", "bigopt.cli.app", "bigopt.cli.group", "bigopt.cli.edge"),
        *("bigopt.cli.terminal", "bigopt.errors", "bigopt.version"),
    }
    assert not found & (HEAVY | {"jsonschema", "numpy", "pydantic"})


def test_a_solve_for_machines_loads_no_tables_and_no_solver() -> None:
    """A closed form in JSON: neither rich nor a solver, and no command but its own."""
    found = loaded(MAIN.format(words=["solve", "big/example-1-opposed", "--json"]))
    assert not found & (HEAVY | {"rich", "pydantic", "bigopt.cli.check", "bigopt.cli.compare"})
    assert {name.split(".")[2] for name in found if name.startswith("bigopt.games.")} == {"influencers", "kinds"}


def test_a_closed_form_loads_no_solver() -> None:
    """An equilibrium on a box has a formula and its certificate another: no model, no solver, no drawing."""
    path = str(instance("big/example-1-opposed"))
    assert loaded(SOLVE.format(path=path)) & HEAVY == set()


def test_no_kind_loads_what_only_some_of_its_concepts_need() -> None:
    found = loaded("from bigopt.games import kinds; list(kinds.KINDS.values())")
    assert {name.split(".")[2] for name in found if name.startswith("bigopt.games.")} > {"subsets", "mechanism", "hull"}
    assert not found & {"pyomo", "networkx", "matplotlib", "scipy.stats", "jsonschema", "pyscipopt", "casadi"}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_the_command_says(name: str) -> None:
    """The summary stands beside the name, so that the help needs not import the command: it is how its help begins."""
    group: Any = typer.main.get_command(app)
    said = " ".join(group.commands[name].help.split())
    assert said.startswith(COMMANDS[name].summary.rstrip("."))
    assert group.get_command(None, name).name == name
