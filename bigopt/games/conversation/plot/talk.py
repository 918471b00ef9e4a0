"""Straightforward conversation drawn: who can tell what apart round by round, and beliefs on their way."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.concepts.solution import Solution
from bigopt.drawing.legend import legend_beside
from bigopt.drawing.palette import COLOURS
from bigopt.drawing.ticks import name_ticks, short_name
from bigopt.errors import UsageError
from bigopt.games.conversation.exact.beliefs import Labels, sums
from bigopt.games.conversation.exact.talk import State, talk
from bigopt.games.conversation.game import Conversation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAIRS = 64  # more pairs of features are not drawn as nodes
LINES = 8  # belief trajectories in one picture
ROUNDS = 4  # graphs beside each other
LETTERS = 14  # of a feature's name


def draw_talk(figure: Any, game: Conversation, solution: Solution | None) -> Axes:
    """Draw a graph of partitions a round above the trajectories of beliefs; return one of the axes."""
    options = solution.solver.options if solution is not None and solution.concept == "agreement" else {}
    text = str(options.get("messages", "exact"))
    step = Fraction(text) if text != "exact" else None
    order = str(options.get("order", "sequential"))
    states = list(talk(game, grid=step, simultaneous=order == "simultaneous"))
    shown = [*states[: ROUNDS - 1], states[-1]] if len(states) > ROUNDS else states
    graphs, lines = figure.subfigures(2, 1, height_ratios=(1.1, 1))
    if int(game.possible.sum()) > PAIRS:
        raise UsageError(f"plot: {int(game.possible.sum())} possible pairs of features, at most {PAIRS} are drawn")
    panels = graphs.subplots(1, len(shown), squeeze=False)[0]
    for axes, state in zip(panels, shown, strict=True):
        turn = next(i for i, other in enumerate(states) if other is state)
        _partition(axes, game, state, f"after round {turn}" if turn else "before any message")
    graphs.suptitle(
        f"{game.name}: pairs that Alice (across), a Bob (up and down) cannot tell apart; colour: best action",
        fontsize="medium",
    )
    below: Axes = lines.subplots()
    _trajectories(below, game, states)
    return below


def _partition(axes: Any, game: Conversation, state: State, title: str) -> None:
    """Draw pairs as nodes; edges join those that Alice (in a row) or a Bob (in a column) takes for one another."""
    import networkx as nx

    graph = nx.Graph()
    pairs = [(int(a), int(b)) for a, b in np.argwhere(game.possible)]
    graph.add_nodes_from(pairs)
    edges: dict[str, list[Any]] = {"alice": [], "bobs": []}
    for who, labels in (("alice", state.alice), ("bobs", state.bobs)):
        groups: dict[int, list[tuple[int, int]]] = {}
        for pair in pairs:
            groups.setdefault(int(labels[pair]), []).append(pair)
        for group in groups.values():
            group.sort()  # along the row or the column: the other index is the same
            edges[who] += list(zip(group, group[1:], strict=False))
    places = {(a, b): (b, -a) for a, b in pairs}
    best = np.argmax(game.gains[0], axis=0)
    colours = [COLOURS[int(best[pair]) % len(COLOURS)] for pair in pairs]
    sizes = [60 + 500 * int(game.mass[pair]) / game.total for pair in pairs]
    nx.draw_networkx_edges(graph, places, edgelist=edges["alice"], ax=axes, width=3, edge_color="#888888")
    nx.draw_networkx_edges(
        graph, places, edgelist=edges["bobs"], ax=axes, width=1.6, style="dashed", edge_color="black"
    )
    nx.draw_networkx_nodes(graph, places, pairs, node_size=sizes, node_color=colours, edgecolors="black", ax=axes)
    axes.set(title=title, xlim=(-0.5, game.sizes[1] - 0.5), ylim=(0.5 - game.sizes[0], 0.5))
    name_ticks(axes, [_brief(name) for name in game.bob_features])
    axes.set_yticks([-a for a in range(game.sizes[0])], [_brief(name) for name in game.alice_features])
    axes.tick_params(left=True, bottom=True, labelleft=True, labelbottom=True, labelsize="small")
    axes.title.set_fontsize("medium")


def _trajectories(axes: Any, game: Conversation, states: Sequence[State]) -> None:
    """Draw the beliefs about the last action of the likeliest pairs: Alice solid, a Bob dashed, the truth a cross."""
    pairs = [(int(a), int(b)) for a, b in np.argwhere(game.possible)]
    pairs.sort(key=lambda pair: -int(game.mass[pair]))
    action = game.sizes[2] - 1
    hers = [_beliefs(game, state.alice, action) for state in states]
    his = [_beliefs(game, state.bobs, action) for state in states]
    rounds = np.arange(len(states))
    nudge = np.linspace(-0.04, 0.04, LINES)
    for i, (a, b) in enumerate(pairs[:LINES]):
        colour = COLOURS[i % len(COLOURS)]
        name = f"{_brief(game.alice_features[a])}, {_brief(game.bob_features[b])}"
        axes.plot(rounds + nudge[i], [v[a, b] for v in hers], "-o", ms=4, color=colour, label=name)
        axes.plot(rounds + nudge[i], [v[a, b] for v in his], "--s", ms=3, color=colour)
        true = float(game.gains[0][action, a, b] / game.mass[a, b]) * float(game.units[1][0])
        axes.plot(len(states) - 0.75, true, "x", color=colour, mew=1.8)
    axes.set(xlabel="round (cross: the truth)", ylabel=f"E[u] of {_brief(game.actions[action])}")
    axes.set_xticks(rounds)
    axes.set_title("beliefs of Alice (solid) and a Bob (dashed)", fontsize="medium")
    legend_beside(axes, title="$x_A$, $x_B$")


def _beliefs(game: Conversation, groups: Labels, action: int) -> Any:
    """Return the expected utility of an action of each pair's group [X_A, X_B]."""
    weight, total = sums(game, groups)
    values = np.asarray(total[action] / np.maximum(weight, 1), dtype=float) * float(game.units[1][0])
    return values[groups]


def _brief(name: str) -> str:
    return short_name(name, LETTERS)
