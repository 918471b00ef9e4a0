"""Pictures: the best-response graph of a small game, what is shown to the receiver, and mixtures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bigopt.concepts.solution import Solution
from bigopt.drawing.canvas import Canvas, figure_of, panels
from bigopt.drawing.legend import legend_beside
from bigopt.drawing.paper import sized
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.plot.losses import draw_losses
from bigopt.games.subsets.plot.mixtures import draw_mixtures
from bigopt.games.subsets.plot.network import LARGEST, draw_graph
from bigopt.games.subsets.plot.places import Profile, draw_places

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZE = (8.0, 5.0)
PANEL = (4.6, 4.6)
ENDS = ("best", "worst", "optimum")


@sized
def plot(game: Subsets, solution: Solution | None, canvas: Canvas = None) -> Figure:
    """Draw what a solution says; without one, or with an equilibrium, the best-response graph where it is small."""
    concept = "" if solution is None else solution.concept
    fields = {} if solution is None else solution.fields
    if concept == "extremes" and "best" in fields:
        titles = [f"{game.name}: {name}, total loss {float(fields[name + '_total']):.4g}" for name in ENDS]
        return _places(game, canvas, [tuple(map(tuple, fields[name])) for name in ENDS], titles)
    if concept == "best-response" and "action" in fields:
        player = int(fields["player"])
        choices = [tuple(fields["action"]) if i == player else tuple(c) for i, c in enumerate(fields["choices"])]
        return _places(game, canvas, [tuple(choices)], [f"{game.name}: best response of player {player}"])
    small = game.profiles <= LARGEST
    if not small and "choices" in fields:
        return _places(game, canvas, [tuple(map(tuple, fields["choices"]))], [f"{game.name}: {concept}"])
    if not small and solution is None:
        return _places(game, canvas, [None], [game.name])
    axes = panels(canvas, SIZE)[0, 0]
    if concept == "mixed":
        draw_mixtures(axes, game, fields)
    elif concept == "all-nash" and not small:
        draw_losses(axes, game, fields)
    else:
        draw_graph(axes, game, fields.get("trajectory"), fields.get("choices"))
    return figure_of(axes)


def _places(game: Subsets, canvas: Canvas, profiles: list[Profile | None], titles: list[str]) -> Figure:
    """Draw profiles side by side."""
    grid = panels(canvas, (PANEL[0] * len(profiles) + 1.6, PANEL[1]), columns=len(profiles))[0]
    for axes, profile, title in zip(grid, profiles, titles, strict=True):
        draw_places(axes, game, profile)
        axes.set_title(title)
    legend_beside(grid[-1])
    return figure_of(grid[0])
