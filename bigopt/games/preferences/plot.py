"""Pictures of labelling games: a line, the plane, or a projection of more coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.solution import Solution
from bigopt.drawing.canvas import Canvas, dots, figure_of, panels
from bigopt.drawing.legend import legend_below
from bigopt.drawing.palette import ACTION, RECEIVER, SHADE, colour
from bigopt.drawing.paper import sized
from bigopt.drawing.projection import view_of
from bigopt.drawing.ticks import whole_ticks
from bigopt.errors import UsageError
from bigopt.games.preferences.game import Preferences

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@sized
def plot(game: Preferences, solution: Solution | None, canvas: Canvas = None) -> Figure:
    """Draw the fake points and the receiver of a solution, its moves, or the log-likelihood along each coordinate.

    Without a solution the targets are drawn.
    """
    axes = panels(canvas, (6.4, 4.8))[0, 0]
    concept = "" if solution is None or not solution.fields else solution.concept
    if solution is not None and solution.fields.get("surface") is not None:
        _draw_surface(axes, game, solution)
    elif solution is not None and concept == "receiver":
        _draw_curves(axes, game, solution)
    elif solution is not None and concept == "dynamics" and game.dimension == 1:
        _draw_moves(axes, game, solution)
    else:
        fields = solution.fields if solution is not None else {}
        (_draw_line if game.dimension == 1 else _draw_plane)(axes, game, fields)
    axes.set_title(f"{concept} of {game.name}" if concept else game.name)
    return figure_of(axes)


def _colors(game: Preferences) -> list[str]:
    return [colour(i) for i in range(game.players)]


def _draw_line(axes: Axes, game: Preferences, fields: Mapping[str, Any]) -> None:
    """One row a player: where it stands, and as from where it labels."""
    (low,), (high,) = game.action_set.bounds
    rows, colors = np.arange(game.players), _colors(game)
    axes.axvspan(float(low), float(high), color=SHADE, label="action set")
    axes.scatter(game.targets[:, 0], rows, s=60, facecolors="white", edgecolors=colors, zorder=3, label="target")
    if "receiver" in fields:
        axes.axvline(float(fields["receiver"][0]), color="black", linestyle="--", label="receiver")
    if "actions" in fields:
        actions = np.asarray(fields["actions"])[:, 0]
        axes.hlines(rows, game.targets[:, 0], actions, color=colors, linewidth=1)
        axes.scatter(actions, rows, s=40, c=colors, marker=ACTION, zorder=4, label="fake point")
    axes.set(xlabel="ideal point", ylabel="labeller", ylim=(game.players - 0.5, -0.5))
    whole_ticks(axes, "y")
    legend_below(axes, columns=4)


def _draw_plane(axes: Axes, game: Preferences, fields: Mapping[str, Any]) -> None:
    """Draw the plane, or a projection of more coordinates: an arrow from each target to the fake point."""
    colors = _colors(game)
    actions = np.asarray(fields["actions"], dtype=float) if "actions" in fields else None
    view = view_of(game.targets if actions is None else np.vstack([game.targets, actions]))
    outline = view.outline(game.action_set.argmax)
    label = "action set" if game.dimension == 2 else "action set, projected"
    axes.fill(*outline.T, facecolor=SHADE, edgecolor="0.3", label=label)
    targets = view(game.targets)
    dots(axes, targets, s=60, facecolors="white", edgecolors=colors, zorder=3, label="target")
    if actions is not None:
        for i, (target, action) in enumerate(zip(targets, view(actions), strict=True)):
            arrow = {"arrowstyle": "->", "color": colors[i], "linewidth": 1.2}
            axes.annotate("", tuple(action), tuple(target), arrowprops=arrow)
        dots(axes, view(actions), s=40, c=colors, marker=ACTION, zorder=4, label="fake point")
    if "receiver" in fields:
        spot = view(np.asarray(fields["receiver"]))[0]
        axes.plot(*spot, RECEIVER, color="black", ms=13, zorder=5, ls="none", label="receiver")
    axes.set(xlabel=view.labels[0], ylabel=view.labels[1], aspect="equal")
    legend_below(axes, columns=4)


def _draw_moves(axes: Axes, game: Preferences, solution: Solution) -> None:
    """Fake points and the receiver over the iterations."""
    entries = solution.trajectory
    actions = np.array([entry["actions"] for entry in entries])[:, :, 0]
    receivers = np.array([entry["receiver"] for entry in entries])[:, 0]
    for i, color in enumerate(_colors(game)):
        axes.plot(actions[:, i], "s-", color=color, label=f"fake point of {i}" if game.players <= 5 else "")
        axes.axhline(float(game.targets[i, 0]), color=color, linestyle="--", linewidth=1)
    axes.plot(receivers, "k*-", markersize=10, label="receiver")
    axes.set(xlabel="iteration", ylabel="ideal point (targets dashed)")
    whole_ticks(axes)
    legend_below(axes, columns=3)


def _draw_curves(axes: Axes, game: Preferences, solution: Solution) -> None:
    """The log-likelihood below its maximum along each coordinate through the estimate."""
    curve = solution.curve
    if curve is None:
        raise UsageError("plot: this solution has no curve: solve with --option points=41")
    for k in range(game.dimension):
        places: Floats = np.asarray(curve["offsets"])[k] + float(solution.receiver[k])
        fall = np.asarray(curve["log_likelihood"])[k] - float(solution.log_likelihood)
        axes.plot(places, fall, color=colour(k), label=f"coordinate {k}")
        axes.axvline(float(solution.receiver[k]), color=colour(k), linestyle=":", linewidth=1)
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
    axes.scatter(x, y, s=60, facecolors="white", edgecolors=colour(1), zorder=3, label="target")
    if solution.sd is not None:
        (there, above), (wide, high) = solution.receiver.tolist(), np.asarray(solution.sd).tolist()
        label = "receiver, sandwich standard errors"
        axes.errorbar(there, above, high, wide, fmt="k*", markersize=12, capsize=4, zorder=4, label=label)
    axes.set(xlabel="coordinate 0", ylabel="coordinate 1")
    legend_below(axes, columns=2)
