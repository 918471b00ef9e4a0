"""Figure 8: best responses to drawn labels end at an equilibrium of exaggeration in iteration 3."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from bigopt.concepts.concept import silent
from bigopt.drawing.palette import COLOURS
from bigopt.reproduce.data import write
from bigopt.reproduce.labelling import BISECTIONS, PRINTED, bands, game, run


@dataclass(frozen=True)
class Iteration:
    """The profile and the receiver after an iteration."""

    iteration: int
    x_1: float
    x_2: float
    receiver: float


def draw(folder: Path, progress: Callable[..., None] = silent, seed: int = 0) -> list[Path]:
    """Draw the figure, and write the iterations and all numbers beside the printed ones."""
    played, known = game(seed), bands(seed, progress)
    profiles, receivers = run(seed, BISECTIONS)
    figure = Figure(figsize=(7.4, 5.0), layout="constrained")
    axes = figure.subplots()
    for player in (0, 1):
        target = float(played.targets[player, 0])
        name = f"player {player + 1}"
        axes.plot(profiles[:, player], "s-", color=COLOURS[player], label=f"fake point of {name}")
        axes.axhline(target, color=COLOURS[player], linestyle="--", linewidth=1, label=f"target of {name}, {target:g}")
    axes.plot(receivers, "k*-", markersize=11, label="receiver")
    of_receiver = [known[0], *known[2:]]
    low = [band.mean - band.least for band in of_receiver]
    high = [band.most - band.mean for band in of_receiver]
    means = [band.mean for band in of_receiver]
    style = {"fmt": "_", "color": "0.45", "capsize": 5, "markersize": 12}
    places = [k + 0.06 for k in range(4)]
    axes.errorbar(places, means, yerr=[low, high], label=f"receiver over {known[0].seeds} seeds: mean, range", **style)  # type: ignore[arg-type]
    axes.plot(range(4), [PRINTED[0], *PRINTED[2:]], "rx", markersize=9, label="receiver in the paper")
    axes.plot(1, PRINTED[1], "rx", markersize=9)
    axes.set(xlabel="iteration", ylabel="ideal point", xticks=range(4))
    axes.set_title("players 1, 2 and 1 move in turn; red crosses: the paper's numbers", fontsize=10)
    axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    picture = folder / "big-figure-8.png"
    figure.savefig(picture, dpi=150)
    rows = [
        Iteration(k, float(x[0]), float(x[1]), float(r))
        for k, (x, r) in enumerate(zip(profiles, receivers, strict=True))
    ]
    return [picture, write(folder / "big-figure-8.csv", rows), write(folder / "big-figure-8-bands.csv", known)]
