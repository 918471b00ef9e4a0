"""How near Alice is to the Bobs' hull (Definition 1 of Emergent Alignment): the weights, and what they leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.drawing.canvas import Canvas, figure_of, panels
from bigopt.drawing.legend import legend_below
from bigopt.drawing.palette import DARK, LIGHT, THIRD
from bigopt.drawing.ticks import name_ticks

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BARS = 25  # Bobs: of more, those with the largest weights
ROUNDING = 1e-12  # of Alice's range: a smaller epsilon is 0 on paper


def draw_alignment(
    canvas: Canvas,
    title: str,
    utilities: tuple[Floats, Floats],
    names: Sequence[str],
    fields: Mapping[str, Any],
    parts: Mapping[str, Any] | None = None,
    within: str = "within epsilon",
) -> Figure:
    """Draw the weights as bars, and the combination of the Bobs against Alice's utility with the band of epsilon.

    `utilities` are Alice's [N] and the Bobs' [k, N] of all outcomes; `fields` the solution's epsilon, weights and
    offset; `parts` names outcomes [index] that stand out, on which epsilon is measured where they are given;
    `within` says what the band is.
    """
    left, right = panels(canvas, (10.0, 4.4), columns=2)[0]
    weights, (alice, bobs) = np.asarray(fields["weights"], dtype=float), utilities
    order = np.argsort(-weights, kind="stable")[:BARS] if len(weights) > BARS else np.arange(len(weights))
    left.bar(range(len(order)), weights[order], color=DARK)
    name_ticks(left, [names[j] for j in order])
    left.set(ylabel="weight of the Bob")
    if len(weights) > BARS:
        left.set_xlabel(f"the {BARS} largest of {len(weights)} weights")
    mixed = weights @ bobs + float(fields["offset"])
    right.scatter(alice, mixed, s=16, color=DARK if not parts else LIGHT, label="outcome", zorder=2)
    for colour, (label, index) in zip((THIRD, DARK), (parts or {}).items(), strict=False):
        right.scatter(alice[index], mixed[index], s=22, color=colour, label=label, zorder=3)
    low, high, epsilon = float(alice.min()), float(alice.max()), float(fields["epsilon"])
    line, shown = np.array([low, high]), epsilon if epsilon > ROUNDING * (high - low) else 0.0
    right.plot(line, line, color="black", lw=0.9, label="Alice's own utility")
    right.fill_between(line, line - epsilon, line + epsilon, color="0.6", alpha=0.3, lw=0, label=within)
    right.set(
        xlabel="Alice's utility of the outcome",
        ylabel="weighted Bobs and offset",
        title=f"{within.split()[-1]} {shown:.4g}",
    )
    legend_below(right, columns=3)
    left.set_title(title)
    return figure_of(left)
