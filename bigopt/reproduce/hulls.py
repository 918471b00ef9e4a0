"""What Figures 1 to 4 of Emergent Alignment share: made-up tables or a real one, sweeps, and the paper's numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from bigopt.concepts import silent
from bigopt.engine.solve import solve
from bigopt.games.hull import UtilityTable
from bigopt.games.hull.plot import errors, sparsity
from bigopt.reproduce.data import write

Paper = Mapping[tuple[str, str], tuple[float | None, float | None]]  # (panel, method): reduction, weights above 1e-6
BOBS, PERMUTATIONS, ROWS = 100, 20, 1000  # the paper has 100 permutations: 20 give the same means


@dataclass(frozen=True)
class Row:
    """One point of a figure."""

    panel: str
    bobs: int
    method: str
    mse: float
    sd: float
    se: float | None
    nonzero: float
    nonzero_sd: float


@dataclass(frozen=True)
class Target:
    """A number that the paper prints beside ours: made-up tables need not meet it, nor other data the paper's."""

    panel: str
    paper: str
    method: str
    reduction: float
    paper_reduction: float | None
    nonzero: float
    paper_nonzero: float | None


def sweep(panel: str, game: UtilityTable, progress: Callable[..., None] = silent) -> list[Row]:
    """Return the points of one panel."""
    found = solve(game, "fit", progress=progress)
    return [Row(panel, **row) for row in found.rows]


def draw(
    name: str,
    folder: Path,
    panels: Sequence[tuple[str, list[Row]]],
    band: str = "sd",
    sparse: bool = False,
    paper: Paper | None = None,
) -> list[Path]:
    """Draw a picture with one axes a panel, its CSV, and the targets where the paper prints any."""
    figure = Figure(figsize=(5 * min(len(panels), 2), 4 * ((len(panels) + 1) // 2)), layout="constrained")
    axes = figure.subplots((len(panels) + 1) // 2, min(len(panels), 2), squeeze=False).ravel()
    for place, (title, rows) in zip(axes, panels, strict=False):
        table = [row.__dict__ for row in rows]
        if sparse:
            sparsity(place, table)
        else:
            errors(place, table, band)
        place.set_title(title)
    picture = folder / f"{name}.png"
    figure.savefig(picture, dpi=150)
    written = [picture, write(folder / f"{name}.csv", [row for _, rows in panels for row in rows])]
    if paper is not None:
        targets = [target for title, rows in panels for target in _targets(title, rows, paper)]
        written.append(write(folder / f"{name}-targets.csv", targets))
    return written


def _targets(title: str, rows: list[Row], paper: Paper) -> list[Target]:
    """Put the last point of a panel beside the paper's of the same panel, or (a table of one's own) of all of them."""
    most = max(row.bobs for row in rows)
    last = {row.method: row for row in rows if row.bobs == most}
    found = []
    for (panel, method), (reduction, nonzero) in paper.items():
        if panel == title or not any(title == own for own, _ in paper):
            fall = 1 - last[method].mse / last["best"].mse
            found.append(Target(title, panel, method, fall, reduction, last[method].nonzero, nonzero))
    return found
