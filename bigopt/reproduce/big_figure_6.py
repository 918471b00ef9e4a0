"""Figure 6: the receiver under truthful players: how affine it is (left), and the log-likelihood (right)."""

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
from bigopt.reproduce.labelling import bands, game, said

PROFILES = 60


@dataclass(frozen=True)
class Point:
    """A profile of fake points with its receiver, or (without them) a point of the log-likelihood."""

    curve: str
    x_1: float
    x_2: float
    receiver: float
    log_likelihood: float


def draw(folder: Path, progress: Callable[..., None] = silent, seed: int = 0) -> list[Path]:
    """Draw the figure, and write its curves and the numbers beside the printed ones."""
    played, known = game(seed), bands(seed, progress)
    rule = DrawnLabels(played, Deadline())
    truth = float(rule.receiver(played.targets)[0])
    design = np.random.default_rng(seed).uniform(-1.0, 1.0, (PROFILES, 2, 1))
    found = np.array([float(rule.receiver(x)[0]) for x in design])
    labels = played.drawn.labels(played.targets)
    grid = np.linspace(-1.0, 1.0, 81)
    values = [rule.likelihood.log_likelihood(np.array([x]), labels) for x in grid]
    best = rule.likelihood.log_likelihood(np.array([truth]), labels)
    figure = Figure(figsize=(10.5, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.plot([-1, 1], [-1, 1], color="0.5", linewidth=1, label="affine receiver, eq. (28)")
    left.scatter(design.mean(axis=1)[:, 0], found, s=18, color=COLOURS[0], label="MLE of random profiles")
    mean = float(played.targets.mean())
    left.plot(mean, truth, "*", markersize=15, color=COLOURS[1], label=f"MLE of the truth, {truth:.3f}")
    left.set(xlabel="(x1 + x2) / 2", ylabel="receiver", title=said(known[0]))
    left.title.set_fontsize(9)
    left.legend(frameon=False)
    right.plot(grid, values, color=COLOURS[0])
    right.plot(truth, best, "*", markersize=15, color=COLOURS[1])
    right.annotate(f"{truth:.3f}", (truth, best), xytext=(0, -20), textcoords="offset points", ha="center")
    right.set(xlabel="ideal point x", ylabel="log-likelihood", title="20,000 labels of truthful players")
    right.title.set_fontsize(9)
    picture = folder / "big-figure-6.png"
    figure.savefig(picture, dpi=150)
    nan = float("nan")
    rows = [
        Point("profiles", float(x[0, 0]), float(x[1, 0]), float(r), nan) for x, r in zip(design, found, strict=True)
    ]
    rows += [Point("log-likelihood", nan, nan, float(x), float(v)) for x, v in zip(grid, values, strict=True)]
    return [picture, write(folder / "big-figure-6.csv", rows), write(folder / "big-figure-6-bands.csv", known[:1])]
