"""Error and sparsity against the number of Bobs, with shaded bands (Figures 1 to 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.concepts import Solution
from bigopt.games.hull.game import UtilityTable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = {"best": "C0", "average": "C1", "nnls": "C2", "simplex": "C3"}
LABELS = {"best": "best individual Bob", "average": "simple average", "nnls": "NNLS", "simplex": "simplex"}


def plot(game: UtilityTable, solution: Solution | None) -> Figure:
    """Draw the sweep of a solution; without one, how each Bob's utility lies against Alice's."""
    from matplotlib.figure import Figure  # slow to import, and only pictures need it

    rows = solution.fields.get("rows") if solution is not None else None
    figure = Figure(figsize=(10, 4) if rows else (6, 5), layout="constrained")
    if rows:
        left, right = figure.subplots(1, 2)
        errors(left, rows, "se" if game.alice.ndim == 2 else "sd")
        sparsity(right, rows)
    else:
        _scatter(figure.subplots(), game)
    figure.suptitle(game.name)
    return figure


def errors(axes: Any, rows: Sequence[Mapping[str, Any]], band: str) -> None:
    """Draw every method's error with its band: `sd` over sets of Bobs, or `se` over Alices."""
    for method, colour in COLOURS.items():
        part = [row for row in rows if row["method"] == method]
        k = [row["bobs"] for row in part]
        mean = np.array([row["mse"] for row in part])
        width = np.array([row[band] or 0.0 for row in part])
        axes.plot(k, mean, color=colour, label=LABELS[method], marker="o" if len(k) <= 12 else None, ms=3)
        axes.fill_between(k, mean - width, mean + width, color=colour, alpha=0.2, lw=0)
    axes.set(xlabel="number of Bobs K", ylabel="held-out mean squared error")
    axes.legend(fontsize=8)


def sparsity(axes: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Draw how many weights of the fitted methods are not zero, with one deviation over sets of Bobs."""
    for method in ("nnls", "simplex"):
        part = [row for row in rows if row["method"] == method]
        k = [row["bobs"] for row in part]
        mean, width = (np.array([row[field] for row in part]) for field in ("nonzero", "nonzero_sd"))
        axes.plot(k, mean, color=COLOURS[method], label=LABELS[method])
        axes.fill_between(k, mean - width, mean + width, color=COLOURS[method], alpha=0.2, lw=0)
    axes.set(xlabel="number of Bobs K", ylabel="weights above 1e-6")
    axes.legend(fontsize=8)


def _scatter(axes: Any, game: UtilityTable) -> None:
    shown = min(game.count, 10)
    for j in range(shown):
        label = game.names[j] if game.names else f"Bob {j}"
        axes.scatter(game.alices[:, 0], game.bobs[:, j], s=6, alpha=0.5, label=label[:20])
    low, high = float(game.alices[:, 0].min()), float(game.alices[:, 0].max())
    axes.plot([low, high], [low, high], color="black", lw=0.8)
    axes.set(xlabel="Alice's utility", ylabel="Bobs' utilities")
    axes.legend(fontsize=7)
