"""Pictures of influencer games: a line, the plane, the triangle of a simplex, or a projection of more coordinates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bigopt.concepts.solution import Solution
from bigopt.drawing.canvas import Canvas, figure_of, panels
from bigopt.drawing.legend import legend_below
from bigopt.drawing.paper import sized
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.plot.landscape import draw_landscape, draw_slice
from bigopt.games.influencers.plot.line import draw_line
from bigopt.games.influencers.plot.marks import size_of
from bigopt.games.influencers.plot.plane import draw_plane, name_actions
from bigopt.games.influencers.plot.shown import Shown, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CROWD = 2000  # players times coordinates: the potential of more is not drawn


@sized
def plot(game: Influencers, solution: Solution | None, canvas: Canvas = None) -> Figure:
    """Draw what a solution says, by default an equilibrium: actions, receiver, and the potential under best responses.

    Raises
    ------
    UsageError
        For a concept that has no picture, and for one pair of axes where there are two panels.
    """
    what = shown(game, solution)
    landscape = what.path is not None and size_of(game) > 0 and game.players * game.dimension <= CROWD
    axes = panels(canvas, (10.5 if landscape else 5.6, 4.8), columns=2 if landscape else 1)[0]
    draw_actions(axes[0], game, what)
    axes[0].set_title(what.title)
    if landscape:
        alone = game.players == 2 and game.dimension == 1
        (draw_landscape if alone else draw_slice)(axes[1], game, what)
    name_actions(axes[0], game, what)
    return figure_of(axes[0])


def draw_pair(games: list[Influencers], titles: list[str], path: Path) -> None:
    """Draw the actions of two games of the plane side by side."""
    from matplotlib.figure import Figure  # slow to import, and most commands draw nothing

    figure = Figure(figsize=(10.5, 5.4), layout="constrained")
    drawn = list(zip(figure.subplots(1, 2), games, [shown(game, None) for game in games], strict=True))
    for (axes, game, what), text in zip(drawn, titles, strict=True):
        draw_actions(axes, game, what)
        axes.set_title(text)
    for axes, game, what in drawn:
        name_actions(axes, game, what)
    figure.savefig(path, dpi=150, bbox_inches="tight")


def draw_actions(axes: Axes, game: Influencers, what: Shown) -> None:
    """Draw who wants what and who plays what."""
    (draw_line if game.dimension == 1 else draw_plane)(axes, game, what)
    legend_below(axes, columns=3)
