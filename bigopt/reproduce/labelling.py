"""The labelling experiment of Wu et al., Section 6.2: one seed, the spread over seeds, and the numbers in print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.drawing.palette import COLOURS
from bigopt.files import library as stored
from bigopt.files.instance import load
from bigopt.games.preferences.exact.drawn import DrawnLabels
from bigopt.games.preferences.game import Preferences

INSTANCE = "preferences/section-6-2"
SEEDS = 100
BISECTIONS = 6
QUANTITIES = (
    "receiver, truthful",
    "best response of player 1",
    "receiver, iteration 1",
    "receiver, iteration 2",
    "receiver, iteration 3",
)
PRINTED = (0.103, -0.536, -0.101, 0.209, 0.024)  # of the paper, its one run


@dataclass(frozen=True)
class Band:
    """One number of the experiment: in print, of this seed, and over all seeds."""

    quantity: str
    printed: float
    ours: float
    mean: float
    sd: float
    least: float
    most: float
    seeds: int


def game(seed: int) -> Preferences:
    """Return the stored game with another seed."""
    found: Preferences = load(stored.instance(INSTANCE))
    return replace(found, seed=seed)


def run(seed: int, steps: int = 0) -> tuple[Floats, Floats]:
    """Return the profiles [4][2] and receivers [4] of three alternating moves from the truth: players 1, 2 and 1."""
    played = game(seed)
    rule = DrawnLabels(played, Deadline(), steps)
    actions = played.targets.copy()
    receiver = rule.receiver(actions)
    profiles, receivers = [actions[:, 0].copy()], [float(receiver[0])]
    for player in (0, 1, 0):
        actions[player], receiver = rule.improve(player, actions, receiver)
        profiles.append(actions[:, 0].copy())
        receivers.append(float(receiver[0]))
    return np.array(profiles), np.array(receivers)


def numbers(profiles: Floats, receivers: Floats) -> Floats:
    """Return the five quantities that the paper prints."""
    return np.array([receivers[0], profiles[1, 0], *receivers[1:]])


@lru_cache(maxsize=1)
def _over_seeds() -> Floats:
    return np.array([numbers(*run(seed)) for seed in range(SEEDS)])


def bands(seed: int, progress: Callable[..., None]) -> list[Band]:
    """Return every printed number beside this seed's and the spread of exact best responses over seeds."""
    progress(f"{SEEDS} seeds", None)
    ours, table = numbers(*run(seed, BISECTIONS)), _over_seeds()
    return [
        Band(
            name,
            printed,
            float(own),
            float(column.mean()),
            float(column.std()),
            float(column.min()),
            float(column.max()),
            SEEDS,
        )
        for name, printed, own, column in zip(QUANTITIES, PRINTED, ours, table.T, strict=True)
    ]


def said(band: Band) -> str:
    """Return a band in one line."""
    return f"paper {band.printed:g}, here {band.ours:.3f}, {band.seeds} seeds {band.mean:.3f} ± {band.sd:.3f}"


def draw_labels(
    axes: Axes, played: Preferences, player: int, point: float, shown: int = 500, zoom: float = 3.0
) -> None:
    """Draw a player's labels of pairs in the zoomed square, thinned, labelling as from `point`."""
    pairs = played.drawn.own(player)
    half = 0.5 * pairs.slopes[:, 0]  # y - y'; and y + y' = -a / (y - y')
    middle = -pairs.offsets / np.where(half == 0.0, np.inf, half)
    first, second = 0.5 * (middle + half), 0.5 * (middle - half)
    inside = np.flatnonzero((np.abs(first) <= zoom) & (np.abs(second) <= zoom))
    kept = np.sort(np.random.default_rng(played.seed).permutation(inside)[:shown])
    labels = pairs.labels(np.array([[point]]))[kept]
    for z, mark, colour in ((True, "o", COLOURS[0]), (False, "x", COLOURS[1])):
        where = kept[labels == z]
        text = "z = 1: y preferred" if z else "z = -1: y' preferred"
        axes.scatter(first[where], second[where], s=14, marker=mark, color=colour, linewidths=0.9, label=text)
    line = np.array([-zoom, zoom])
    axes.plot(line, line, color="0.4", linewidth=1.0)
    axes.plot(line, 2.0 * point - line, color="0.4", linewidth=1.0, linestyle="--", label="even chances")
    axes.set(xlim=(-zoom, zoom), ylim=(-zoom, zoom), xlabel="y", ylabel="y'", aspect="equal")
    axes.set_title(f"player {player + 1} labels as from {point:g}, wants {played.targets[player, 0]:g}", fontsize=10)


def label_rows(played: Preferences, points: tuple[float, float]) -> list[Label]:
    """Return the labels of both players."""
    rows = []
    for player, point in enumerate(points):
        pairs = played.drawn.own(player)
        labels = pairs.labels(np.array([[point]]))
        half = 0.5 * pairs.slopes[:, 0]
        middle = -pairs.offsets / np.where(half == 0.0, np.inf, half)
        for y, other, z in zip(0.5 * (middle + half), 0.5 * (middle - half), labels, strict=True):
            rows.append(Label(player, float(y), float(other), 1 if z else -1))
    return rows


@dataclass(frozen=True)
class Label:
    """One labelled pair."""

    player: int
    y: float
    y_prime: float
    z: int
