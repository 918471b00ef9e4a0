"""Run the notebooks anew and keep their outputs: python docs/notebooks/execute.py (needs nbclient and ipykernel)."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent


def execute(path: Path) -> None:
    """Run one notebook in a folder of its own, from top to bottom; an error stops it."""
    book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(book, timeout=600, resources={"metadata": {"path": folder}}).execute()
    for cell in book.cells:
        cell.metadata = {}  # no times: the same outputs are the same bytes
    nbformat.write(book, path)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    os.environ.pop("MPLBACKEND", None)  # a kernel shows pyplot's figures by a backend of its own
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(FOLDER.parents[1]), os.environ.get("PYTHONPATH", "")]))
    for path in sorted(FOLDER.glob("*.ipynb")):
        execute(path)
        print(path.name)
