"""Pictures of labelling games in one and two dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.solution import Solution
from bigopt.drawing.legend import legend_below
from bigopt.errors import UsageError
from bigopt.games.preferences.game import Preferences

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLORS = ("#0b5fa5", "#e08214", "#1b7837", "#a6559d", "#7f7f7f")  # dark, light, dark, middle, light in greyscale


def plot(game: Preferences, solution: Solution | None) -> Figure:
    """Draw the fake points and the receiver of a solution, its moves, or the log-likelihood along each coordinate.

    Raises
    ------
    UsageError
        For more than two coordinates, but for the log-likelihood; and without a solution.
    """
    from matplotlib.figure import Figure  # slow to import, and most commands draw nothing

    if solution is None or not solution.fields:
        raise UsageError(f"plot: {game.name} has no solution to draw: solve it first")
    figure = Figure(figsize=(6.4, 4.8), layout="constrained")
    axes = figure.subplots()
    if solution.concept == "receiver" and solution.fields.get("surface") is not None:
        _draw_surface(axes, game, solution)
    elif solution.concept == "receiver":
        _draw_curves(axes, game, solution)
    elif game.dimension > 2:
        raise UsageError(f"plot: {game.name} has {game.dimension} coordinates, expected 1 or 2 for a picture")
    elif solution.concept == "dynamics" and game.dimension == 1:
        _draw_moves(axes, game, solution)
    else:
        (_draw_line if game.dimension == 1 else _draw_plane)(axes, game, solution)
    axes.set_title(f"{solution.concept} of {game.name}", fontsize=10)
    return figure


def _colors(game: Preferences) -> list[str]:
    return [COLORS[i % len(COLORS)] for i in range(game.players)]


def _draw_line(axes: Axes, game: Preferences, solution: Solution) -> None:
    """One row a player: where it stands, and as from where it labels."""
    from matplotlib.ticker import MaxNLocator

    (low,), (high,) = game.action_set.bounds
    rows, colors = np.arange(game.players), _colors(game)
    axes.axvspan(float(low), float(high), color="0.93", label="action set")
    axes.axvline(float(solution.receiver[0]), color="black", linestyle="--", label="receiver")
    axes.hlines(rows, game.targets[:, 0], solution.actions[:, 0], color=colors, linewidth=1)
    axes.scatter(game.targets[:, 0], rows, s=60, facecolors="white", edgecolors=colors, zorder=3, label="target")
    axes.scatter(solution.actions[:, 0], rows, s=40, c=colors, marker="s", zorder=4, label="fake point")
    axes.set(xlabel="ideal point", ylabel="labeller", ylim=(game.players - 0.5, -0.5))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    legend_below(axes, columns=4)


def _draw_plane(axes: Axes, game: Preferences, solution: Solution) -> None:
    """The plane: an arrow from each target to the fake point."""
    colors = _colors(game)
    angles = np.linspace(0.0, 2.0 * np.pi, 361)
    outline = game.action_set.argmax(np.stack([np.cos(angles), np.sin(angles)], axis=1))
    axes.fill(*outline.T, facecolor="0.93", edgecolor="0.3", label="action set")
    for i, (target, action) in enumerate(zip(game.targets, solution.actions, strict=True)):
        arrow = {"arrowstyle": "->", "color": colors[i], "linewidth": 1.2}
        axes.annotate("", tuple(action), tuple(target), arrowprops=arrow)
    axes.scatter(
        game.targets[:, 0], game.targets[:, 1], s=60, facecolors="white", edgecolors=colors, zorder=3, label="target"
    )
    axes.scatter(
        solution.actions[:, 0], solution.actions[:, 1], s=40, c=colors, marker="s", zorder=4, label="fake point"
    )
    axes.plot(*solution.receiver, "k*", markersize=13, zorder=5, linestyle="none", label="receiver")
    axes.set(xlabel="coordinate 0", ylabel="coordinate 1", aspect="equal")
    legend_below(axes, columns=4)


def _draw_moves(axes: Axes, game: Preferences, solution: Solution) -> None:
    """Fake points and the receiver over the iterations."""
    from matplotlib.ticker import MaxNLocator

    entries = solution.trajectory
    actions = np.array([entry["actions"] for entry in entries])[:, :, 0]
    receivers = np.array([entry["receiver"] for entry in entries])[:, 0]
    for i, color in enumerate(_colors(game)):
        axes.plot(actions[:, i], "s-", color=color, label=f"fake point of {i}" if game.players <= 5 else "")
        axes.axhline(float(game.targets[i, 0]), color=color, linestyle="--", linewidth=1)
    axes.plot(receivers, "k*-", markersize=10, label="receiver")
    axes.set(xlabel="iteration", ylabel="ideal point (targets dashed)")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    legend_below(axes, columns=3)


def _draw_curves(axes: Axes, game: Preferences, solution: Solution) -> None:
    """The log-likelihood below its maximum along each coordinate through the estimate."""
    curve = solution.curve
    if curve is None:
        raise UsageError("plot: this solution has no curve: solve with --option points=41")
    for k in range(game.dimension):
        places: Floats = np.asarray(curve["offsets"])[k] + float(solution.receiver[k])
        fall = np.asarray(curve["log_likelihood"])[k] - float(solution.log_likelihood)
        axes.plot(places, fall, color=COLORS[k % len(COLORS)], label=f"coordinate {k}")
        axes.axvline(float(solution.receiver[k]), color=COLORS[k % len(COLORS)], linestyle=":", linewidth=1)
    axes.set(xlabel="ideal point", ylabel="log-likelihood below its maximum")
    legend_below(axes, columns=4)


def _draw_surface(axes: Axes, game: Preferences, solution: Solution) -> None:
    """The log-likelihood below its maximum over the plane, on its likelihood ratio's scale, with the targets."""
    offsets = np.asarray(solution.surface["offsets"])
    fall = float(solution.log_likelihood) - np.asarray(solution.surface["log_likelihood"])
    first, second = (offsets[k] + float(solution.receiver[k]) for k in (0, 1))
    levels = np.concatenate([[0.0], np.geomspace(0.5, max(1.0, float(fall.max())), 12)])
    shades = axes.contourf(first, second, fall.T, levels=levels, cmap="Blues_r")
    axes.figure.colorbar(shades, ax=axes, label="log-likelihood below its maximum")
    axes.contour(first, second, fall.T, levels=[3.0], colors="black", linewidths=0.9)  # 95 % of a right model
    inside = ((game.targets >= [first[0], second[0]]) & (game.targets <= [first[-1], second[-1]])).all(axis=1)
    x, y = game.targets[inside].T
    axes.scatter(x, y, s=60, facecolors="white", edgecolors=COLORS[1], zorder=3, label="target")
    if solution.sd is not None:
        (there, above), (wide, high) = solution.receiver.tolist(), np.asarray(solution.sd).tolist()
        label = "receiver, sandwich standard errors"
        axes.errorbar(there, above, high, wide, fmt="k*", markersize=12, capsize=4, zorder=4, label=label)
    axes.set(xlabel="coordinate 0", ylabel="coordinate 1")
    legend_below(axes, columns=2)
