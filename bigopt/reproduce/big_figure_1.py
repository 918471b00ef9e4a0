"""Figure 1: two influencers with targets on opposite sides exaggerate to the ends; the potential beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bigopt.files import library as stored
from bigopt.files.instance import load
from bigopt.games.influencers.plot import plot
from bigopt.reproduce.data import actions, moves, write

INSTANCE = "big/example-1-opposed"


def draw(folder: Path, progress: Callable[..., None]) -> list[Path]:
    """Draw the figure of Wu et al. from the stored instance, and write its data: the actions, and the path."""
    progress("solving and drawing", None)
    game = load(stored.instance(INSTANCE))
    picture = folder / "big-figure-1.png"
    plot(game, None).savefig(picture, dpi=150, bbox_inches="tight")
    data = write(folder / "big-figure-1.csv", actions([game]))
    return [picture, data, write(folder / "big-figure-1-path.csv", moves(game))]
