"""A wing is a folder and a row: the same files in each, a concept a file that ends in its row, the kind in its face."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

GAMES = Path(__file__).resolve().parents[2] / "bigopt/games"
WINGS = sorted(path.parent for path in GAMES.glob("*/__init__.py"))
PARTS = ("name", "game", "folder", "concepts", "plot")  # how a kind's row begins


def rows(path: Path, row: str) -> list[ast.Assign]:
    """Return a file's assignments of a row, as `CONCEPT = Concept(...)`."""
    body = ast.parse(path.read_text()).body
    return [n for n in body if isinstance(n, ast.Assign) and isinstance(n.value, ast.Call) and called(n.value) == row]


def called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


@pytest.mark.parametrize("wing", WINGS, ids=lambda wing: wing.name)
def test_every_wing_has_the_same_rooms(wing: Path) -> None:
    for part in ("game.py", "schema.json", "generate.py"):
        assert (wing / part).is_file(), part
    for room in ("verify", "exact"):
        assert (wing / room / "__init__.py").is_file(), room
    assert (wing / "plot.py").is_file() != (wing / "plot" / "__init__.py").is_file()


@pytest.mark.parametrize("wing", WINGS, ids=lambda wing: wing.name)
def test_the_face_holds_the_kind_and_nothing_else(wing: Path) -> None:
    face = wing / "__init__.py"
    tree = ast.parse(face.read_text())
    (row,) = rows(face, "Kind")
    assert isinstance(row.value, ast.Call) and not row.value.args
    given = [keyword.arg for keyword in row.value.keywords]
    assert tuple(given[: len(PARTS)]) == PARTS
    assert not [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef, ast.Lambda))]
    assert not [n for n in ast.walk(tree) if isinstance(n, ast.Call) and called(n) == "Concept"]


@pytest.mark.parametrize("wing", WINGS, ids=lambda wing: wing.name)
def test_a_concept_is_a_file_that_ends_in_its_row(wing: Path) -> None:
    found = 0
    for path in wing.rglob("*.py"):
        tree = ast.parse(path.read_text())
        calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and called(n) == "Concept"]
        if calls:
            (row,) = rows(path, "Concept")
            assert len(calls) == 1 and tree.body[-1].lineno == row.lineno, path
            assert isinstance(row.targets[0], ast.Name) and row.targets[0].id == "CONCEPT", path
            found += 1
    assert found >= 2


def test_there_are_wings() -> None:
    assert len(WINGS) >= 8
