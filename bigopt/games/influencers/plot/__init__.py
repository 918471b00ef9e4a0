"""Pictures of influencer games in one and two dimensions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.solution import Solution
from bigopt.drawing.labels import draw_names
from bigopt.drawing.legend import legend_below
from bigopt.errors import UsageError
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.plot.landscape import draw_landscape, draw_slice
from bigopt.games.influencers.plot.regions import boundary, equilibrium_ranges, rectangles, regions
from bigopt.games.influencers.plot.shown import Shown, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MIXED = 20.0  # widths of the set that differ by more are drawn each in its own scale
COLORS = ("#0b5fa5", "#e08214", "#1b7837", "#a6559d", "#7f7f7f")  # dark, light, dark, middle, light in greyscale
LABELLED = 8  # players: more are drawn without names
MARKER = 70.0  # square points, of a target
FLAT = 1e-9  # of the set's size: shorter ranges are points


def plot(game: Influencers, solution: Solution | None) -> Figure:
    """Draw what a solution says, by default an equilibrium: actions, receiver, and the potential under best responses.

    Raises
    ------
    UsageError
        For more than two coordinates, and for a concept that has no picture.
    """
    from matplotlib.figure import Figure  # slow to import, and most commands draw nothing

    if game.dimension > 2:
        raise UsageError(f"plot: {game.name} has {game.dimension} coordinates, expected 1 or 2 for a picture")
    what = shown(game, solution)
    landscape = what.path is not None and size_of(game) > 0
    figure = Figure(figsize=(10.5 if landscape else 5.6, 4.8), layout="constrained")
    axes = figure.subplots(1, 2 if landscape else 1, squeeze=False)[0]
    draw_actions(axes[0], game, what)
    axes[0].set_title(what.title)
    if landscape:
        alone = game.players == 2 and game.dimension == 1
        (draw_landscape if alone else draw_slice)(axes[1], game, what)
    name_actions(axes[0], game, what)
    return figure


def draw_pair(games: list[Influencers], titles: list[str], path: Path) -> None:
    """Draw the actions of two games of the plane side by side."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.5, 5.4), layout="constrained")
    panels = list(zip(figure.subplots(1, 2), games, [shown(game, None) for game in games], strict=True))
    for (axes, game, what), text in zip(panels, titles, strict=True):
        draw_actions(axes, game, what)
        axes.set_title(text)
    for axes, game, what in panels:
        name_actions(axes, game, what)
    figure.savefig(path, dpi=150, bbox_inches="tight")


def draw_actions(axes: Axes, game: Influencers, what: Shown) -> None:
    """Draw who wants what and who plays what."""
    (_draw_line if game.dimension == 1 else _draw_plane)(axes, game, what)
    legend_below(axes, columns=3)


def color(player: int) -> str:
    """Return the player's colour."""
    return COLORS[player % len(COLORS)]


def size_of(game: Influencers) -> float:
    """Return the action set's largest width."""
    return float(np.ptp(np.array(game.action_set.bounds), axis=0).max())


def _colors(game: Influencers) -> list[str]:
    few = game.players <= LABELLED
    return [color(i) for i in range(game.players)] if few else [COLORS[0]] * game.players


def _marker(game: Influencers) -> float:
    """Return the size of a target's marker, smaller for crowds."""
    return float(np.clip(3000.0 / game.players, 3.0, MARKER))


def _draw_line(axes: Axes, game: Influencers, what: Shown) -> None:
    """One row a player: its target, its action, and the actions of other equilibria."""
    (low,), (high,) = game.action_set.bounds
    rows, few = np.arange(game.players), game.players <= LABELLED
    actions, receiver = what.actions[:, 0], float(what.receiver[0])
    if high > low:
        axes.axvspan(low, high, color="0.92", label=f"action set [{low + 0.0:g}, {high:g}]")
    else:
        axes.axvline(low, color="0.8", linewidth=9, label=f"action set, only {low + 0.0:g}")
    axes.axvline(receiver, color="black", linestyle="--", linewidth=1.5, label=f"receiver {receiver:.4g}")
    ranges = what.ranges if what.ranges is not None else equilibrium_ranges(game) if what.several else None
    if ranges is not None:
        several = np.ptp(ranges[:, 0], axis=1) > FLAT * size_of(game)
        label = "actions of all equilibria" if several.any() else ""
        style: dict[str, Any] = {"color": "0.6", "linewidth": 6, "alpha": 0.7, "label": label}
        axes.hlines(rows[several], *ranges[several, 0].T, **style)
    colors, size = _colors(game), _marker(game)
    axes.hlines(rows, game.targets[:, 0], actions, color=colors, linewidth=1 if few else 0.4)
    axes.scatter(game.targets[:, 0], rows, s=size, facecolors="white", edgecolors=colors, zorder=3, label="target")
    _draw_extra(axes, what, colors, lambda points: (points[:, 0], rows))
    axes.scatter(actions, rows, s=0.6 * size, c=colors, marker="s", zorder=4, label=what.action)
    axes.set(xlabel="coordinate", ylabel="player", ylim=(game.players - 0.5, -0.5))
    if few:
        axes.set_yticks(rows)


def _draw_extra(axes: Axes, what: Shown, colors: list[str], at: Callable[[Floats], Any]) -> None:
    """Draw where the player stood that responds, and misreports that pay."""
    if what.before is not None:
        hollow: dict[str, Any] = {"s": 45, "marker": "D", "facecolors": "none", "edgecolors": "0.4", "zorder": 4}
        x, y = at(what.before)
        axes.scatter(x, y, **hollow, label="action before")
    if what.reports is not None:
        x, y = at(what.reports)
        axes.scatter(x, y, s=50, marker="x", c=colors, zorder=5, label="misreport that pays")


def _draw_plane(axes: Axes, game: Influencers, what: Shown) -> None:
    """The plane: an arrow from each target to the action."""
    few = game.players <= LABELLED
    outline = boundary(game.action_set)
    if size_of(game) > 0:
        axes.fill(*outline.T, facecolor="0.93", edgecolor="0.3", linewidth=1.2, label="action set")
    else:
        spot: dict[str, Any] = {"s": 500.0, "facecolors": "0.88", "edgecolors": "0.3", "zorder": 1}
        axes.scatter(*outline[0], **spot, label="action set, one point")
    actions, colors, size = what.actions, _colors(game), _marker(game)
    if what.several:
        _draw_sets(axes, game, regions(game), colors)
    if what.ranges is not None:
        _draw_ranges(axes, what.ranges, FLAT * size_of(game), colors)
    for i in range(game.players if few else 0):
        arrow = {"arrowstyle": "->", "color": colors[i], "linewidth": 1.2}
        axes.annotate("", tuple(actions[i]), tuple(game.targets[i]), arrowprops=arrow)
    ring: dict[str, Any] = {"s": 1.8 * size, "facecolors": "white", "edgecolors": colors, "zorder": 4}
    if not few:  # clouds of targets: see through them, and keep the set's outline above
        ring |= {"facecolors": "none", "alpha": max(0.05, min(1.0, 500.0 / game.players))}
        axes.plot(*np.vstack([outline, outline[:1]]).T, color="black", linewidth=1.5, zorder=5)
    axes.scatter(game.targets[:, 0], game.targets[:, 1], **ring, label="target")
    _draw_extra(axes, what, colors, lambda points: points.T)
    axes.scatter(actions[:, 0], actions[:, 1], s=0.6 * size, c=colors, marker="s", zorder=5, label=what.action)
    axes.plot(*what.receiver, "k*", markersize=13, zorder=6, linestyle="none", label="receiver")
    axes.set_aspect("auto" if _mixed(game) else "equal")
    axes.margins(0.3 if few else 0.2)
    axes.set(xlabel="coordinate 0", ylabel="coordinate 1")


def _mixed(game: Influencers) -> bool:
    """Whether the coordinates are in such different units that equal scales would leave a line."""
    widths = np.subtract(*game.action_set.bounds[::-1])
    return bool(widths.min() > 0 and widths.max() > MIXED * widths.min())


def _draw_sets(axes: Axes, game: Influencers, outlines: Mapping[int, Floats], colors: list[str]) -> None:
    """Draw what each player may play in other equilibria: a thick segment, or a shaded region."""
    size = size_of(game) or 1.0
    label: str | None = "others as good" if game.loss == "inner-product" else "all equilibria"
    for i, points in outlines.items():
        arrows = points - points.mean(axis=0)
        along, across = np.linalg.svd(arrows, full_matrices=False)[2]
        if float(np.ptp(arrows @ along)) <= FLAT * size:
            continue
        if float(np.ptp(arrows @ across)) <= FLAT * size:
            ends = points[[int((arrows @ along).argmin()), int((arrows @ along).argmax())]]
            axes.plot(*ends.T, color=colors[i], linewidth=7, alpha=0.35, label=label)
        else:
            axes.fill(*points.T, color=colors[i], alpha=0.2, label=label)
        label = None


def _draw_ranges(axes: Axes, ranges: Floats, flat: float, colors: list[str]) -> None:
    """Draw the ranges of both coordinates as rectangles."""
    label: str | None = "ranges of the coordinates"
    for i in np.flatnonzero(np.ptp(ranges, axis=2).max(axis=1) > flat).tolist():
        corners = rectangles(ranges[[i]])[0]
        axes.plot(*np.vstack([corners, corners[:1]]).T, color=colors[i], linestyle=":", linewidth=1.6, label=label)
        label = None


def name_actions(axes: Axes, game: Influencers, what: Shown) -> None:
    """Name actions and targets in the plane, where there are few players; call it when the rest is drawn."""
    if game.dimension != 2 or game.players > LABELLED:
        return
    places = []
    for i, (action, target) in enumerate(zip(what.actions, game.targets, strict=True)):
        away = action - game.action_set.middle  # names of actions stand outside the set
        places.append((action, away, color(i), f"x_{{{i}}}"))
        places.append((target, target - action, color(i), f"t_{{{i}}}"))
    everything = np.vstack([what.actions, game.targets])
    outline = boundary(game.action_set)
    lines = [np.vstack([outline, outline[:1]]), *np.stack([game.targets, what.actions], axis=1)]
    others = [given[~np.isnan(given).any(axis=1)] for given in (what.before, what.reports) if given is not None]
    draw_names(
        axes, places, np.vstack([what.receiver[None], *others]), lines, 1e-6 * float(np.ptp(everything, axis=0).max())
    )
