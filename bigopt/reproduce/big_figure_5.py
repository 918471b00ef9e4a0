"""Figure 5: the labels of two truthful players, in the middle of the square of responses and thinned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from bigopt.concepts.concept import silent
from bigopt.reproduce.data import write
from bigopt.reproduce.labelling import draw_labels, game, label_rows


def draw(folder: Path, progress: Callable[..., None] = silent, seed: int = 0) -> list[Path]:
    """Draw the figure and write all labels."""
    return draw_both(folder, "big-figure-5", seed, None)


def draw_both(folder: Path, name: str, seed: int, points: tuple[float, float] | None) -> list[Path]:
    """Draw both players' labels, as from two points or truthful ones."""
    played = game(seed)
    where = points or (float(played.targets[0, 0]), float(played.targets[1, 0]))
    figure = Figure(figsize=(9.6, 5.2), layout="constrained")
    for player, axes in enumerate(figure.subplots(1, 2)):
        draw_labels(axes, played, player, where[player])
    handles, texts = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, texts, loc="outside lower center", ncols=3, frameon=False)
    picture = folder / f"{name}.png"
    figure.savefig(picture, dpi=150)
    return [picture, write(folder / f"{name}.csv", label_rows(played, where))]
