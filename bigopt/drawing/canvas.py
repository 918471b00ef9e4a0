"""Where a picture is drawn: on a figure of its own, or where the caller says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeAlias, Union

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats
from bigopt.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection
    from matplotlib.figure import Figure, FigureBase

Canvas: TypeAlias = Union["Axes", "FigureBase", None]
Size = tuple[float, float]
ACROSS = {"column": 2, "text": 3}  # panels of several rows in a picture for a paper
_PRINTED: ContextVar[str] = ContextVar("printed", default="")


def blank(canvas: Canvas, size: Size, panels: int = 2) -> FigureBase:
    """Return an empty figure of `size` in inches, or the figure or subfigure that was given.

    Raises
    ------
    UsageError
        Axes were given, and the picture has several panels.
    """
    from matplotlib.figure import FigureBase  # slow to import, and most commands draw nothing

    from bigopt.drawing.picture import Picture
    from bigopt.drawing.sharing import Sharing

    if canvas is None:
        return Picture(figsize=size, layout=Sharing())
    if isinstance(canvas, FigureBase):
        return canvas
    raise UsageError(f"plot: this picture has {panels} panels, ax holds one: leave ax out, or give it a subfigure")


def panels(canvas: Canvas, size: Size, rows: int = 1, columns: int = 1) -> npt.NDArray[np.object_]:
    """Return axes [rows][columns] on a new figure of `size` in inches, or on the canvas.

    Raises
    ------
    UsageError
        The canvas is one pair of axes, and the picture has several panels; or it is nothing that can be drawn on.
    """
    from matplotlib.axes import Axes

    if isinstance(canvas, Axes) and rows * columns == 1:
        return np.array([[canvas]], dtype=object)
    count, across = rows * columns, columns
    if canvas is None and _PRINTED.get():
        across = min(columns, ACROSS[_PRINTED.get()] if rows > 1 else {"column": 1}.get(_PRINTED.get(), columns))
    down = -(-count // across)
    grid: npt.NDArray[np.object_] = blank(canvas, size, count).subplots(down, across, squeeze=False)
    for spare in grid.ravel()[count:]:
        spare.remove()
    return grid.ravel()[:count].reshape(rows, columns)


def printed_width() -> str:
    """Return "column" or "text" while a picture for a paper is drawn, else ""."""
    return _PRINTED.get()


@contextmanager
def printed(width: str) -> Iterator[None]:
    """Draw for a paper while it lasts: fewer panels stand side by side."""
    token = _PRINTED.set(width)
    try:
        yield
    finally:
        _PRINTED.reset(token)


def figure_of(axes: Axes) -> Figure:
    """Return the whole figure that axes stand in."""
    figure = axes.get_figure(root=True)
    assert figure is not None  # they were just drawn on it
    return figure


def dots(axes: Axes, points: Floats, **style: Any) -> PathCollection:
    """Scatter points [N][2]."""
    return axes.scatter(points[:, 0], points[:, 1], **style)
