"""What each player shows of the items, with its target and the receiver: on a line, in the plane, or projected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.drawing.canvas import dots
from bigopt.drawing.labels import draw_names
from bigopt.drawing.palette import ACTION, LIGHT, RECEIVER, TARGET, colour
from bigopt.drawing.projection import view_of
from bigopt.drawing.ticks import short_name
from bigopt.games.subsets.game import Subsets

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Profile = tuple[tuple[int, ...], ...]
NAMED = 10  # players
NUMBERED = 16  # items
LETTERS = 0.9  # of names, in those around


def draw_places(axes: Axes, game: Subsets, choices: Profile | None) -> None:
    """Draw items, targets and, of a profile, what is shown and where the receiver ends."""
    (_line if game.dimension == 1 else _plane)(axes, game, choices)


def _line(axes: Axes, game: Subsets, choices: Profile | None) -> None:
    """Draw a number line: the items at the bottom, a row for each player, the receiver across."""
    items = game.items[:, 0]
    axes.plot(items, np.full(len(items), -1.0), "|", ms=14, color="0.4", label="items")
    for j in range(len(items)) if game.item_names and len(items) <= NUMBERED else ():
        place: dict[str, Any] = {"xytext": (0, 9), "textcoords": "offset points", "rotation": 40, "fontsize": "small"}
        axes.annotate(short_name(game.item(j)), (items[j], -1.0), color="0.4", **place)
    for i in range(game.players):
        shade: dict[str, Any] = {"color": colour(i)}
        axes.axhline(i, color="0.9", lw=0.8, zorder=0)
        axes.plot(game.targets[i, 0], i, TARGET, ms=9, mfc="white", label="target" if i == 0 else None, **shade)
        if choices is not None:
            shown, counts = np.unique(items[list(choices[i])], return_counts=True)
            label = "items shown" if i == 0 else None
            axes.scatter(shown, np.full(len(shown), i), marker=ACTION, s=30 * counts, label=label, **shade)
    if choices is not None:
        receiver = float(game.receiver(choices)[0])
        axes.axvline(receiver, color="black", ls="--", lw=1)
        axes.plot(receiver, -1, RECEIVER, ms=14, color="black", label="receiver")
    axes.set_yticks(range(-1, game.players), ["items", *(f"player {i}" for i in range(game.players))])
    axes.set(xlabel="coordinate", ylim=(game.players - 0.5, -1.5))
    axes.margins(x=0.1)


def _plane(axes: Axes, game: Subsets, choices: Profile | None) -> None:
    """Draw the plane, rings around the items that are shown: a player's own ring at each."""
    view = view_of(np.vstack([game.items, game.targets]))
    dots(axes, view(game.items), s=14, color=LIGHT, edgecolors="0.5", linewidths=0.5, label="items", zorder=1)
    ring = np.zeros(len(game.items))
    for i in range(game.players):
        label = f"player {i}: target" if game.players <= NAMED else None
        target = view(game.targets[i])[0]
        axes.plot(*target, TARGET, ms=9, mfc="white", mec=colour(i), ls="none", label=label, zorder=4)
        if choices is not None:
            own = np.unique(choices[i])
            ring[own] += 1
            label = "items shown" if game.players <= NAMED else None
            dots(
                axes, view(game.items[own]), marker=ACTION, s=40.0 * ring[own] ** 2, facecolors="none", zorder=2,
                edgecolors=colour(i), linewidths=1.5, label=label if i == 0 else None,
            )  # fmt: skip
    if choices is not None:
        spot = view(game.receiver(choices))[0]
        axes.plot(*spot, RECEIVER, ms=14, color="black", ls="none", label="receiver", zorder=5)
    axes.set(xlabel=view.labels[0], ylabel=view.labels[1])
    axes.margins(0.1)
    if len(game.items) <= NUMBERED:
        spots, others = view(game.items), view(game.targets)
        others = others if choices is None else np.vstack([others, view(game.receiver(choices))])
        named = [(at, at - spots.mean(axis=0), "0.4", short_name(game.item(j))) for j, at in enumerate(spots)]
        draw_names(axes, named, others, [], near=0.0, size=LETTERS)
