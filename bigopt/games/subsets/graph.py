"""The best-response graph: profiles, and an arrow for every best response that gains."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from bigopt.errors import UsageError
from bigopt.games.subsets.exact.combos import every, written
from bigopt.games.subsets.game import Profile, Subsets

if TYPE_CHECKING:
    import networkx as nx

LARGEST_GRAPH = 20_000  # profiles


def actions(game: Subsets) -> list[list[tuple[int, ...]]]:
    """Return every player's actions."""
    items = np.arange(len(game.items))
    rows = (every(items, int(k), game.repeats) for k in game.sizes)
    return [[tuple(row) for row in listed.tolist()] for listed in rows]


def refuse_many(game: Subsets, most: int, what: str) -> None:
    """Raise `UsageError` for more profiles than `what` holds, before any memory is taken."""
    if game.profiles > most:
        raise UsageError(f"{written(game.profiles)} profiles, more than the {most} of {what}: use a smaller game")


def best_response_graph(game: Subsets) -> nx.DiGraph:
    """Return the graph whose nodes are profiles, with attributes loss and potential; its sinks are the pure equilibria.

    Raises
    ------
    UsageError
        For more than `LARGEST_GRAPH` profiles, with their number, before any memory is taken.
    """
    import networkx as nx

    refuse_many(game, LARGEST_GRAPH, "a graph")
    choices = actions(game)
    graph = nx.DiGraph()
    for profile in product(*choices):
        graph.add_node(profile, losses=tuple(game.exact.losses(profile)), potential=game.potential(profile))
    for profile in list(graph):
        for i, own in enumerate(choices):
            _add_arrows(graph, profile, i, own)
    return graph


def _add_arrows(graph: nx.DiGraph, profile: Profile, player: int, own: list[tuple[int, ...]]) -> None:
    rivals = [(*profile[:player], action, *profile[player + 1 :]) for action in own]
    least = min(graph.nodes[rival]["losses"][player] for rival in rivals)
    if graph.nodes[profile]["losses"][player] > least:
        for rival in rivals:
            if graph.nodes[rival]["losses"][player] == least:
                graph.add_edge(profile, rival, player=player)


def sinks(graph: nx.DiGraph) -> list[Profile]:
    """Return the profiles from which nobody moves: the pure equilibria."""
    return sorted(profile for profile in graph if graph.out_degree(profile) == 0)
