"""How wide what stands over or under a panel may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHARE = 0.85  # of a panel's width: beside the axes numbers stand, or a bar of colours


def room(axes: Axes) -> float:
    """Return the width in pixels that belongs to a panel."""
    parent, spec = axes.get_figure(), axes.get_subplotspec()
    assert parent is not None
    panels = 1 if spec is None else spec.get_gridspec().ncols
    mine = 1 if spec is None else len(spec.colspan)
    return float(parent.bbox.width) * mine / panels


def room_around(axes: Axes) -> float:
    """Return how wide what is centred on the axes can be in its panel, in pixels."""
    parent, spec = axes.get_figure(), axes.get_subplotspec()
    assert parent is not None
    width, middle = room(axes), 0.5 * float(axes.bbox.x0 + axes.bbox.x1)
    left = float(parent.bbox.x0) + (0.0 if spec is None else spec.colspan.start * width / len(spec.colspan))
    right = min([left + width, *(float(bar.bbox.x0) for bar in getattr(axes, "_colorbars", []))])
    return 2.0 * max(0.25 * width, min(middle - left, right - middle))


def grid_of(axes: Axes) -> tuple[int, int]:
    """Return how many rows and columns of panels there are where axes are one."""
    spec = axes.get_subplotspec()
    return (1, 1) if spec is None else (spec.get_gridspec().nrows, spec.get_gridspec().ncols)


def row_of(axes: Axes) -> int:
    """Return the row of panels that axes stand in."""
    spec = axes.get_subplotspec()
    return 0 if spec is None else spec.rowspan.start
