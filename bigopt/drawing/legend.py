"""Legends below the axes, with markers of one size whatever the size of those that they explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bigopt.drawing.canvas import printed_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BELOW = 36.0  # points from the axes, past the ticks' numbers and the axis' own label
MARKER = 60.0  # square points


def legend_below(axes: Axes, columns: int, handles: list[Any] | None = None) -> None:
    """Explain what is drawn, by default everything that has a label."""
    width = printed_width()
    columns = min(columns, {"column": 1, "text": 2}.get(width, columns))
    from matplotlib.collections import PathCollection  # slow to import, and only pictures need it
    from matplotlib.transforms import offset_copy

    below = offset_copy(axes.transAxes, axes.get_figure(root=True), y=-BELOW, units="points")
    given = {} if handles is None else {"handles": handles}
    place: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, 0.0), "bbox_transform": below}
    legend = axes.legend(**given, **place, ncols=columns, frameon=False, fontsize="small" if width else "medium")
    for handle in legend.legend_handles:
        if isinstance(handle, PathCollection):
            handle.set_sizes([MARKER])
            handle.set_alpha(1.0)


def legend_beside(axes: Axes, **more: Any) -> None:
    """Explain everything that has a label, to the right of the axes."""
    axes.legend(fontsize="small", loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, **more)
