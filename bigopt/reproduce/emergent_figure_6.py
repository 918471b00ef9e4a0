"""Figure 6 of Emergent Alignment: where best-response dynamics end against the worst equilibrium, all committees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from bigopt.concepts.concept import silent
from bigopt.drawing.palette import COLOURS
from bigopt.reproduce.committees import MARKERS, TABLES, evaluate
from bigopt.reproduce.data import write
from bigopt.reproduce.emergent_figure_5 import lines


def draw(folder: Path, progress: Callable[..., None] = silent) -> list[Path]:
    """Draw the figure and its CSV into `folder`."""
    rows = evaluate(progress)
    figure = Figure(figsize=(12, 3.9), layout="constrained")
    for axes, table in zip(figure.subplots(1, 3), TABLES, strict=True):
        panel = [row for row in rows if row.table == table]
        axes.vlines(
            [row.epsilon for row in panel],
            [row.worst for row in panel],
            [row.dynamics for row in panel],
            color="0.6",
            lw=1.2,
        )
        for k in sorted({row.k for row in panel}):
            points = [row for row in panel if row.k == k]
            x = [row.epsilon for row in points]
            style = {"color": COLOURS[k - 1], "ls": "", "marker": MARKERS[k - 1]}
            axes.plot(x, [row.worst for row in points], mfc="none", ms=9, mew=1.1, **style)
            axes.plot(x, [row.dynamics for row in points], ms=4.5, label=f"k = {k}", zorder=3, **style)
        lines(axes, panel)
        higher = sum(row.dynamics > row.worst + 1e-12 for row in panel)
        axes.set(title=f"{TABLES[table]}: {higher} of {len(panel)} end above", xlabel=r"misalignment $\varepsilon$")
    figure.axes[0].set_ylabel("Alice's utility (solid: dynamics, outlined: worst)")
    handles, labels = figure.axes[-1].get_legend_handles_labels()
    figure.legend(handles, labels, fontsize=8, loc="outside right center")
    picture = folder / "emergent-figure-6.png"
    figure.savefig(picture, dpi=150)
    return [picture, write(folder / "emergent-figure-6.csv", rows)]
