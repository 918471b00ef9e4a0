"""A figure that a notebook shows, whether or not pyplot was imported, and that is laid out anew at another size."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from matplotlib import rcParams
from matplotlib.figure import Figure
from matplotlib.text import Text

from bigopt.drawing.room import SHARE, room


class Picture(Figure):
    """A matplotlib Figure that brings its own PNG: IPython knows how to draw others only once pyplot is there."""

    _layouts: tuple[Callable[[], None], ...] = ()
    _laid_out: tuple[float, ...] = ()  # the size at which all of it has found its place

    def lay_out(self, layout: Callable[[], None]) -> None:
        """Call what places letters on the paper, now and whenever the size has changed."""
        self._layouts = (*self._layouts, layout)
        self._laid_out = ()
        layout()

    def set_size_inches(self, *size: Any, **how: Any) -> None:
        """Change the size; legends and names find their places again.

        matplotlib also calls it at the same size, for another resolution: before a file is written and after.
        """
        super().set_size_inches(*size, **how)
        self._fit_lines()
        now = tuple(self.get_size_inches().tolist())
        if now != self._laid_out:
            for layout in self._layouts:
                layout()
            self._laid_out = now

    def _fit_lines(self) -> None:
        """Write no title and no label of an axis larger than its panel is wide, or the figure."""
        for axes in self.axes:
            _fit(axes.title, rcParams["axes.titlesize"], room(axes, SHARE))
            _fit(axes.xaxis.label, rcParams["axes.labelsize"], room(axes))
        parts: tuple[Any, ...] = (self, *self.subfigs)
        for part in parts:
            whole: Text | None = getattr(part, "_suptitle", None)
            if whole is not None:
                _fit(whole, rcParams["figure.titlesize"], float(part.bbox.width))

    def __getstate__(self) -> Any:
        """Pickle what is drawn, without what would place it again."""
        state: Any = super().__getstate__()
        return {key: value for key, value in state.items() if key != "_layouts"}

    def _repr_png_(self) -> bytes:
        stream = io.BytesIO()
        self.savefig(stream, format="png", metadata={"Software": None})
        return stream.getvalue()


def _fit(text: Text, size: float | str, free: float) -> None:
    """Write a line at a size, or smaller where so many pixels are all there is."""
    text.set_fontsize(size)
    width = text.get_window_extent().width
    if width > free:
        text.set_fontsize(float(text.get_fontsize()) * free / width)


def lay_out(figure: Any, layout: Callable[[], None]) -> None:
    """Call what places letters on the paper; again at another size where the figure is one of ours."""
    if isinstance(figure, Picture):
        figure.lay_out(layout)
    else:
        layout()
