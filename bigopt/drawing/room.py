"""How wide what stands over or under a panel may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHARE = 0.8  # of a panel's width: beside the axes a bar of colours may stand


def room(axes: Axes, share: float = 1.0) -> float:
    """Return the width in pixels that belongs to a panel, or a share of it where panels stand side by side."""
    parent, spec = axes.get_figure(), axes.get_subplotspec()
    assert parent is not None
    panels = 1 if spec is None else spec.get_gridspec().ncols
    mine = 1 if spec is None else len(spec.colspan)
    return float(parent.bbox.width) * (1.0 if panels == mine else share * mine / panels)
