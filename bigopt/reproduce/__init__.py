"""The papers' figures, one a file: each draws from instances and solutions, never from stored results."""

from __future__ import annotations

import importlib
import inspect
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args, get_type_hints

from joblib import Parallel, delayed

from bigopt.concepts.concept import Game, silent
from bigopt.errors import UsageError
from bigopt.reproduce import gallery

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


def draw_all(
    names: Sequence[str], folder: Path, progress: Callable[..., None] = silent, jobs: int = 1, **given: Any
) -> Iterator[Path]:
    """Draw figures, and a page with all of them beside their data; yield the files as they are written.

    `jobs` figures are drawn at a time, in processes (-1: on all cores); `given` goes to each figure that takes it.
    """
    drawn: list[gallery.Drawn] = []
    if jobs == 1:
        for done, name in enumerate(names):
            drawn.append(_timed(name, folder, gallery.within(progress, done, len(names), name), given))
            yield from drawn[-1].files
    else:
        work = (delayed(_timed)(name, folder, silent, given) for name in names)
        for each in Parallel(n_jobs=jobs, return_as="generator")(work):
            drawn.append(each)
            yield from each.files
            progress(f"{len(drawn)} of {len(names)}: {each.name}", len(drawn) / len(names))
    yield gallery.write_page(drawn, folder)


def _timed(name: str, folder: Path, progress: Callable[..., None], given: Mapping[str, Any]) -> gallery.Drawn:
    """Draw one figure with what it takes of `given`."""
    start = time.perf_counter()
    own = {key: value for key, value in given.items() if value is not None and key in _takes(name)}
    files = draw(name, folder, progress, **own)
    words = [f"--{key} {'FILE' if key == 'data' else value}" for key, value in own.items()]
    command = " ".join(["bigopt reproduce", name, *words])
    module = FIGURES[name].partition(":")[0]
    return gallery.Drawn(name, gallery.shows(module), command, tuple(files), time.perf_counter() - start)


def draw(name: str, folder: Path, progress: Callable[..., None] = silent, **given: Any) -> list[Path]:
    """Draw one figure into `folder` and return the files that were written.

    `given` may be a `seed` where something is drawn at random, or `data`, a game to draw the figure of.

    Raises
    ------
    UsageError
        The figure takes no seed, or no data.
    """
    asked = {key: value for key, value in given.items() if value is not None}
    for key in asked:
        if key not in _takes(name):
            raise UsageError(f"{name}: takes no {key}, since nothing in it depends on one: leave --{key} out")
    written: list[Path] = _work(name)(folder, progress, **asked)
    return written


def refuse_data(names: Sequence[str], data: Game, where: str) -> None:
    """Refuse a game of a kind that some figure among `names` is not drawn of.

    Raises
    ------
    UsageError
        Begins with `where`, which says where the game comes from.
    """
    for name in names:
        kind = _kind_of_data(name)
        if kind and data.kind != kind:
            raise UsageError(f"{where}: of kind {data.kind}, expected {kind}")


def _kind_of_data(name: str) -> str:
    """Return the kind of game that a figure may be drawn of, as its function is annotated; "" for one of no data."""
    classes = get_args(get_type_hints(_work(name)).get("data"))  # as in `UtilityTable | None`
    return next((each.kind for each in classes if hasattr(each, "kind")), "")


def _work(name: str) -> Callable[..., list[Path]]:
    module, function = FIGURES[name].split(":")
    work: Callable[..., list[Path]] = getattr(importlib.import_module(module), function)
    return work


def _takes(name: str) -> Mapping[str, Any]:
    """Return what a figure depends on, by name."""
    return inspect.signature(_work(name)).parameters
