"""The toy kind in this process and in every process that a comparison starts."""

import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bigopt import solvers
from bigopt.games import kinds

ROOT = Path(__file__).resolve().parents[2]
FAKES = Path(__file__).parent / "fakes"


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(FAKES), str(ROOT)]))
    monkeypatch.syspath_prepend(str(FAKES))
    for table in (kinds.KINDS, solvers.SOLVERS):
        monkeypatch.setattr(table, "_rows", dict(table._rows))  # nothing is imported that a test does not ask for
    importlib.import_module("toywing").install()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three instances in two families, one of them a recipe."""
    for name, n in (("small/four", 4), ("small/nine", 9)):
        path = tmp_path / "games" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'{{"format": "bigopt/1", "kind": "toy", "n": {n}}}')
    (tmp_path / "games/large").mkdir()
    (tmp_path / "games/large/recipe.toml").write_text('family = "squares"\nstatus = "hard"\n[parameters]\nn = 1e6\n')
    return tmp_path / "games"


@pytest.fixture(autouse=True, scope="session")
def forget_toywing() -> Iterator[None]:
    yield
    sys.modules.pop("toywing", None)
