"""Legends below the axes, with markers of one size whatever the size of those that they explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bigopt.drawing.canvas import printed_width
from bigopt.drawing.room import SHARE, room

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend

BELOW = 36.0  # points from the axes, past the ticks' numbers and the axis' own label
MARKER, PLAIN = 60.0, 10.0  # square points beside letters of so many points


def legend_below(axes: Axes, columns: int, handles: list[Any] | None = None) -> None:
    """Explain what is drawn, by default everything that has a label, in so many columns or the fewer that have room."""
    from bigopt.drawing.picture import lay_out  # slow to import, and only pictures need it

    width = printed_width()
    most = min(columns, {"column": 1, "text": 2}.get(width, columns))

    def fitted() -> None:
        for count in range(most, 0, -1):
            legend = _below(axes, count, handles, width)
            if legend.get_window_extent().width <= room(axes, SHARE):
                break

    lay_out(axes.get_figure(root=True), fitted)


def _below(axes: Axes, columns: int, handles: list[Any] | None, width: str) -> Legend:
    """Write the legend in so many columns, in the place of the one before."""
    from matplotlib.collections import PathCollection
    from matplotlib.transforms import offset_copy

    below = offset_copy(axes.transAxes, axes.get_figure(root=True), y=-BELOW, units="points")
    given = {} if handles is None else {"handles": handles}
    place: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, 0.0), "bbox_transform": below}
    legend = axes.legend(**given, **place, ncols=columns, frameon=False, fontsize="small" if width else "medium")
    small = float(legend.get_texts()[0].get_fontsize()) if legend.get_texts() else PLAIN
    for handle in legend.legend_handles:
        if isinstance(handle, PathCollection):
            handle.set_sizes([MARKER * (small / PLAIN) ** 2])
            handle.set_alpha(1.0)
    return legend


def legend_beside(axes: Axes, **more: Any) -> None:
    """Explain everything that has a label, to the right of the axes; below them in a column of a paper."""
    if printed_width() == "column":
        legend_below(axes, 1, more.get("handles"))
        return
    axes.legend(fontsize="small", loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, **more)
