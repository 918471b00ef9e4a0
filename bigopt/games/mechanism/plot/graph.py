"""The type graph: arrows for few types, a table of colours for many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.types import lengths_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ARROWS = 4  # types beyond which arrows would hide each other
CYCLE, EDGE = "#c0392b", "0.55"


def types(axes: Axes, game: Mechanism, fields: Mapping[str, Any]) -> None:
    """Draw what truth is worth to each type against every report; the minimum mean cycle is red."""
    group = int(fields["group"])
    lengths = lengths_of(game, group)
    cycle = [int(t) for t in fields["cycle"]]
    draw = _arrows if len(lengths) <= ARROWS else _table
    draw(axes, game, lengths, set(zip(cycle, [*cycle[1:], cycle[0]], strict=True)))
    verdict = "implementable" if fields["implementable"] else f"smallest error {float(fields['epsilon_star']):.3g}"
    axes.set_xlabel(f"group {game.names[group]}: {verdict}, minimum mean cycle {float(fields['minimum_mean']):.3g}")


def _arrows(axes: Axes, game: Mechanism, lengths: Any, cycle: set[tuple[int, int]]) -> None:
    import networkx as nx  # slow to import, and only pictures need it

    assert game.types is not None
    count = len(lengths)
    links = nx.DiGraph((s, t) for s in range(count) for t in range(count) if s != t)
    place = nx.circular_layout(links)
    colours = [CYCLE if edge in cycle else EDGE for edge in links.edges]
    bend = "arc3,rad=0.13"
    names = {t: kind.name.replace(", ", "\n")[:20] for t, kind in enumerate(game.types)}
    nx.draw_networkx_nodes(links, place, ax=axes, node_size=2600, node_color="white", edgecolors="0.3")
    nx.draw_networkx_labels(links, place, names, ax=axes, font_size=8)
    nx.draw_networkx_edges(
        links, place, ax=axes, edge_color=colours, node_size=2600, connectionstyle=bend, width=1.3, arrowsize=13
    )
    texts = {(s, t): f"{lengths[s, t] + 0.0:.3g}" if abs(lengths[s, t]) > 1e-12 else "0" for s, t in links.edges}
    nx.draw_networkx_edge_labels(
        links, place, texts, ax=axes, font_size=7, connectionstyle=bend, rotate=False, label_pos=0.35
    )
    axes.margins(0.22)
    axes.set_xticks([])
    for side in axes.spines.values():
        side.set_visible(False)


def _table(axes: Axes, game: Mechanism, lengths: Any, cycle: set[tuple[int, int]]) -> None:
    size = float(np.abs(lengths).max()) or 1.0
    image = axes.imshow(lengths, cmap="RdBu", vmin=-size, vmax=size, interpolation="nearest")
    for s, t in cycle:
        axes.plot(t, s, "s", mfc="none", mec=CYCLE, ms=8)
    assert game.types is not None
    step = max(1, len(lengths) // 20)
    named = range(0, len(lengths), step)
    axes.set_yticks(named, [game.types[t].name[:20] for t in named], fontsize=8)
    axes.set_xticks(named, [str(t) for t in named], fontsize=8)
    axes.set_ylabel("report")
    axes.xaxis.set_label_position("bottom")
    axes.figure.colorbar(image, ax=axes, label="worth of the truth to the type (column)")
