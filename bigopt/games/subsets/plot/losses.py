"""Everybody's losses in each pure equilibrium of a game whose graph is too large."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.drawing.legend import legend_beside
from bigopt.drawing.palette import colour, dash
from bigopt.drawing.ticks import whole_ticks
from bigopt.errors import UsageError
from bigopt.games.subsets.game import Subsets

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DRAWN = 500  # equilibria
NAMED = 12  # players


def draw_losses(axes: Axes, game: Subsets, fields: Mapping[str, Any]) -> None:
    """Draw a line for each player over the equilibria, that of least total loss first.

    Raises
    ------
    UsageError
        The profiles were only counted.
    """
    profiles = fields.get("profiles")
    if not profiles:
        raise UsageError(f"plot: {game.name} has no listed equilibria to draw: solve with --option profiles=list")
    losses = np.array([game.losses(profile) for profile in profiles])
    order = np.argsort(losses.sum(axis=1), kind="stable")[:DRAWN]
    for i in range(game.players):
        axes.plot(losses[order, i], ".", ls=dash(i), lw=0.6, color=colour(i), label=f"player {i}")
    more = f", {DRAWN} drawn" if len(profiles) > DRAWN else ""
    axes.set(xlabel="equilibrium, least total loss first", ylabel="loss")
    axes.set_title(f"{game.name}: {fields['count']} pure equilibria{more}")
    whole_ticks(axes)
    if game.players <= NAMED:
        legend_beside(axes)
