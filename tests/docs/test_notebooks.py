"""The notebooks run from top to bottom, and what is printed below their cells is what comes out today.

They are run here without a kernel, which costs seconds; `python docs/notebooks/execute.py` runs them in one.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "notebooks"
BOOKS = sorted(FOLDER.glob("*.ipynb"))
PICTURE = re.compile(r"<(Figure|Picture) size")


def test_there_are_two() -> None:
    assert [path.stem for path in BOOKS] == ["researcher", "theorist"]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_what_it_does(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    monkeypatch.chdir(tmp_path)
    cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
    names: dict[str, Any] = {"__name__": "__main__"}
    pictures = 0
    for cell in cells:
        found = run("".join(cell["source"]), names)
        assert all(output["output_type"] != "error" for output in cell["outputs"])
        pictures += sum("image/png" in output.get("data", {}) for output in cell["outputs"])
        shown = [output for output in cell["outputs"] if output["output_type"] == "execute_result"]
        for output in shown:
            text = "".join(output["data"]["text/plain"])
            if PICTURE.match(text):
                assert found._repr_png_().startswith(b"\x89PNG")  # a notebook shows it without pyplot
            else:
                assert repr(found) == text
    plt.close("all")
    assert pictures >= 2


def run(source: str, names: dict[str, Any]) -> Any:
    """Run a cell; return what its last line is worth."""
    body = ast.parse(source.rstrip().removesuffix(";")).body
    last = ast.Expression(body.pop().value) if isinstance(body[-1], ast.Expr) else None  # type: ignore[attr-defined]
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    return eval(compile(last, "cell", "eval"), names) if last else None
