"""Pictures of a game or a solution, through the wing's own plot; the same picture is the same bytes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bigopt.concepts.concept import Game
from bigopt.concepts.solution import Solution
from bigopt.drawing.canvas import Canvas
from bigopt.drawing.paper import Size, for_paper
from bigopt.errors import LIMITS, UsageError, close_to
from bigopt.files.instance import game_of
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


def plot_game(
    game: Game | str | Path,
    path: str | Path | None = None,
    solution: Solution | None = None,
    figsize: Size = None,
    ax: Canvas = None,
    width: str | None = None,
) -> Figure:
    """Draw a game, with a solution if there is one.

    Parameters
    ----------
    game : a game of any kind, or the path or the stored name of an instance
    path : str or Path, optional
        Where to write too (.png, .svg or .pdf); nothing is written without it.
    solution : Solution, optional
        What `bigopt.solve` or `bigopt.check` returned of this game; default: the game alone.
    figsize : (float, float), optional
        Inches; default the picture's own.
    ax : matplotlib Axes, Figure or SubFigure, optional
        Where to draw; default a new figure. One pair of axes is enough for pictures of one panel.
    width : {"column", "text"}, optional
        For a paper: 3.4 or 6.9 inches wide, with letters of 8 points.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UsageError
        The kind has no picture, the game cannot be drawn, the solution holds no answer,
        the path cannot be written, `width` is unknown, or there are
        several panels and `ax` holds one.

    Examples
    --------
    >>> import bigopt
    >>> figure = bigopt.plot("big/example-1-opposed", "opposed.pdf", width="column")
    >>> float(figure.get_figwidth())
    3.4
    """
    game = game_of(game)
    row = kinds.kind_of(game)
    if row.plot is None:
        raise UsageError(f"plot: kind {row.name} has no picture yet")
    if solution is not None and not solution.fields:
        way_out = (
            "use a longer time limit" if solution.stopped == LIMITS[0] else "raise that limit, or ask another solver"
        )
        raise UsageError(f"plot: no answer to draw ({solution.stopped}): {way_out}")
    target = None if path is None else _target(Path(path))
    figure: Figure = row.plot(game, solution, ax, figsize, width)
    if target is not None:
        with for_paper(width):
            write_bytes(target, _bytes(figure, target.suffix, exact=width is not None))
    return figure


def save_plot(
    game: Game, path: str | Path | None = None, solution: Solution | None = None, width: str | None = None
) -> Path:
    """Draw into a file, by default of the game's name in the current folder; return its path."""
    target = Path(path) if path is not None else file_name(game.name, ".png")
    plot_game(game, target, solution, width=width)
    return target


def _target(path: Path) -> Path:
    """Return a path that a picture can be written to, before anything is drawn."""
    if path.suffix not in UNDATED:
        raise UsageError(f"{path}: ends in {path.suffix!r}{close_to(path.suffix, UNDATED)}")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: no such folder: choose another file with -o")
    return path


def _bytes(figure: Figure, ending: str, exact: bool) -> bytes:
    """Return the picture's file; cut to what is drawn, unless its size is to be `exact`."""
    from matplotlib import rc_context

    stream = io.BytesIO()
    cut: dict[str, Any] = {} if exact else {"bbox_inches": "tight"}
    with rc_context(STYLE):
        figure.savefig(stream, format=ending[1:], dpi=300 if exact else 150, metadata=UNDATED[ending], **cut)
    return stream.getvalue()


def plot_solution(solution: Solution, path: str | Path | None = None, **how: Any) -> Figure:
    """Draw a solution with its game; `how` and errors as in `plot_game`."""
    if solution.game is None:
        raise UsageError("plot: this solution has no game with it: load the instance and solve it")
    return plot_game(solution.game, path, solution, **how)
