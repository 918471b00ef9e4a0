"""Figure 9: the labels of both players at the Nash equilibrium (-1, 1), beside Figure 5's truthful ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bigopt.concepts.concept import silent
from bigopt.engine.solve import solve
from bigopt.reproduce.big_figure_5 import draw_both
from bigopt.reproduce.labelling import game


def draw(folder: Path, progress: Callable[..., None] = silent, seed: int = 0) -> list[Path]:
    """Solve for the equilibrium, draw the figure and write all labels."""
    progress("solving and drawing", None)
    first, second = solve(game(seed), "equilibrium").actions[:, 0].tolist()
    return draw_both(folder, "big-figure-9", seed, (first, second))
