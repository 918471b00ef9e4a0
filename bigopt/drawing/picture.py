"""A figure that a notebook shows, whether or not pyplot was imported, and that is laid out anew at another size."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bigopt.drawing.fitting import fit
from bigopt.drawing.height import ample, needed
from bigopt.drawing.room import SHARE, room

TICKS, LEGENDS, SIDES, NAMES = range(4)  # laid out in this order: each stands where those before leave room
NEAR = 0.03  # inches
TRIES = 2
TALL = 1.1  # length of a label beside axes, in their heights


class Picture(Figure):
    """A matplotlib Figure that brings its own PNG: IPython knows how to draw others only once pyplot is there."""

    _layouts: tuple[tuple[int, Callable[[], None]], ...] = ()
    _laid_out: tuple[float, ...] = ()  # the size at which all of it has found its place
    _arranging = False

    def __init__(self, *given: Any, **named: Any) -> None:
        """Make an empty figure that can measure letters."""
        super().__init__(*given, **named)
        FigureCanvasAgg(self)

    def lay_out(self, layout: Callable[[], None], stage: int) -> None:
        """Call what places letters on the paper before the figure is drawn, and again when its size has changed."""
        self._layouts = (*self._layouts, (stage, layout))
        self._laid_out = ()

    def set_size_inches(self, *size: Any, **how: Any) -> None:
        """Change the size; legends and names find their places again.

        matplotlib also calls it at the same size, for another resolution: before a file is written and after; and at
        the size of what is drawn while it writes that part alone.
        """
        super().set_size_inches(*size, **how)
        if not self.canvas.is_saving():
            self.arrange()

    def draw(self, renderer: Any) -> None:
        """Draw what is laid out; a file that is cut to what is drawn has another size in between."""
        if not self._laid_out:
            self.arrange()
        super().draw(renderer)

    def arrange(self) -> None:
        """Break titles and labels where they are long, and let legends and names find their places."""
        now = tuple(self.get_size_inches().tolist())
        if self._arranging or now == self._laid_out:
            return
        self._arranging = True
        try:
            if now[:1] != self._laid_out[:1]:  # else what stands above and below has the room that it had
                self._fit_titles()
                settle(self)
                self._call(TICKS)
            self._call(LEGENDS)  # where the axes are by now
            settle(self)
            self._call(SIDES)
            self._fit_sides()
            self._call(NAMES)
            self._laid_out = now
        finally:
            self._arranging = False

    def fit_width(self, width: float) -> None:
        """Be so many inches wide, and as high as gives each panel its share of them."""
        parts: tuple[Any, ...] = tuple(self.subfigs) or (self,)
        self.set_size_inches(width, sum(ample(part, width) for part in parts))
        for _ in range(TRIES):
            heights = [needed(part) for part in parts]
            if abs(sum(heights) - float(self.get_figheight())) < NEAR:
                break
            for part in parts if self.subfigs else ():
                part._subplotspec.get_gridspec().set_height_ratios(heights)
            self.set_size_inches(width, sum(heights))

    def _call(self, stage: int) -> None:
        for when, layout in self._layouts:
            if when == stage:
                layout()

    def _fit_titles(self) -> None:
        """Write no title and no label below wider than its panel."""
        for axes in self.axes:
            fit(axes.title, SHARE * room(axes))
            fit(axes.xaxis.label, SHARE * room(axes))
        parts: tuple[Any, ...] = (self, *self.subfigs)
        for part in parts:
            if getattr(part, "_suptitle", None) is not None:
                fit(part._suptitle, SHARE * float(part.bbox.width))

    def _fit_sides(self) -> None:
        """Write no label beside axes much longer than they are high."""
        before = [axes.get_ylabel() for axes in self.axes]
        for axes in self.axes:
            fit(axes.yaxis.label, TALL * float(axes.bbox.height))
        if before != [axes.get_ylabel() for axes in self.axes]:
            settle(self)

    def __getstate__(self) -> Any:
        """Pickle what is drawn, without what would place it again."""
        self.arrange()
        state: Any = super().__getstate__()
        return {key: value for key, value in state.items() if key != "_layouts"}

    def _repr_png_(self) -> bytes:
        stream = io.BytesIO()
        self.savefig(stream, format="png", metadata={"Software": None})
        return stream.getvalue()


def settle(figure: Any) -> None:
    """Give all axes the places that they have when the figure is drawn."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    for axes in figure.axes:
        axes.apply_aspect()


def lay_out(figure: Any, layout: Callable[[], None], stage: int) -> None:
    """Call what places letters on the paper; when it is drawn and at any size where the figure is one of ours."""
    if isinstance(figure, Picture):
        figure.lay_out(layout, stage)
    else:
        settle(figure)
        layout()
