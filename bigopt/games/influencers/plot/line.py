"""Influencers on a line: a row for each player."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.drawing.palette import ACTION
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.plot import marks
from bigopt.games.influencers.plot.regions import equilibrium_ranges
from bigopt.games.influencers.plot.shown import Shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_line(axes: Axes, game: Influencers, what: Shown) -> None:
    """One row a player: its target, its action, and the actions of other equilibria."""
    (low,), (high,) = game.action_set.bounds
    rows, few = np.arange(game.players), game.players <= marks.LABELLED
    actions, receiver = what.actions[:, 0], float(what.receiver[0])
    if high > low:
        axes.axvspan(low, high, color="0.92", label=f"action set [{low + 0.0:g}, {high:g}]")
    else:
        axes.axvline(low, color="0.8", linewidth=9, label=f"action set, only {low + 0.0:g}")
    axes.axvline(receiver, color="black", linestyle="--", linewidth=1.5, label=f"receiver {receiver:.4g}")
    ranges = what.ranges if what.ranges is not None else equilibrium_ranges(game) if what.several else None
    if ranges is not None:
        several = np.ptp(ranges[:, 0], axis=1) > marks.FLAT * marks.size_of(game)
        label = "actions of all equilibria" if several.any() else ""
        style: dict[str, Any] = {"color": "0.6", "linewidth": 6, "alpha": 0.7, "label": label}
        axes.hlines(rows[several], *ranges[several, 0].T, **style)
    colors, size = marks.colours(game), marks.marker(game)
    axes.hlines(rows, game.targets[:, 0], actions, color=colors, linewidth=1 if few else 0.4)
    axes.scatter(game.targets[:, 0], rows, s=size, facecolors="white", edgecolors=colors, zorder=3, label="target")
    marks.draw_extra(axes, what, colors, lambda points: (points[:, 0], rows))
    axes.scatter(actions, rows, s=0.6 * size, c=colors, marker=ACTION, zorder=4, label=what.action)
    if marks.has_background(game):
        label = marks.background_label(game)
        axes.plot(float(game.background_point[0]), -0.5, "P", ms=9, color="0.35", clip_on=False, ls="none", label=label)
    axes.set(xlabel="coordinate", ylabel="player", ylim=(game.players - 0.5, -0.5))
    if few:
        axes.set_yticks(rows)
