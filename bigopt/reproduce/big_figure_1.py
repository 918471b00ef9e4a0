"""Figure 1: two influencers with targets on opposite sides exaggerate to the ends; the potential beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bigopt import catalog, load
from bigopt.influencers.plot import plot

INSTANCE = "big/example-1-opposed"


def draw(folder: Path, progress: Callable[..., None]) -> list[Path]:
    """Draw the figure of Wu et al., from the stored instance."""
    progress("solving and drawing", None)
    path = folder / "big-figure-1.png"
    plot(load(catalog.instance(INSTANCE)), None, path)
    return [path]
