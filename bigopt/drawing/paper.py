"""Pictures at the size that somebody asks for: inches, or the width of a paper's column or text."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from bigopt.drawing.canvas import Canvas, printed
from bigopt.errors import UsageError, close_to

WIDTHS = {"column": 3.4, "text": 6.9}  # inches, of a paper in two columns
PRINTED = {"font.size": 8.0, "axes.titlesize": 8.0, "lines.linewidth": 1.2}  # in a picture of a paper's width
Size = tuple[float, float] | None


def sized(draw: Callable[[Any, Any, Canvas], Any]) -> Callable[..., Any]:
    """Let a kind's picture be asked for at a size: `figsize` in inches, or the `width` "column" or "text"."""

    @wraps(draw)
    def drawn(
        game: Any, solution: Any = None, canvas: Canvas = None, figsize: Size = None, width: str | None = None
    ) -> Any:
        if sum(given is not None for given in (figsize, canvas, width)) > 1:
            raise UsageError("plot: give one of figsize, ax and width")
        with for_paper(width):
            figure = draw(game, solution, canvas)  # one of ours, unless it is the user's
            if width is not None:
                figure.fit_width(WIDTHS[width])
            elif figsize is not None:
                figure.set_size_inches(*figsize)
            elif canvas is None:
                figure.arrange()
        return figure

    return drawn


@contextmanager
def for_paper(width: str | None) -> Iterator[None]:
    """Draw for a paper's width while it lasts; as ever without one.

    Raises
    ------
    UsageError
        The width is unknown.
    """
    if width is not None and width not in WIDTHS:
        raise UsageError(f"plot: width {width!r}{close_to(str(width), WIDTHS)}")
    from matplotlib import rc_context  # slow to import, and most commands draw nothing

    with rc_context(PRINTED if width else {}), printed(width or ""), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph ")  # a letter that the font lacks, quoted as it is, escapes and all
        yield
