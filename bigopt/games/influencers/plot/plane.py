"""Influencers in the plane, or in more dimensions by a stated projection: an arrow from each target to its action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.action_sets import Simplex
from bigopt.arithmetic.arrays import Floats
from bigopt.drawing.canvas import dots
from bigopt.drawing.labels import draw_names
from bigopt.drawing.palette import ACTION, RECEIVER, SHADE, colour
from bigopt.drawing.projection import View, view_of
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.plot import marks
from bigopt.games.influencers.plot.regions import rectangles, regions
from bigopt.games.influencers.plot.shown import Shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MIXED = 20.0  # widths of the set that differ by more are drawn each in its own scale


@dataclass(frozen=True)
class Seen:
    """What stands where on paper: actions and targets [n][2], receiver and background [2], the set's outline [k][2]."""

    view: View
    actions: Floats
    targets: Floats
    receiver: Floats
    background: Floats
    outline: Floats


def seen(game: Influencers, what: Shown) -> Seen:
    """Return the game on paper."""
    view = view_for(game, what)
    spots = [view(points) for points in (what.actions, game.targets, what.receiver, game.background_point)]
    return Seen(view, spots[0], spots[1], spots[2][0], spots[3][0], view.outline(game.action_set.argmax))


def view_for(game: Influencers, what: Shown) -> View:
    """Return how the plane, the triangle of a simplex with three coordinates, or a principal plane is seen."""
    if triangular(game):
        basis = np.array([[-1.0, 1.0, 0.0], [-1.0, -1.0, 2.0]])
        return View(np.zeros(3), basis / np.linalg.norm(basis, axis=1)[:, None], ("", ""))
    return view_of(np.vstack([what.actions, game.targets, what.receiver[None]]))


def triangular(game: Influencers) -> bool:
    """Whether the action set is the triangle of three shares."""
    return isinstance(game.action_set, Simplex) and game.dimension == 3


def draw_plane(axes: Axes, game: Influencers, what: Shown) -> None:
    """Draw the action set, and an arrow from each target to its action."""
    spots, colors, few = seen(game, what), marks.colours(game), game.players <= marks.LABELLED
    _draw_set(axes, game, spots, few)
    if what.several:
        _draw_sets(axes, game, regions(game, spots.view), colors)
    if what.ranges is not None and game.dimension == 2:
        _draw_ranges(axes, what.ranges, marks.FLAT * marks.size_of(game), colors)
    for i in range(game.players if few else 0):
        arrow = {"arrowstyle": "->", "color": colors[i], "linewidth": 1.2}
        axes.annotate("", tuple(spots.actions[i]), tuple(spots.targets[i]), arrowprops=arrow)
    size = marks.marker(game)
    ring: dict[str, Any] = {"s": 1.8 * size, "facecolors": "white", "edgecolors": colors, "zorder": 4}
    if not few:  # clouds of targets: see through them
        ring |= {"facecolors": "none", "alpha": max(0.05, min(1.0, 500.0 / game.players))}
    dots(axes, spots.targets, **ring, label="target")
    marks.draw_extra(axes, what, colors, lambda points: spots.view(points).T)
    dots(axes, spots.actions, s=0.6 * size, c=colors, marker=ACTION, zorder=5, label=what.action)
    if marks.has_background(game):
        label = marks.background_label(game)
        axes.plot(*spots.background, "P", ms=9, color="0.35", zorder=5, ls="none", label=label)
    axes.plot(*spots.receiver, RECEIVER, color="black", ms=13, zorder=6, ls="none", label="receiver")
    axes.set_aspect("auto" if _mixed(game) else "equal")
    axes.margins(0.3 if few else 0.2)
    axes.set(xlabel=spots.view.labels[0], ylabel=spots.view.labels[1])


def _draw_set(axes: Axes, game: Influencers, spots: Seen, few: bool) -> None:
    """Draw the action set, above the targets of a crowd; a triangle's corners have names."""
    outline = spots.outline
    if marks.size_of(game) == 0:
        spot: dict[str, Any] = {"s": 500.0, "facecolors": "0.88", "edgecolors": "0.3", "zorder": 1}
        axes.scatter(*outline[0], **spot, label="action set, one point")
        return
    label = "action set" if game.dimension == 2 or triangular(game) else "action set, projected"
    axes.fill(*outline.T, facecolor=SHADE, edgecolor="0.3", linewidth=1.2, label=label)
    if not few:
        axes.plot(*np.vstack([outline, outline[:1]]).T, color="black", linewidth=1.5, zorder=5)
    if triangular(game):
        axes.set_axis_off()
        scale = float(game.action_set.bounds[1].max())
        for k, corner in enumerate(spots.view(scale * np.eye(3))):
            _name_corner(axes, corner, k == 2, f"only coordinate {k}")


def _name_corner(axes: Axes, corner: Floats, top: bool, text: str) -> None:
    """Write at a corner of the triangle: above the top one, below the others."""
    look: dict[str, Any] = {"ha": "center", "va": "bottom" if top else "top", "fontsize": "small", "color": "0.3"}
    axes.annotate(text, tuple(corner), xytext=(0, 4 if top else -4), textcoords="offset points", **look)


def _mixed(game: Influencers) -> bool:
    """Whether the coordinates are in such different units that equal scales would leave a line."""
    if game.dimension > 2:
        return False
    widths = np.subtract(*game.action_set.bounds[::-1])
    return bool(widths.min() > 0 and widths.max() > MIXED * widths.min())


def _draw_sets(axes: Axes, game: Influencers, outlines: Mapping[int, Floats], colors: list[str]) -> None:
    """Draw what each player may play in other equilibria: a thick segment, or a shaded region."""
    size = marks.size_of(game) or 1.0
    label: str | None = "others as good" if game.loss == "inner-product" else "all equilibria"
    for i, points in outlines.items():
        arrows = points - points.mean(axis=0)
        along, across = np.linalg.svd(arrows, full_matrices=False)[2]
        if float(np.ptp(arrows @ along)) <= marks.FLAT * size:
            continue
        if float(np.ptp(arrows @ across)) <= marks.FLAT * size:
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
    """Number actions and targets in the plane, where there are few players; call it when the rest is drawn."""
    if game.dimension == 1 or game.players > marks.LABELLED:
        return
    spots, places = seen(game, what), []
    middle = spots.view(game.action_set.middle)[0]
    for i, (action, target) in enumerate(zip(spots.actions, spots.targets, strict=True)):
        places.append((action, action - middle, colour(i), str(i)))  # numbers of actions stand outside the set
        places.append((target, target - action, colour(i), str(i)))
    lines = [np.vstack([spots.outline, spots.outline[:1]]), *np.stack([spots.targets, spots.actions], axis=1)]
    others = [
        spots.view(given[~np.isnan(given).any(axis=1)]) for given in (what.before, what.reports) if given is not None
    ]
    marked = np.vstack(
        [spots.receiver[None], *others, *([spots.background[None]] if marks.has_background(game) else [])]
    )
    near = 1e-6 * float(np.ptp(np.vstack([spots.actions, spots.targets]), axis=0).max())
    draw_names(axes, places, marked, lines, near)
