"""Names along an axis: turned where they would meet, and fewer of them where there are too many."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, radians, sin
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LETTERS = 24  # of one name
GAP = 5.0  # points between names in a line
TURN = 40.0  # degrees
UPRIGHT = 90.0


def short_name(text: str, letters: int = LETTERS) -> str:
    """Return a name, cut where it is long."""
    return text if len(text) <= letters else text[: letters - 1] + "\N{HORIZONTAL ELLIPSIS}"


def short_names(names: Sequence[str]) -> list[str]:
    """Return names cut at their ends; in their middle, where they would be alike."""
    cut = [short_name(name) for name in names]
    if len(set(cut)) == len(set(names)):
        return cut
    half = LETTERS // 2
    return [n if len(n) <= LETTERS else f"{n[: half - 1]}\N{HORIZONTAL ELLIPSIS}{n[-half:]}" for n in names]


def name_ticks(axes: Axes, names: Sequence[str], along: str = "x") -> None:
    """Name the ticks 0, 1, ... of an axis."""
    from bigopt.drawing.picture import SIDES, TICKS, lay_out  # slow to import, and only pictures need it

    texts = short_names(names)
    (axes.set_yticks if along == "y" else axes.set_xticks)(range(len(texts)), texts)
    if len(texts) > 1 and along == "x":
        lay_out(axes.get_figure(root=True), lambda: _spread_x(axes, texts), TICKS)
    elif len(texts) > 1:
        lay_out(axes.get_figure(root=True), lambda: _spread_y(axes, texts), SIDES)


def _spread_x(axes: Axes, texts: Sequence[str]) -> None:
    """Write names in a line, turned where two of them would meet, upright where they would meet even so."""
    axes.set_xticks(range(len(texts)), texts, rotation=0.0, ha="center")
    boxes = [label.get_window_extent() for label in axes.get_xticklabels()]
    step, line = _step(axes, "x"), max(box.height for box in boxes)
    gap = GAP * axes.figure.dpi / 72.0
    if max(0.5 * (a.width + b.width) for a, b in zip(boxes, boxes[1:], strict=False)) + gap <= step:
        return
    turn = TURN if step * sin(radians(TURN)) >= line else UPRIGHT
    every = max(1, ceil(line / step))
    how: dict[str, Any] = {"rotation": turn, "ha": "right", "va": "center" if turn == UPRIGHT else "top"}
    axes.set_xticks(range(0, len(texts), every), texts[::every], rotation_mode="anchor", **how)


def _spread_y(axes: Axes, texts: Sequence[str]) -> None:
    """Write as many names below each other as there are lines."""
    axes.set_yticks(range(len(texts)), texts)
    line = max(label.get_window_extent().height for label in axes.get_yticklabels())
    every = max(1, ceil(line / _step(axes, "y")))
    axes.set_yticks(range(0, len(texts), every), texts[::every])


def _step(axes: Axes, along: str) -> float:
    """Return the pixels between the ticks 0 and 1."""
    ends = axes.transData.transform([(0.0, 0.0), (1.0, 1.0)])
    return max(1.0, float(abs(ends[1] - ends[0])["xy".index(along)]))


def whole_ticks(axes: Axes, along: str = "x") -> None:
    """Number an axis by whole numbers only."""
    from matplotlib.ticker import MaxNLocator  # slow to import, and only pictures need it

    axis = axes.xaxis if along == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
