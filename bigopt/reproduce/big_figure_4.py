"""Figure 4: weakly dominant actions under inner-product loss, unique on a diamond, whole edges on a square."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bigopt.files import library as stored
from bigopt.files.instance import load
from bigopt.games.influencers.plot import draw_pair
from bigopt.reproduce.data import actions, write

INSTANCES = ["big/example-3-diamond", "big/example-4-square"]
TITLES = ["Unique dominant actions", "Edges of dominant actions"]


def draw(folder: Path, progress: Callable[..., None]) -> list[Path]:
    """Draw the figure of Wu et al. from the stored instances, and write its data."""
    progress("solving and drawing", None)
    games = [load(stored.instance(name)) for name in INSTANCES]
    picture = folder / "big-figure-4.png"
    draw_pair(games, TITLES, picture)
    return [picture, write(folder / "big-figure-4.csv", actions(games))]
