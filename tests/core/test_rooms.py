"""The rooms of the package: imports run down the floors, and nobody walks into another wing."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "bigopt"
FLOORS = (
    ("cli",),
    ("report", "reproduce"),
    ("compare",),
    ("engine",),
    ("files",),
    ("games",),
    ("algebra", "alice"),
    ("solvers", "action_sets", "drawing"),
    ("concepts", "arithmetic"),
    ("display",),
    ("places",),
    ("errors", "version"),
)
HEIGHT = {room: -i for i, floor in enumerate(FLOORS) for room in floor}
FACES = {"__init__", "__main__", "catalog"}  # the public names: they may look into every room
FORBIDDEN_TO_VERIFY = {"algebra", "solvers", "engine", "files"}
FILES = sorted(path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).with_suffix("").parts[0] not in FACES)


@functools.cache
def imported(path: Path) -> tuple[tuple[int, str], ...]:
    """Return (line, dotted module) of every import of the package, those inside functions included."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "bigopt":
            for name in node.names:
                full = f"{node.module}.{name.name}"
                inside = ROOT.parent.joinpath(*full.split("."))
                found = full if inside.is_dir() or inside.with_suffix(".py").is_file() else node.module
                yield node.lineno, found
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names if name.name.split(".")[0] == "bigopt")


def fault(path: Path, module: str) -> str:
    """Return what is wrong with an import, "" if nothing is."""
    here, there = path.relative_to(ROOT).with_suffix("").parts, tuple(module.split(".")[1:])
    if not there or there[0] in FACES:
        return "asks the public face, expected the room itself"
    if HEIGHT[there[0]] > HEIGHT[here[0]]:
        return f"looks up from {here[0]} to {there[0]}"
    if HEIGHT[there[0]] == HEIGHT[here[0]] and there[0] != here[0]:
        return f"{here[0]} and {there[0]} are on one floor, expected that they don't know each other"
    wings = here[0] == there[0] == "games" and len(here) > 2 and len(there) > 1
    if wings and there[1] != here[1]:
        return f"the wing {here[1]} looks into the wing {there[1]}: what two need moves down"
    if "verify" in here and there[0] in FORBIDDEN_TO_VERIFY:
        return f"a certificate trusts the game alone, expected no {there[0]}"
    return ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_run_down_the_floors(path: Path) -> None:
    found = [f"{path}:{line}: imports {module}: {fault(path, module)}" for line, module in imported(path)]
    assert [text for text in found if not text.endswith(": ")] == []


def test_no_import_circle() -> None:
    """Between modules, function-local imports included; a package's __init__ stands for itself."""
    names = {
        ".".join(("bigopt", *p.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): p for p in FILES
    }
    edges = {name: {module for _, module in imported(path) if module in names} for name, path in names.items()}
    done: set[str] = set()

    def walk(name: str, trail: list[str]) -> list[str]:
        if name in trail:
            return [*trail[trail.index(name) :], name]
        if name in done:
            return []
        for other in sorted(edges[name]):
            circle = walk(other, [*trail, name])
            if circle:
                return circle
        done.add(name)
        return []

    for name in sorted(edges):
        assert walk(name, []) == []


@pytest.mark.parametrize(
    ("path", "module", "words"),
    [
        ("solvers/x.py", "bigopt.engine.solve", "looks up"),
        ("games/market/x.py", "bigopt.games.subsets.game", "wing"),
        ("games/market/verify/x.py", "bigopt.solvers", "certificate"),
        ("engine/x.py", "bigopt", "face"),
        ("games/market/x.py", "bigopt.alice.alignment", ""),
    ],
)
def test_the_test_finds_what_it_is_for(path: str, module: str, words: str) -> None:
    assert words in fault(ROOT / path, module)
    assert bool(words) == bool(fault(ROOT / path, module))
