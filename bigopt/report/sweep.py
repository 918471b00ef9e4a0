"""A field of a sweep's answers against its first parameter."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from bigopt.compare.rows import Row
from bigopt.compare.sweep import column
from bigopt.drawing.canvas import figure_of, panels
from bigopt.drawing.legend import legend_beside
from bigopt.drawing.palette import colour
from bigopt.drawing.paper import WIDTHS, for_paper
from bigopt.engine.plot import STYLE, UNDATED
from bigopt.files.writing import write_bytes

LINES = 8  # values of the other parameters that get a line of their own
ENDINGS = (".png", ".svg")


def draw(rows: Sequence[Row], paths: Sequence[str], field: str, folder: Path, width: str | None = None) -> list[Path]:
    """Write ``sweep.png`` and ``sweep.svg`` into `folder`; `width` and errors as in `bigopt.plot`."""
    with for_paper(width), matplotlib.rc_context(STYLE):
        figure = paint(rows, paths, field)
        if width is not None:
            figure.fit_width(WIDTHS[width])
        return [write_bytes(folder / f"sweep{ending}", _bytes(figure, ending)) for ending in ENDINGS]


def paint(rows: Sequence[Row], paths: Sequence[str], field: str) -> Any:
    """Return a picture with a line for each point of the parameters after the first.

    Rows that were not solved are gaps. At most eight lines are drawn, evenly chosen.
    """
    values = column(rows, field)
    lines: dict[tuple[float, ...], list[tuple[float, float]]] = {}
    for row, value in zip(rows, values, strict=True):
        others = tuple(row[path] for path in paths[1:])
        lines.setdefault(others, []).append((row[paths[0]], np.nan if value is None else value))
    chosen = [list(lines)[i] for i in np.unique(np.linspace(0, len(lines) - 1, min(LINES, len(lines))).astype(int))]
    axes = panels(None, (5.2, 3.4))[0, 0]
    for i, others in enumerate(chosen):
        x, y = np.array(sorted(lines[others], key=lambda pair: pair[0])).T
        label = ", ".join(f"{path} = {value:g}" for path, value in zip(paths[1:], others, strict=True))
        axes.plot(x, y, color=colour(i), marker="o", markersize=2.5, linewidth=1.2, label=label or None)
    axes.set_xlabel(paths[0])
    axes.set_ylabel(field)
    axes.spines[["top", "right"]].set_visible(False)
    if len(paths) > 1:
        legend_beside(axes)
    return figure_of(axes)


def _bytes(figure: Figure, ending: str) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format=ending[1:], dpi=160, metadata=UNDATED[ending])
    return stream.getvalue()
