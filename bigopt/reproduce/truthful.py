"""Exaggeration against asking: what a player gains by moving away from its target, under two kinds of receivers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bigopt.arithmetic.arrays import Floats
from bigopt.drawing.palette import colour
from bigopt.files import library as stored
from bigopt.files.instance import load
from bigopt.games.influencers.exact.misreports import reachable
from bigopt.games.influencers.game import Influencers
from bigopt.reproduce.data import write

INSTANCE = "big/example-1-same-side"
STYLES = ("-", "--")


@dataclass(frozen=True)
class Point:
    """One point of a curve: the receiver averages actions, or asks for targets; `choice` is the action or report."""

    receiver: str
    player: int
    choice: float
    loss: float


def draw(folder: Path, progress: Callable[..., None]) -> list[Path]:
    """Draw both players' losses over what they do or say, the other being truthful; write the curves."""
    progress("solving and drawing", None)
    game = load(stored.instance(INSTANCE))
    figure = Figure(figsize=(10.5, 4.4), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    (low,), (high,) = game.action_set.bounds
    line = np.linspace(low, high, 601)
    curves = {"averaged": averaged(game, line), "asked": asked(game, line)}
    _curves(left, game, line, curves["averaged"])
    _curves(right, game, line, curves["asked"])
    left.set(title="The receiver takes weighted actions", xlabel="action", ylabel="own loss, the other truthful")
    right.set(title="The receiver asks, and plays the equilibrium", xlabel="reported target")
    right.legend(frameon=False)
    path = folder / "truthful.png"
    figure.savefig(path, dpi=150)
    rows = [
        Point(receiver, player, float(choice), float(loss))
        for receiver, losses in curves.items()
        for player, own in enumerate(losses)
        for choice, loss in zip(line, own, strict=True)
    ]
    return [path, write(folder / "truthful.csv", rows)]


def averaged(game: Influencers, line: Floats) -> Floats:
    """Return each player's loss over its own action, shape (n, len(line)): the receiver is eq. (1)."""
    truth = game.action_set.project(game.targets)
    rest = game.receiver(truth) - game.weights * truth[:, 0]
    receivers = rest[:, None] + game.weights[:, None] * line
    return np.asarray((receivers - game.targets) ** 2)


def asked(game: Influencers, line: Floats) -> Floats:
    """Return each player's loss over its report m, shape (n, len(line)): the receiver is median(L, m, U)."""
    low, high = reachable(game)
    return np.asarray((np.clip(line, low, high) - game.targets) ** 2)


def _curves(axes: Axes, game: Influencers, line: Floats, losses: Floats) -> None:
    """Draw each player's loss with its truth (ring) and its best choice nearest to the truth (square)."""
    for i, target in enumerate(game.targets[:, 0]):
        axes.plot(line, losses[i], STYLES[i % 2], color=colour(i), linewidth=2, label=f"player {i}, target {target:g}")
        truth = int(np.abs(line - target).argmin())
        good = np.flatnonzero(losses[i] <= losses[i].min() + 1e-12)
        best = int(good[np.abs(good - truth).argmin()])
        end = i == len(game.targets) - 1
        axes.scatter(
            line[truth], losses[i, truth], s=130, facecolors="white", edgecolors=colour(i), zorder=3,
            label="the truth" if end else "",
        )  # fmt: skip
        axes.scatter(
            line[best], losses[i, best], s=45, marker="s", color=colour(i), zorder=4,
            label="a best choice" if end else "",
        )  # fmt: skip
    axes.grid(alpha=0.3)
