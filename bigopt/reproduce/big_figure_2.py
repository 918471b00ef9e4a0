"""Figure 2: targets on the same side; the winner stays inside the action set and has the receiver at its target."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bigopt import catalog, load
from bigopt.influencers.plot import plot

INSTANCE = "big/example-1-same-side"


def draw(folder: Path, progress: Callable[..., None]) -> list[Path]:
    """Draw the figure of Wu et al., from the stored instance."""
    progress("solving and drawing", None)
    path = folder / "big-figure-2.png"
    plot(load(catalog.instance(INSTANCE)), None, path)
    return [path]
