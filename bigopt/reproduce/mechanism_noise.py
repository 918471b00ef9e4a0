"""Section 4.2 of the mechanism-design paper: sampled noise in the reports against the bounds, paper's and sharper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from bigopt.concepts.concept import silent
from bigopt.concepts.deadline import Deadline
from bigopt.drawing.palette import COLOURS
from bigopt.games.mechanism.exact.perturbations import sample
from bigopt.games.mechanism.generate import random_mechanism
from bigopt.games.mechanism.verify.noise import summary
from bigopt.reproduce.data import write

ERRORS = tuple(float(e) for e in np.geomspace(1e-3, 0.2, 12))
DRAWS, SEED = 400, 0


@dataclass(frozen=True)
class Row:
    """What errors up to `error` do: the largest welfare loss, shift of the policy and gain of a group, with bounds."""

    regularizer: str
    error: float
    loss: float
    loss_bound: float
    sharper_loss_bound: float
    shift: float
    shift_bound: float
    gain: float
    gain_bound: float
    sharper_gain_bound: float


def rows(progress: Callable[..., None] = silent) -> list[Row]:
    """Measure both regularizers over the errors."""
    found = []
    for k, regularizer in enumerate(("kl", "l2")):
        game = random_mechanism(outcomes=6, groups=3, sizes=3, regularizer=regularizer, strength=1.0, seed=1)
        for error in ERRORS:
            progress(f"noise {regularizer}", (k + ERRORS.index(error) / len(ERRORS)) / 2)
            fields = summary(game, error, sample(game, error, DRAWS, SEED, Deadline()))
            worst = int(np.argmax(np.asarray(fields["gains"]) - np.asarray(fields["sharper_gain_bounds"])))
            pairs = [fields[key] for key in ("loss", "loss_bound", "sharper_loss_bound", "shift", "shift_bound")]
            gains = [float(fields[key][worst]) for key in ("gains", "gain_bounds", "sharper_gain_bounds")]
            found.append(Row(regularizer, error, *pairs, *gains))
    return found


def draw(folder: Path, progress: Callable[..., None] = silent) -> list[Path]:
    """Draw the figure and its CSV into `folder`."""
    table = rows(progress)
    figure = Figure(figsize=(9.5, 4.0), layout="constrained")
    for axes, regularizer, title in zip(figure.subplots(1, 2), ("kl", "l2"), ("KL", "L2"), strict=True):
        part = [row for row in table if row.regularizer == regularizer]
        x = [row.error for row in part]
        axes.loglog(x, [row.loss_bound for row in part], "--", color="0.6", label="Lemma 4.8")
        axes.loglog(x, [row.sharper_loss_bound for row in part], "--", color=COLOURS[4], label="sharper")
        axes.loglog(x, [row.loss for row in part], "o-", ms=4, color=COLOURS[0], label="welfare lost, measured")
        axes.loglog(x, [row.shift_bound for row in part], ":", color=COLOURS[2], label="Proposition 4.4")
        axes.loglog(x, [row.shift for row in part], "s-", ms=4, color=COLOURS[2], label="policy's shift, measured")
        axes.set(title=title, xlabel="error $\\varepsilon$ of a reported reward")
    figure.axes[0].legend(frameon=False, fontsize=8)
    picture = folder / "mechanism-noise.png"
    figure.savefig(picture, dpi=150)
    return [picture, write(folder / "mechanism-noise.csv", table)]
