"""Figure 3: infinitely many equilibria in the plane (left), paired through the receiver, and a unique one (right)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bigopt.files import library as stored
from bigopt.files.instance import load
from bigopt.games.influencers.plot import draw_pair
from bigopt.reproduce.data import actions, write

INSTANCES = ["big/example-2-infinite", "big/example-2-unique"]
TITLES = ["Infinitely many equilibria", "A unique equilibrium"]


def draw(folder: Path, progress: Callable[..., None]) -> list[Path]:
    """Draw the figure of Wu et al. from the stored instances, and write its data."""
    progress("solving and drawing", None)
    games = [load(stored.instance(name)) for name in INSTANCES]
    picture = folder / "big-figure-3.png"
    draw_pair(games, TITLES, picture)
    return [picture, write(folder / "big-figure-3.csv", actions(games))]
