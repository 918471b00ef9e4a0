"""Names along an axis, turned where they are long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bigopt.drawing.canvas import printed_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LETTERS = 24  # of one name
LINE = 60  # letters that fit along an axis
LETTERS_OF_A_COLUMN = 0.5  # of these, in a column of a paper


def short_name(text: str, letters: int = LETTERS) -> str:
    """Return a name, cut where it is long."""
    return text if len(text) <= letters else text[: letters - 1] + "\N{HORIZONTAL ELLIPSIS}"


def name_ticks(axes: Axes, names: Sequence[str], along: str = "x") -> None:
    """Name the ticks 0, 1, ... of an axis."""
    texts = [short_name(name) for name in names]
    if along == "y":
        axes.set_yticks(range(len(texts)), texts)
        return
    line = LINE * LETTERS_OF_A_COLUMN if printed_width() == "column" else LINE
    long = max(map(len, texts), default=0) * len(texts) > line
    turned = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"} if long else {}
    axes.set_xticks(range(len(texts)), texts, **turned)  # type: ignore[arg-type]


def whole_ticks(axes: Axes, along: str = "x") -> None:
    """Number an axis by whole numbers only."""
    from matplotlib.ticker import MaxNLocator  # slow to import, and only pictures need it

    axis = axes.xaxis if along == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
