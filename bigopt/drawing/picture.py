"""A figure that a notebook shows, whether or not pyplot was imported, and that is laid out anew at another size."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bigopt.drawing.canvas import SHARE, room


class Picture(Figure):
    """A matplotlib Figure that brings its own PNG: IPython knows how to draw others only once pyplot is there."""

    _layouts: tuple[Callable[[], None], ...] = ()

    def lay_out(self, layout: Callable[[], None]) -> None:
        """Call what places letters on the paper, now and whenever the size has changed."""
        self._layouts = (*self._layouts, layout)
        layout()

    def set_size_inches(self, *size: Any, **how: Any) -> None:
        """Change the size; legends and names find their places again."""
        super().set_size_inches(*size, **how)
        for axes in self.axes:
            _fit_title(axes)
        for layout in self._layouts:
            layout()

    def __getstate__(self) -> Any:
        """Pickle what is drawn, without what would place it again."""
        state: Any = super().__getstate__()
        return {key: value for key, value in state.items() if key != "_layouts"}

    def _repr_png_(self) -> bytes:
        stream = io.BytesIO()
        self.savefig(stream, format="png", metadata={"Software": None})
        return stream.getvalue()


def _fit_title(axes: Axes) -> None:
    """Write a title no larger than its panel is wide."""
    title = axes.title
    title.set_fontsize(rcParams["axes.titlesize"])
    width, free = title.get_window_extent().width, room(axes, SHARE)
    if width > free:
        title.set_fontsize(float(title.get_fontsize()) * free / width)


def lay_out(figure: Any, layout: Callable[[], None]) -> None:
    """Call what places letters on the paper; again at another size where the figure is one of ours."""
    if isinstance(figure, Picture):
        figure.lay_out(layout)
    else:
        layout()
