"""Figure 2 of Emergent Alignment: weights that are not zero against the number of Bobs, of the tables of Figure 1."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bigopt.concepts import silent
from bigopt.games.hull import UtilityTable
from bigopt.reproduce import hulls
from bigopt.reproduce.emergent_figure_1 import PAPER, panels


def draw(folder: Path, progress: Callable[..., None] = silent, data: UtilityTable | None = None) -> list[Path]:
    """Draw the figure (of `data`, where a table is given), its CSV and the paper's numbers beside ours."""
    shown = panels() if data is None else [(data.name, hulls.sweep(data.name, data, progress))]
    return hulls.draw("emergent-figure-2", folder, shown, sparse=True, paper=PAPER)
