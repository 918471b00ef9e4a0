"""What pictures of the line and of the plane share: colours, sizes, and marks beyond targets and actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.drawing.palette import START, colour
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.plot.shown import Shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LABELLED = 8  # players: more are drawn without names
MARKER = 70.0  # square points, of a target
FLAT = 1e-9  # of the set's size: shorter ranges are points


def size_of(game: Influencers) -> float:
    """Return the action set's largest width."""
    return float(np.ptp(np.array(game.action_set.bounds), axis=0).max())


def colours(game: Influencers) -> list[str]:
    """Return each player's colour, one for all in a crowd."""
    few = game.players <= LABELLED
    return [colour(i) for i in range(game.players)] if few else [colour(0)] * game.players


def marker(game: Influencers) -> float:
    """Return the size of a target's marker, smaller for crowds."""
    return float(np.clip(3000.0 / game.players, 3.0, MARKER))


def has_background(game: Influencers) -> bool:
    """Whether a background pulls the receiver."""
    return game.background_weight != 0


def background_label(game: Influencers) -> str:
    """Return the legend's text of the background's point x_0 and its weight w_0."""
    return f"background $x_0$, $w_0$ = {game.background_weight:.3g}"


def draw_extra(axes: Axes, what: Shown, colors: list[str], at: Callable[[Floats], Any]) -> None:
    """Draw where the player stood that responds, and misreports that pay."""
    if what.before is not None:
        hollow: dict[str, Any] = {"s": 45, "marker": START, "facecolors": "none", "edgecolors": "0.4", "zorder": 4}
        x, y = at(what.before)
        axes.scatter(x, y, **hollow, label="action before")
    if what.reports is not None:
        x, y = at(what.reports)
        axes.scatter(x, y, s=50, marker="x", c=colors, zorder=5, label="misreport that pays")
