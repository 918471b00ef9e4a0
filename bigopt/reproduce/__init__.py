"""The papers' figures, one a file: each draws from instances and solutions, never from stored results."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bigopt.concepts.concept import silent
from bigopt.errors import UsageError

# figure -> module:function; the function is draw(folder, progress) -> the files that it wrote
FIGURES: dict[str, str] = {
    "big-figure-1": "bigopt.reproduce.big_figure_1:draw",
    "big-figure-2": "bigopt.reproduce.big_figure_2:draw",
    "big-figure-3": "bigopt.reproduce.big_figure_3:draw",
    "big-figure-4": "bigopt.reproduce.big_figure_4:draw",
    "truthful": "bigopt.reproduce.truthful:draw",
    "emergent-figure-1": "bigopt.reproduce.emergent_figure_1:draw",
    "emergent-figure-2": "bigopt.reproduce.emergent_figure_2:draw",
    "emergent-figure-3": "bigopt.reproduce.emergent_figure_3:draw",
    "emergent-figure-4": "bigopt.reproduce.emergent_figure_4:draw",
    "emergent-figure-5": "bigopt.reproduce.emergent_figure_5:draw",
    "emergent-figure-6": "bigopt.reproduce.emergent_figure_6:draw",
    "emergent-figure-7": "bigopt.reproduce.emergent_figure_7:draw",
}


def draw(name: str, folder: Path, progress: Callable[..., None] = silent, data: Any = None) -> list[Path]:
    """Draw one figure into `folder` and return the files that were written; `data` is a game to draw it of.

    Raises
    ------
    UsageError
        The figure takes no data.
    """
    module, function = FIGURES[name].split(":")
    make = getattr(importlib.import_module(module), function)
    if data is not None and "data" not in inspect.signature(make).parameters:
        raise UsageError(f"{name}: draws stored instances only, expected no --data")
    written: list[Path] = make(folder, progress) if data is None else make(folder, progress, data)
    return written
