"""README's Python example passes mypy --strict as a user runs it, and the types say what the constructors take."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import bigopt
from bigopt.games.hull.game import UtilityTable
from bigopt.games.mechanism.groups import Group

ROOT = Path(__file__).resolve().parents[2]
TYPED = (
    *(bigopt.Ball, bigopt.Box, bigopt.Hull, bigopt.Polytope, bigopt.Influencers, bigopt.Subsets, bigopt.Persuasion),
    *(bigopt.Mechanism, bigopt.Preferences, UtilityTable, Group),
)

# what bigopt draws and talks to the outside with: read by mypy, twice as long, and in no type of the example
SKIPPED = """[mypy]
[mypy-dask.*,distributed.*,tornado.*,jinja2.*,matplotlib.*,mpl_toolkits.*,PIL.*,pyparsing.*]
follow_imports = skip
"""


def mypy(text: str, folder: Path) -> str:
    """Return what mypy says of a script, with none of the project's own settings."""
    script = folder / "example.py"
    script.write_text(text)
    (folder / "mypy.ini").write_text(SKIPPED)
    words = [
        "--strict",
        "--config-file=mypy.ini",
        "--follow-imports=silent",
        "--cache-dir",
        str(ROOT / ".mypy_cache/readme"),
    ]
    environment = os.environ | {"MYPYPATH": str(ROOT)}
    command = [sys.executable, "-m", "mypy", *words, script.name]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True).stdout


def test_the_example_type_checks_and_an_error_in_it_would_not(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    wrong = example.replace("[[2.0], [4.0]]", "None").replace("time_limit=60", "time_limit='60'")
    assert wrong.count("None") == 1 and wrong.count("'60'") == 1
    said = mypy(f"{example}\n{wrong}", tmp_path)
    lines = [int(number) for number in re.findall(r"^example\.py:(\d+): error", said, re.M)]
    assert len(lines) == 2 and min(lines) > len(example.splitlines()), said


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "bigopt/py.typed").is_file()
    assert "bigopt = py.typed" in (ROOT / "setup.cfg").read_text()


@pytest.mark.parametrize("cls", TYPED, ids=lambda cls: cls.__name__)
def test_the_typed_constructor_is_the_one_that_runs(cls: type) -> None:
    """Names, order and defaults; what a type checker reads stands under TYPE_CHECKING and is never run."""
    tree = ast.parse(Path(inspect.getfile(cls)).read_text())
    (node,) = [n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == cls.__name__]
    (init,) = [n for n in ast.walk(node) if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
    names = [argument.arg for argument in init.args.args[1:]]
    given = [ast.literal_eval(default) for default in init.args.defaults]
    assert dataclasses.is_dataclass(cls)
    fields = [field for field in dataclasses.fields(cls) if field.init]
    assert names == [field.name for field in fields]
    defaults = [field.default for field in fields if field.default is not dataclasses.MISSING]
    assert [repr(value) for value in given] == [repr(value) for value in defaults]
