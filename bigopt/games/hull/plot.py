"""Error and sparsity against the number of Bobs with shaded bands (Figures 1 to 4); a combination against Alice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.concepts import Solution
from bigopt.drawing.alignment import draw_alignment
from bigopt.drawing.canvas import Canvas, figure_of, panels
from bigopt.drawing.legend import legend_below
from bigopt.drawing.palette import colour
from bigopt.drawing.paper import sized
from bigopt.drawing.ticks import short_name
from bigopt.games.hull.game import UtilityTable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = {method: colour(k) for k, method in enumerate(("best", "average", "nnls", "simplex"))}
LABELS = {"best": "best individual Bob", "average": "simple average", "nnls": "NNLS", "simplex": "simplex"}


@sized
def plot(game: UtilityTable, solution: Solution | None, canvas: Canvas = None) -> Figure:
    """Draw the sweep or the combination of a solution; without one, how each Bob's utility lies against Alice's."""
    fields = solution.fields if solution is not None else {}
    if solution is not None and "weights" in fields:
        return _combination(game, solution, canvas)
    rows = fields.get("rows")
    grid = panels(canvas, (10, 4) if rows else (6, 5), columns=2 if rows else 1)[0]
    if rows:
        errors(grid[0], rows, "se" if game.alice.ndim == 2 else "sd")
        sparsity(grid[1], rows)
        grid[1].set_title("sparsity")
    else:
        _scatter(grid[0], game)
    grid[0].set_title(game.name)
    return figure_of(grid[0])


def _combination(game: UtilityTable, solution: Solution, canvas: Canvas) -> Figure:
    """Draw the weights, and the combination against the Alice that was asked for."""
    which = int(solution.solver.options.get("alice", 0))
    named = [game.names[j] if game.names else f"Bob {j}" for j in range(game.count)]
    fields = {"epsilon": float(solution.fields.get("mse", 0.0)) ** 0.5, "offset": 0.0} | dict(solution.fields)
    within = "within epsilon" if "epsilon" in solution.fields else "within the root mean squared error"
    title = f"{game.name}: {solution.concept}"
    return draw_alignment(canvas, title, (game.alices[:, which], game.bobs.T), named, fields, within=within)


def errors(axes: Any, rows: Sequence[Mapping[str, Any]], band: str) -> None:
    """Draw every method's error with its band: `sd` over sets of Bobs, or `se` over Alices."""
    for method, shade in COLOURS.items():
        part = [row for row in rows if row["method"] == method]
        k = [row["bobs"] for row in part]
        mean = np.array([row["mse"] for row in part])
        width = np.array([row[band] or 0.0 for row in part])
        axes.plot(k, mean, color=shade, label=LABELS[method], marker="o" if len(k) <= 12 else None, ms=3)
        axes.fill_between(k, mean - width, mean + width, color=shade, alpha=0.2, lw=0)
    axes.set(xlabel="number of Bobs K", ylabel="held-out mean squared error")
    legend_below(axes, columns=5)


def sparsity(axes: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Draw how many weights of the fitted methods are not zero, with one deviation over sets of Bobs."""
    for method in ("nnls", "simplex"):
        part = [row for row in rows if row["method"] == method]
        k = [row["bobs"] for row in part]
        mean, width = (np.array([row[field] for row in part]) for field in ("nonzero", "nonzero_sd"))
        axes.plot(k, mean, color=COLOURS[method], label=LABELS[method])
        axes.fill_between(k, mean - width, mean + width, color=COLOURS[method], alpha=0.2, lw=0)
    axes.set(xlabel="number of Bobs K", ylabel="weights above 1e-6")
    legend_below(axes, columns=5)


def _scatter(axes: Any, game: UtilityTable) -> None:
    shown = min(game.count, 10)
    for j in range(shown):
        label = game.names[j] if game.names else f"Bob {j}"
        axes.scatter(game.alices[:, 0], game.bobs[:, j], s=6, alpha=0.5, color=colour(j), label=short_name(label))
    low, high = float(game.alices[:, 0].min()), float(game.alices[:, 0].max())
    axes.plot([low, high], [low, high], color="black", lw=0.8)
    axes.set(xlabel="Alice's utility", ylabel="Bobs' utilities")
    legend_below(axes, columns=5)
