"""The papers' figures, one a file: each draws from instances and solutions, never from stored results."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from pathlib import Path

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
    "emergent-figure-5": "bigopt.reproduce.emergent_figure_5:draw",
    "emergent-figure-6": "bigopt.reproduce.emergent_figure_6:draw",
    "emergent-figure-7": "bigopt.reproduce.emergent_figure_7:draw",
}


def draw(name: str, folder: Path, progress: Callable[..., None] = silent, seed: int | None = None) -> list[Path]:
    """Draw one figure into `folder` and return the files that were written.

    Raises
    ------
    UsageError
        A seed was given, and nothing in the figure is random.
    """
    module, function = FIGURES[name].split(":")
    work = getattr(importlib.import_module(module), function)
    seeded = {} if seed is None else {"seed": seed}
    if seeded and "seed" not in inspect.signature(work).parameters:
        raise UsageError(f"{name}: takes no seed, since nothing in it is drawn: leave --seed out")
    written: list[Path] = work(folder, progress, **seeded)
    return written
