"""Pictures of a game or a solution, through the wing's own plot; the same picture is the same bytes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bigopt.concepts.solution import Solution
from bigopt.errors import UsageError
from bigopt.files.writing import file_name, write_bytes
from bigopt.games import kinds

if TYPE_CHECKING:
    from matplotlib.figure import Figure

UNDATED: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
}
STYLE = {"pdf.fonttype": 42, "svg.fonttype": "none", "svg.hashsalt": "bigopt"}  # text stays text, ids stay the same
Size = tuple[float, float] | None


def plot_game(
    game: Any, path: str | Path | None = None, solution: Solution | None = None, figsize: Size = None
) -> Figure:
    """Draw a game, with a solution if there is one.

    Parameters
    ----------
    path : str or Path, optional
        Where to write too (.png, .svg or .pdf); nothing is written without it.
    figsize : (float, float), optional
        Inches; default the picture's own.

    Raises
    ------
    UsageError
        The kind has no picture, the game cannot be drawn, or the path cannot be written.
    """
    row = kinds.kind_of(game)
    if row.plot is None:
        raise UsageError(f"plot: kind {row.name} has no picture yet")
    target = None if path is None else _target(Path(path))
    figure: Figure = row.plot(game, solution)
    if figsize is not None:
        figure.set_size_inches(*figsize)
    if target is not None:
        write_bytes(target, _bytes(figure, target.suffix))
    return figure


def save_plot(game: Any, path: str | Path | None = None, solution: Solution | None = None) -> Path:
    """Draw into a file, by default of the game's name in the current folder; return its path."""
    target = Path(path) if path is not None else file_name(game.name, ".png")
    plot_game(game, target, solution)
    return target


def _target(path: Path) -> Path:
    """Return a path that a picture can be written to, before anything is drawn."""
    if path.suffix not in UNDATED:
        raise UsageError(f"{path}: ends in {path.suffix!r}, expected one of {', '.join(UNDATED)}")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: no such folder: choose another file with -o")
    return path


def _bytes(figure: Figure, ending: str) -> bytes:
    from matplotlib import rc_context  # slow to import, and most commands draw nothing

    stream = io.BytesIO()
    with rc_context(STYLE):
        figure.savefig(stream, format=ending[1:], dpi=150, bbox_inches="tight", metadata=UNDATED[ending])
    return stream.getvalue()


def plot_solution(solution: Solution, path: str | Path | None = None, figsize: Size = None) -> Figure:
    """Draw a solution with its game; errors as in `plot_game`."""
    if solution.game is None:
        raise UsageError("plot: this solution has no game with it: load the instance and solve it")
    return plot_game(solution.game, path, solution, figsize)
