"""Pictures of a game or a solution, through the wing's own plot."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from bigopt.concepts.solution import Solution
from bigopt.errors import UsageError
from bigopt.files.writing import file_name, write_bytes
from bigopt.games import kinds

ENDINGS = (".png", ".svg", ".pdf")


def plot_game(game: Any, path: str | Path | None = None, solution: Solution | None = None) -> Path:
    """Draw a game, with a solution if there is one.

    Parameters
    ----------
    path : str or Path, optional
        Where to write (.png, .svg or .pdf); default: the game's name and .png in the current folder.

    Raises
    ------
    UsageError
        The kind has no picture, the game cannot be drawn, or the path cannot be written.
    """
    row = kinds.kind_of(game)
    if row.plot is None:
        raise UsageError(f"plot: kind {row.name} has no picture yet")
    target = Path(path) if path is not None else file_name(game.name, ".png")
    if target.suffix not in ENDINGS:
        raise UsageError(f"{target}: ends in {target.suffix!r}, expected one of {', '.join(ENDINGS)}")
    if not target.parent.is_dir():
        raise UsageError(f"{target}: no such folder: choose another file with -o")
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / f"plot{target.suffix}"
        row.plot(game, solution, draft)
        return write_bytes(target, draft.read_bytes())


def plot_solution(solution: Solution, path: str | Path | None = None) -> Path:
    """Draw a solution with its game; errors as in `plot_game`."""
    if solution.game is None:
        raise UsageError("plot: this solution has no game with it: load the instance and solve it")
    return plot_game(solution.game, path, solution)
