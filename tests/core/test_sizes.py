"""The house keeps to its sizes: files below 300 lines, model files below 120, bodies of functions at most 40."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("bigopt", "models", "checker", "benchmarks", "docs", "tests")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
MOST_LINES = 300
MOST_LINES_OF_A_MODEL = 120
MOST_LINES_OF_A_BODY = 40  # without the docstring
# longer ones, and why they stay so
LONGER = {
    "checker/check_proof.py": "one file that anybody can read alone: at most 300 lines, one rule of proof a function",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    name = str(path.relative_to(ROOT))
    count, most = len(text.splitlines()), MOST_LINES_OF_A_MODEL if name.startswith("models/") else MOST_LINES
    assert count < most + (name in LONGER), f"{name}: {count} lines, expected fewer than {most}: part it"
    functions = [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    long = {each.name: body(each) for each in functions if body(each) > MOST_LINES_OF_A_BODY}
    assert name in LONGER or not long, f"{name}: {long} lines, expected at most {MOST_LINES_OF_A_BODY}: part them"


def body(node: ast.FunctionDef) -> int:
    """Return the lines of a function's body, its docstring left out."""
    first, *rest = node.body
    docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and rest
    return (node.end_lineno or 0) - (rest[0] if docstring else first).lineno + 1
