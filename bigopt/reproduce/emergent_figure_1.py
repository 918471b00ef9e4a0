"""Figure 1 of Emergent Alignment: error against the number of Bobs. The tables are made up; the settings are alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from bigopt.concepts import silent
from bigopt.games.hull import UtilityTable
from bigopt.games.hull.generate import noisy_rephrasings
from bigopt.reproduce import hulls
from bigopt.reproduce.hulls import BOBS, PERMUTATIONS, ROWS, Paper, Row

PAPER: Paper = {  # reduction of the error against the best Bob, and weights above 1e-6, at K = 100
    ("like ETHICS (made up)", "nnls"): (0.52, 18.0),
    ("like ETHICS (made up)", "simplex"): (0.52, None),
    ("like MovieLens (made up)", "nnls"): (0.75, 26.0),
    ("like MovieLens (made up)", "simplex"): (0.71, None),
}


@cache
def panels() -> tuple[tuple[str, list[Row]], ...]:
    """Return the two panels: Bobs with a moderate and with a large error in common."""
    found = []
    for title, common, bias in (("like ETHICS (made up)", 0.15, 0.1), ("like MovieLens (made up)", 0.3, 0.2)):
        game = noisy_rephrasings(rows=ROWS, bobs=BOBS, permutations=PERMUTATIONS, common=common, bias=bias)
        found.append((title, hulls.sweep(title, game)))
    return tuple(found)


def draw(folder: Path, progress: Callable[..., None] = silent, data: UtilityTable | None = None) -> list[Path]:
    """Draw the figure (of `data`, where a table is given), its CSV and the paper's numbers beside ours."""
    shown = panels() if data is None else [(data.name, hulls.sweep(data.name, data, progress))]
    return hulls.draw("emergent-figure-1", folder, shown, paper=PAPER)
