"""Pictures: policies, payments against size, utilities against misreports, type graphs, noise against its bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bigopt.concepts.solution import Solution
from bigopt.drawing.canvas import Canvas, figure_of, panels
from bigopt.drawing.paper import sized
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.plot import bars, curves, graph

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DRAW: dict[str, Any] = {
    "train": bars.policy,
    "payments": curves.payments,
    "audit": curves.misreports,
    "cycles": graph.types,
    "revenue": bars.revenue,
    "false-names": bars.names,
    "noise": bars.noise,
}


@sized
def plot(game: Mechanism, solution: Solution | None, canvas: Canvas = None) -> Figure:
    """Draw a solution, by default the trained policy beside the initial one."""
    axes = panels(canvas, (7.5, 4.5))[0, 0]
    concept = solution.concept if solution is not None else "train"
    DRAW[concept](axes, game, dict(solution.fields) if solution is not None else {})
    axes.set_title(f"{game.name}: {concept}")
    return figure_of(axes)
