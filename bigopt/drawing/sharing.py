"""Who gets how much of a figure: as matplotlib's constrained layout, but legends below axes leave them their width."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.transforms import Bbox

_sharing: ContextVar[bool] = ContextVar("sharing", default=False)


@contextmanager
def shared_out() -> Iterator[None]:
    """Measure what stands around axes as it counts where room is shared out."""
    token = _sharing.set(True)
    try:
        yield
    finally:
        _sharing.reset(token)


class Sharing(ConstrainedLayoutEngine):
    """Constrained layout that knows of legends below."""

    def execute(self, fig: Any) -> Any:
        """Lay out the figure."""
        with shared_out():
            return super().execute(fig)


class Below(Legend):
    """A legend below its axes: while room is shared out it has height alone, as titles."""

    def get_tightbbox(self, renderer: Any = None) -> Any:
        """Return the legend's box."""
        box: Any = super().get_tightbbox(renderer)
        if not _sharing.get():
            return box
        middle = 0.5 * (box.x0 + box.x1)
        return Bbox([[middle, box.y0], [middle, box.y1]])
