"""How high a picture of a given width is to be: axes of a good shape, and what stands around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bigopt.drawing.room import grid_of, room, row_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANEL = 0.62  # height of axes, in their own widths
NARROW = 0.7  # of a panel's width: narrower axes are as high as those
TALLEST = 1.25  # of axes whose scales are equal
MOST = 3.6  # inches of axes' height
AROUND = 2.0  # inches of a panel's height that its title, labels and legend take at most
MARGIN = 0.05  # of a panel's width, around all
PAD = 0.06  # inches between rows, and around
COLOURS = "<colorbar>"  # matplotlib's own label of such axes


def ample(part: Any, width: float) -> float:
    """Return a height in inches at which all that stands around the axes of a figure's part has room."""
    rows, columns = next((grid_of(axes) for axes in _panels(part)), (1, 1))
    return rows * (min(TALLEST * width / columns, MOST) + AROUND)


def needed(part: Any) -> float:
    """Return how many inches high a figure's part is with axes of the right shape; it is measured as it is laid out."""
    from bigopt.drawing.sharing import shared_out  # slow to import, and only pictures need it

    panels = _panels(part)
    around = [0.0] * max((grid_of(axes)[0] for axes in panels), default=1)
    widths = []
    for axes in panels:
        with shared_out():
            whole: Any = axes.get_tightbbox(for_layout_only=True)
        row, bars = row_of(axes), [_width(bar) for bar in getattr(axes, "_colorbars", [])]
        around[row] = max(around[row], float(whole.height - axes.bbox.height))
        widths.append((1.0 - MARGIN) * room(axes) - float(whole.width - axes.bbox.width) - sum(bars))
    inner = max((_wanted(axes, min(widths)) for axes in panels), default=0.0)
    title = getattr(part, "_suptitle", None)
    over = 0.0 if title is None else float(title.get_window_extent().height)
    return (len(around) * inner + sum(around) + over) / float(part.dpi) + PAD * (len(around) + 1)


def _width(axes: Axes) -> float:
    box: Any = axes.get_tightbbox()
    return float(box.width)


def _panels(part: Any) -> list[Axes]:
    return [axes for axes in part.axes if axes.get_label() != COLOURS]


def _wanted(axes: Axes, width: float) -> float:
    """Return how many pixels high axes of a width should be."""
    aspect = axes.get_aspect()
    if aspect == "auto":
        height = PANEL * max(width, NARROW * room(axes))
    else:
        (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
        height = min(float(aspect) * abs(high - low) / abs(right - left), TALLEST) * width
    return min(height, MOST * float(axes.figure.dpi))
