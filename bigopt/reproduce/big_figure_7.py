"""Figure 7: player 1 finds its best response by bisection, with the labels' noise held fixed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from bigopt.concepts.concept import silent
from bigopt.concepts.deadline import Deadline
from bigopt.drawing.palette import COLOURS
from bigopt.games.preferences.exact.drawn import DrawnLabels
from bigopt.reproduce.data import write
from bigopt.reproduce.labelling import BISECTIONS, bands, game, said


@dataclass(frozen=True)
class Tried:
    """One step of the bisection."""

    step: int
    x_1: float
    receiver: float


def draw(folder: Path, progress: Callable[..., None] = silent, seed: int = 0) -> list[Path]:
    """Draw the figure, and write the steps and the numbers beside the printed ones."""
    played, known = game(seed), bands(seed, progress)
    rule = DrawnLabels(played, Deadline())
    target, other = (float(t) for t in played.targets[:, 0])
    truth = float(rule.receiver(played.targets)[0])
    tried = rule.path(0, played.targets, truth, BISECTIONS)
    exact, after = rule.improve(0, played.targets, np.array([truth]))
    line = np.linspace(-1.0, target, 46)
    curve = [float(rule.receiver(np.array([[x], [other]]))[0]) for x in line]
    figure = Figure(figsize=(6.6, 4.8), layout="constrained")
    axes = figure.subplots()
    axes.plot(line, curve, color=COLOURS[0], linewidth=1.4, label="receiver of the re-labelled pairs")
    axes.plot(line, 0.5 * (line + other), color="0.5", linestyle=":", label="affine receiver, eq. (28)")
    axes.axhline(target, color="black", linestyle="--", linewidth=1, label=f"target of player 1, {target:g}")
    for k, (x, receiver) in enumerate(tried, start=1):
        axes.plot(x, receiver, "o", color=COLOURS[1], zorder=3, label="bisection" if k == 1 else None)
        shift = (8 if k % 2 else -14, -14 if k % 2 else 8)
        axes.annotate(str(k), (x, receiver), xytext=shift, textcoords="offset points", fontsize=9)
    axes.plot(exact[0], after[0], "*", markersize=14, color=COLOURS[2], label=f"exact best response {exact[0]:.3f}")
    axes.set(xlabel="fake point of player 1", ylabel="receiver", title=said(known[1]))
    axes.title.set_fontsize(9)
    axes.legend(frameon=False, fontsize=9)
    picture = folder / "big-figure-7.png"
    figure.savefig(picture, dpi=150)
    rows = [Tried(k, x, receiver) for k, (x, receiver) in enumerate(tried, start=1)]
    return [picture, write(folder / "big-figure-7.csv", rows), write(folder / "big-figure-7-bands.csv", known[1:3])]
