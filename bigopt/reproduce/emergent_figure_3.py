"""Figure 3 of Emergent Alignment: six personas, each rephrased. The tables are made up; the setting is alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bigopt.concepts import silent
from bigopt.games.hull import UtilityTable
from bigopt.games.hull.generate import personas
from bigopt.reproduce import hulls
from bigopt.reproduce.hulls import BOBS, PERMUTATIONS, ROWS

SETTINGS = (("personas (made up)", 0.15, 0), ("personas, noisier (made up)", 0.3, 1))  # panel, noise, seed


def draw(folder: Path, progress: Callable[..., None] = silent, data: UtilityTable | None = None) -> list[Path]:
    """Draw the figure (of `data`, where a table is given) and its CSV."""
    panels = [] if data is None else [(data.name, hulls.sweep(data.name, data, progress))]
    for title, noise, seed in SETTINGS if data is None else ():
        game = personas(rows=ROWS, bobs=BOBS, noise=noise, permutations=PERMUTATIONS, seed=seed)
        panels.append((title, hulls.sweep(title, game, progress)))
    return hulls.draw("emergent-figure-3", folder, panels)
