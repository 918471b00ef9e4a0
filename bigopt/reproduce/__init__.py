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
    "big-figure-5": "bigopt.reproduce.big_figure_5:draw",
    "big-figure-6": "bigopt.reproduce.big_figure_6:draw",
    "big-figure-7": "bigopt.reproduce.big_figure_7:draw",
    "big-figure-8": "bigopt.reproduce.big_figure_8:draw",
    "big-figure-9": "bigopt.reproduce.big_figure_9:draw",
    "truthful": "bigopt.reproduce.truthful:draw",
    "mechanism-noise": "bigopt.reproduce.mechanism_noise:draw",
    "emergent-figure-1": "bigopt.reproduce.emergent_figure_1:draw",
    "emergent-figure-2": "bigopt.reproduce.emergent_figure_2:draw",
    "emergent-figure-3": "bigopt.reproduce.emergent_figure_3:draw",
    "emergent-figure-4": "bigopt.reproduce.emergent_figure_4:draw",
    "emergent-figure-5": "bigopt.reproduce.emergent_figure_5:draw",
    "emergent-figure-6": "bigopt.reproduce.emergent_figure_6:draw",
    "emergent-figure-7": "bigopt.reproduce.emergent_figure_7:draw",
}


def draw(name: str, folder: Path, progress: Callable[..., None] = silent, **given: Any) -> list[Path]:
    """Draw one figure into `folder` and return the files that were written.

    `given` may be a `seed` where something is drawn at random, or `data`, a game to draw the figure of.

    Raises
    ------
    UsageError
        The figure takes no seed, or no data.
    """
    module, function = FIGURES[name].split(":")
    work = getattr(importlib.import_module(module), function)
    asked = {key: value for key, value in given.items() if value is not None}
    for key in asked:
        if key not in inspect.signature(work).parameters:
            raise UsageError(f"{name}: takes no {key}, since nothing in it depends on one: leave --{key} out")
    written: list[Path] = work(folder, progress, **asked)
    return written
