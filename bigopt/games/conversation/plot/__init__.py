"""Conversations drawn: partitions and beliefs round by round, curves over lambda, and what each answer is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bigopt.concepts.solution import Solution
from bigopt.drawing.alignment import draw_alignment
from bigopt.drawing.canvas import Canvas, blank, figure_of, panels
from bigopt.drawing.paper import sized
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.plot.bars import DRAWN, draw_actions, draw_bars, draw_outcomes
from bigopt.games.conversation.plot.curves import draw_curves
from bigopt.games.conversation.plot.talk import draw_talk

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZE = (7.6, 4.4)


@sized
def plot(game: Conversation, solution: Solution | None, canvas: Canvas = None) -> Figure:
    """Draw what a solution says, by default the straightforward conversation."""
    concept = solution.concept if solution is not None and solution.fields else "agreement"
    if solution is None or concept == "agreement":
        return figure_of(draw_talk(blank(canvas, (11, 6.4)), game, solution))
    if concept == "alignment":
        title = f"{game.name}: alignment"
        return draw_alignment(canvas, title, game.outcome_utilities(), game.bob_names, solution.fields)
    axes = panels(canvas, SIZE)[0, 0]
    if concept in DRAWN:
        draw_bars(axes, game, concept, solution.fields)
    elif concept == "first-best":
        draw_actions(axes, game, solution.fields)
    elif concept == "selection":
        draw_outcomes(axes, game, solution.fields)
    else:
        draw_curves(axes, game, solution)
    return figure_of(axes)
