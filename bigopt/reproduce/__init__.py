"""The papers' figures, one a file: each draws from instances and solutions, never from stored results."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

from bigopt.concepts.concept import silent

# figure -> module:function; the function is draw(folder, progress) -> the files that it wrote
FIGURES: dict[str, str] = {
    "big-figure-1": "bigopt.reproduce.big_figure_1:draw",
    "big-figure-2": "bigopt.reproduce.big_figure_2:draw",
    "big-figure-3": "bigopt.reproduce.big_figure_3:draw",
    "big-figure-4": "bigopt.reproduce.big_figure_4:draw",
    "truthful": "bigopt.reproduce.truthful:draw",
    "mechanism-noise": "bigopt.reproduce.mechanism_noise:draw",
    "emergent-figure-5": "bigopt.reproduce.emergent_figure_5:draw",
    "emergent-figure-6": "bigopt.reproduce.emergent_figure_6:draw",
    "emergent-figure-7": "bigopt.reproduce.emergent_figure_7:draw",
}


def draw(name: str, folder: Path, progress: Callable[..., None] = silent) -> list[Path]:
    """Draw one figure into `folder` and return the files that were written."""
    module, function = FIGURES[name].split(":")
    written: list[Path] = getattr(importlib.import_module(module), function)(folder, progress)
    return written
