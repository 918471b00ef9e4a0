"""Figure 5 of Emergent Alignment: misalignment against Alice's least utility at equilibrium, all committees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from bigopt.concepts.concept import silent
from bigopt.drawing.palette import COLOURS
from bigopt.reproduce.committees import MARKERS, TABLES, Committee, evaluate
from bigopt.reproduce.data import write


def draw(folder: Path, progress: Callable[..., None] = silent) -> list[Path]:
    """Draw the figure and its CSV into `folder`."""
    rows = evaluate(progress)
    figure = Figure(figsize=(12, 3.9), layout="constrained")
    for axes, table in zip(figure.subplots(1, 3), TABLES, strict=True):
        panel = [row for row in rows if row.table == table]
        for k in sorted({row.k for row in panel}):
            points = [row for row in panel if row.k == k]
            axes.plot(
                [row.epsilon for row in points],
                [row.worst for row in points],
                MARKERS[k - 1],
                color=COLOURS[k - 1],
                mec="black",
                mew=0.4,
                ms=6,
                alpha=0.85,
                label=f"k = {k}",
                zorder=3,
            )
        lines(axes, panel)
        axes.set(title=TABLES[table], xlabel=r"misalignment $\varepsilon$")
    figure.axes[0].set_ylabel("Alice's least utility at equilibrium")
    handles, labels = figure.axes[-1].get_legend_handles_labels()
    figure.legend(handles, labels, fontsize=8, loc="outside right center")
    picture = folder / "emergent-figure-5.png"
    figure.savefig(picture, dpi=150)
    return [picture, write(folder / "emergent-figure-5.csv", rows)]


def lines(axes: Any, panel: list[Committee]) -> None:
    """Draw OPT and OPT - 2 epsilon over the range of the points."""
    opt = panel[0].opt
    low = min(min(row.worst, row.dynamics) for row in panel)
    right = max(row.epsilon for row in panel) or 1e-3
    margin = 0.12 * max(opt - low, 1e-3)
    axes.plot([0, right], [opt, opt - 2 * right], "--", color="red", lw=1.2, label=r"OPT $-\,2\varepsilon$")
    axes.axhline(opt, ls=":", color="green", lw=1.4, label="OPT")
    axes.set_ylim(low - margin, opt + margin)
    axes.set_xlim(-0.04 * right, 1.04 * right)
