"""The best-response graph of a small game, by potential: pure equilibria are its sinks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bigopt.drawing.legend import legend_below
from bigopt.drawing.palette import DARK, LIGHT, RECEIVER, THIRD
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.graph import best_response_graph

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LARGEST = 400  # profiles


def draw_graph(axes: Axes, game: Subsets, steps: Sequence[Mapping[str, Any]] | None, choices: Any = None) -> None:
    """Draw every profile at its potential, with the best responses between them.

    `steps` are a trajectory's, `choices` the profile of a solution: a star.
    """
    import networkx as nx  # slow to import, and only pictures need it

    graph = best_response_graph(game)
    sinks = {node for node in graph if graph.out_degree(node) == 0}
    place = _places(graph)
    look: dict[str, Any] = {"edge_color": "0.45", "alpha": 0.35, "width": 0.6, "arrowsize": 6, "node_size": 40}
    nx.draw_networkx_edges(graph, place, ax=axes, **look)
    shades = [DARK if node in sinks else LIGHT for node in graph]
    nx.draw_networkx_nodes(graph, place, ax=axes, node_color=shades, node_size=40)
    if steps:
        route = [place[_node(step["choices"])] for step in steps]
        axes.plot(*zip(*route, strict=True), color=THIRD, lw=1.8, label="dynamics")
    if choices is not None:
        spot = place[_node(choices)]
        axes.plot(*spot, RECEIVER, color="black", ms=14, mec="white", ls="none", label="the solution")
        legend_below(axes, columns=2)
    axes.tick_params(left=True, labelleft=True)
    plural = "equilibrium" if len(sinks) == 1 else "equilibria"
    title = f"{game.name}: {graph.number_of_nodes()} profiles, {len(sinks)} pure {plural} (dark)"
    axes.set(ylabel="potential", title=title)


def _node(choices: Any) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(sorted(int(j) for j in choice)) for choice in choices)


def _places(graph: Any) -> dict[Any, tuple[float, float]]:
    """Return where profiles stand: those of one potential spread in a row, rows shifted a little against each other."""
    rows: dict[float, list[Any]] = {}
    for node, value in graph.nodes(data="potential"):
        rows.setdefault(value, []).append(node)
    places = {}
    for rank, value in enumerate(sorted(rows)):
        for at, node in enumerate(rows[value]):
            places[node] = ((at + 0.5) / len(rows[value]) + 0.03 * (rank % 3 - 1), value)
    return places
