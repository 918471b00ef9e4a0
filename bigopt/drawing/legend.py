"""Legends below or beside the axes, with markers of one size whatever the size of those that they explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bigopt.drawing.canvas import printed_width
from bigopt.drawing.room import room, room_around

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend

BELOW = 36.0  # points from axes whose labels are not written yet
AIR = 2.0  # points
MARKER, PLAIN = 60.0, 10.0  # square points beside letters of so many points
SMALL = 5 / 6  # letters, of those around
LINE = 4.5  # letters' sizes, of an entry's line and what is around it
WIDEST = 0.36  # of the panel, beside the axes: a wider legend stands below
COLUMNS = 4  # of what does not fit beside


def legend_below(axes: Axes, columns: int, handles: list[Any] | None = None) -> None:
    """Explain what is drawn, by default everything that has a label, in so many columns or the fewer that have room."""
    from matplotlib import rcParams  # slow to import, and only pictures need it

    from bigopt.drawing.picture import LEGENDS, lay_out

    size = float(rcParams["font.size"]) * (SMALL if printed_width() else 1.0)
    lay_out(axes.get_figure(root=True), lambda: _fitted_below(axes, columns, handles, size), LEGENDS)


def legend_beside(axes: Axes, handles: list[Any] | None = None, title: str | None = None) -> None:
    """Explain everything that has a label to the right of the axes, or below where they would become narrow."""
    from matplotlib import rcParams

    from bigopt.drawing.picture import LEGENDS, lay_out

    size, narrow = float(rcParams["font.size"]) * SMALL, printed_width() == "column"

    def fitted() -> None:
        place: dict[str, Any] = {"loc": "center left", "bbox_to_anchor": (1.0, 0.5)}
        legend = _written(axes, handles, size, title=title, **place)
        if narrow or legend.get_window_extent().width > WIDEST * room(axes):
            _fitted_below(axes, COLUMNS, handles, size, title)

    lay_out(axes.get_figure(root=True), fitted, LEGENDS)


def _fitted_below(axes: Axes, columns: int, handles: list[Any] | None, size: float, title: str | None = None) -> None:
    """Write the legend below what stands under the axes, in the most columns that have room."""
    from matplotlib.transforms import offset_copy

    from bigopt.drawing.fitting import fit
    from bigopt.drawing.sharing import Below

    root: Any = axes.get_figure(root=True)
    below = offset_copy(axes.transAxes, root, y=-_under(axes), units="points")
    place: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, 0.0), "bbox_transform": below}
    free = 0.97 * room_around(axes)
    for count in range(columns, 0, -1):
        legend = _written(axes, handles, size, title=title, ncols=count, **place)
        legend.__class__ = Below
        if legend.get_window_extent().width <= free:
            return
    for text in legend.get_texts():
        fit(text, free - LINE * size * root.dpi / 72.0)


def _under(axes: Axes) -> float:
    """Return how many points below the axes their numbers and labels end."""
    from bigopt.drawing.picture import Picture

    root: Any = axes.get_figure(root=True)
    if not isinstance(root, Picture):
        return BELOW
    box: Any = axes.xaxis.get_tightbbox() if axes.axison else None
    return AIR + (0.0 if box is None else max(0.0, float(axes.bbox.y0 - box.y0)) * 72.0 / root.dpi)


def _written(axes: Axes, handles: list[Any] | None, size: float, **place: Any) -> Legend:
    """Write the legend in the place of the one before."""
    from matplotlib.collections import PathCollection

    given = {} if handles is None else {"handles": handles}
    legend = axes.legend(**given, **place, frameon=False, fontsize=size, title_fontsize=size)
    for handle in legend.legend_handles:
        if isinstance(handle, PathCollection):
            handle.set_sizes([MARKER * (size / PLAIN) ** 2])
            handle.set_alpha(1.0)
    return legend
