"""Figure 7 of Emergent Alignment: Alice's least utility along markets that grow by one random Bob at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bigopt.concepts.concept import silent
from bigopt.drawing.palette import COLOURS
from bigopt.engine.solve import solve
from bigopt.errors import VerificationError
from bigopt.reproduce.committees import TABLES, market
from bigopt.reproduce.data import write

PATHS = 12
SEED = 0


@dataclass(frozen=True)
class Step:
    """One market of one path."""

    table: str
    path: int
    k: int
    members: str
    worst: float
    opt: float


def draw(folder: Path, progress: Callable[..., None] = silent) -> list[Path]:
    """Draw the figure and its CSV into `folder`."""
    rng = np.random.default_rng(SEED)
    steps: list[Step] = []
    for i, table in enumerate(TABLES):
        game = market(table)
        known: dict[frozenset[int], float] = {}
        for path in range(PATHS):
            progress(f"{table}, path {path + 1} of {PATHS}", (i * PATHS + path) / (len(TABLES) * PATHS))
            order = rng.permutation(game.k).tolist()
            for k in range(1, game.k + 1):
                members = frozenset(order[:k])
                if members not in known:
                    solution = solve(game.committee(sorted(members)), "worst")
                    if not solution.solved:
                        raise VerificationError(f"{solution.instance}: failed its certificate: run bigopt solve on it")
                    known[members] = solution.alice
                names = "+".join(str(j) for j in order[:k])
                steps.append(Step(table, path, k, names, known[members], game.opt_value))
    figure = Figure(figsize=(12, 3.9), layout="constrained")
    for axes, table in zip(figure.subplots(1, 3), TABLES, strict=True):
        panel = [step for step in steps if step.table == table]
        sizes = sorted({step.k for step in panel})
        for path in range(PATHS):
            line = [step.worst for step in panel if step.path == path]
            axes.plot(sizes, line, "-o", ms=3.5, lw=1, alpha=0.6, color=COLOURS[path % len(COLOURS)])
        mean = [float(np.mean([step.worst for step in panel if step.k == k])) for k in sizes]
        axes.plot(sizes, mean, "k-", lw=2.2, label="mean of the paths", zorder=4)
        axes.axhline(panel[0].opt, ls=":", color="green", lw=1.4, label="OPT")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set(title=TABLES[table], xlabel="Bobs in the market, k")
        axes.legend(fontsize=7, loc="lower right")
    figure.axes[0].set_ylabel("Alice's least utility at equilibrium")
    picture = folder / "emergent-figure-7.png"
    figure.savefig(picture, dpi=150)
    return [picture, write(folder / "emergent-figure-7.csv", steps)]
