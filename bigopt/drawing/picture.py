"""A figure that a notebook shows, whether or not pyplot was imported."""

from __future__ import annotations

import io

from matplotlib.figure import Figure


class Picture(Figure):
    """A matplotlib Figure that brings its own PNG: IPython knows how to draw others only once pyplot is there."""

    def _repr_png_(self) -> bytes:
        stream = io.BytesIO()
        self.savefig(stream, format="png", metadata={"Software": None})
        return stream.getvalue()
