"""Pictures: the best-response graph of a small game, and the items with the receiver of a larger one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from bigopt.concepts.solution import Solution
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.graph import best_response_graph

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LARGEST_DRAWING = 400  # profiles


def plot(game: Subsets, solution: Solution | None) -> Figure:
    """Draw the best-response graph by potential where there are few profiles, else items, targets and receiver."""
    from matplotlib.figure import Figure  # slow to import, and only pictures need it

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    if game.profiles <= LARGEST_DRAWING:
        _graph(game, solution, axes)
    else:
        _plane(game, solution, axes)
    return figure


def _graph(game: Subsets, solution: Solution | None, axes: Any) -> None:
    graph = best_response_graph(game)
    sink = [node for node in graph if graph.out_degree(node) == 0]
    level = {value: rank for rank, value in enumerate(sorted({p for _, p in graph.nodes(data="potential")}))}
    seen: dict[float, int] = {}
    place = {}
    width = {v: sum(1 for _, p in graph.nodes(data="potential") if p == v) for v in level}
    for node, value in graph.nodes(data="potential"):
        seen[value] = seen.get(value, -1) + 1
        place[node] = ((seen[value] + 0.5) / width[value] + 0.03 * (level[value] % 3 - 1), value)
    colours = ["#c0392b" if node in set(sink) else "#9fb4c7" for node in graph]
    nx.draw_networkx_edges(
        graph, place, ax=axes, edge_color="#777777", alpha=0.35, width=0.6, arrowsize=6, node_size=40
    )
    nx.draw_networkx_nodes(graph, place, ax=axes, node_color=colours, node_size=40)
    steps = solution.fields.get("trajectory") if solution is not None else None
    if steps:
        route = [tuple(tuple(c) for c in step["choices"]) for step in steps]
        axes.plot(*zip(*(place[node] for node in route), strict=True), color="#1f4e79", lw=1.8, label="dynamics")
        axes.legend(loc="upper right")
    axes.tick_params(left=True, labelleft=True)
    axes.set(
        ylabel="potential", title=f"{game.name}: {graph.number_of_nodes()} profiles, {len(sink)} pure equilibria (red)"
    )


def _plane(game: Subsets, solution: Solution | None, axes: Any) -> None:
    flat = game.dimension == 1

    def spot(points: Any) -> tuple[Any, Any]:
        array = np.atleast_2d(np.asarray(points, dtype=float))
        return (array[:, 0], np.zeros(len(array))) if flat else (array[:, 0], array[:, 1])

    axes.scatter(*spot(game.items), s=12, color="#b0b8bf", label="items", zorder=1)
    choices = solution.fields.get("choices") if solution is not None else None
    for i in range(game.players):
        colour = f"C{i % 10}"
        label = f"player {i}" if game.players <= 10 else None
        axes.scatter(*spot(game.targets[i]), marker="*", s=120, color=colour, label=label, zorder=3)
        if choices is not None:
            axes.scatter(*spot(game.items[list(choices[i])]), s=40, facecolors="none", edgecolors=colour, zorder=2)
    if choices is not None:
        axes.scatter(*spot(game.receiver(choices)), marker="X", s=90, color="black", label="receiver", zorder=4)
    if flat:
        axes.get_yaxis().set_visible(False)
    axes.set(xlabel="coordinate 0", ylabel="coordinate 1", title=f"{game.name} (circles: items shown, stars: targets)")
    axes.legend(loc="best", fontsize=8)
