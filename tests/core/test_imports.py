"""What is loaded when: a library that a command does not need costs its user a second."""

import subprocess
import sys

import pytest

from bigopt.files.library import instance

HEAVY = {"pyomo", "scipy", "networkx", "matplotlib", "highspy", "joblib", "pyscipopt", "casadi"}
SOLVE = "import bigopt; bigopt.solve(bigopt.load({path!r}))"


def loaded(code: str) -> set[str]:
    """Return the modules that are loaded after some code ran in an interpreter of its own."""
    command = f"{code}\nimport sys; print('loaded', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_import_loads_nothing_but_itself() -> None:
    """`import bigopt` loads no library at all: what it adds to an empty interpreter are a few standard modules."""
    found = loaded("import bigopt")
    assert {name for name in found if name.startswith("bigopt")} == {"bigopt"}
    assert not found & (HEAVY | {"jsonschema", "numpy", "rich", "typer"})
    assert len(found - loaded("pass")) <= 40


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_flags_load_no_numbers(flag: str) -> None:
    """Neither the version nor the help needs arrays, models or solvers."""
    code = f"import sys; from bigopt.cli import app\ntry: app([{flag!r}])\nexcept SystemExit: pass"
    assert not loaded(code) & (HEAVY | {"jsonschema", "numpy"})


def test_a_closed_form_loads_no_solver() -> None:
    """An equilibrium on a box has a formula and its certificate another: no model, no solver, no drawing."""
    path = str(instance("big/example-1-opposed"))
    assert loaded(SOLVE.format(path=path)) & HEAVY == set()
