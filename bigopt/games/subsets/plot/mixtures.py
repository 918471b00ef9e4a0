"""Extreme mixed equilibria of two players as a table of probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.drawing.ticks import name_ticks, short_name
from bigopt.games.subsets.game import Subsets

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROWS = 40  # equilibria
CELLS = 400  # of the table, beyond which probabilities are not written


def draw_mixtures(axes: Axes, game: Subsets, fields: Mapping[str, Any]) -> None:
    """Draw a row for each equilibrium, a column for each choice that player 0 mixes over, then that player 1 does."""
    rows = fields["equilibria"][:ROWS]
    used = [sorted({tuple(e["choice"]) for row in rows for e in row["strategies"][i]}) for i in (0, 1)]
    table = np.zeros((len(rows), len(used[0]) + len(used[1])))
    texts: dict[tuple[int, int], str] = {}
    for r, row in enumerate(rows):
        for i in (0, 1):
            for entry in row["strategies"][i]:
                column = i * len(used[0]) + used[i].index(tuple(entry["choice"]))
                table[r, column], texts[r, column] = float(Fraction(entry["probability"])), str(entry["probability"])
    image = axes.imshow(table, aspect="auto", cmap="Blues", vmin=0.0, vmax=1.0)
    axes.figure.colorbar(image, ax=axes, label="probability")
    for (r, column), text in texts.items() if table.size <= CELLS else ():
        shade = "white" if table[r, column] > 0.6 else "black"
        axes.text(column, r, text, ha="center", va="center", color=shade, fontsize="small")
    axes.axvline(len(used[0]) - 0.5, color="black", lw=1.5)
    name_ticks(
        axes, [f"{i}: {', '.join(short_name(game.item(j)) for j in choice)}" for i in (0, 1) for choice in used[i]]
    )
    name_ticks(axes, [f"{r}" for r in range(len(rows))], "y")
    more = f", {ROWS} of them drawn" if len(fields["equilibria"]) > ROWS else ""
    title = f"{game.name}: {fields['count']} extreme equilibria{more}, {fields['pure']} of them pure"
    axes.set(xlabel="player: items that it shows", ylabel="equilibrium", title=title)
