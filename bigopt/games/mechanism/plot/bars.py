"""Bars: the policy beside the initial one, revenue in two parts, what splits pay, noise beside its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.drawing.legend import legend_below
from bigopt.drawing.palette import DARK, LIGHT, THIRD
from bigopt.drawing.ticks import name_ticks
from bigopt.games.mechanism.exact.training import trainer
from bigopt.games.mechanism.game import Mechanism

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN = 25  # bars


def policy(axes: Axes, game: Mechanism, fields: Mapping[str, Any]) -> None:
    """Draw each outcome's probability before and after training, the likeliest first where there are many."""
    trained = np.asarray(fields["policy"]) if fields else trainer(game).train(game.rewards, game.sizes)
    order = np.arange(game.m) if game.m <= SHOWN else np.argsort(-np.maximum(trained, game.initial))[:SHOWN]
    place = np.arange(len(order))
    axes.bar(place - 0.2, game.initial[order], 0.4, color=LIGHT, label="initial")
    axes.bar(place + 0.2, trained[order], 0.4, color=DARK, label="trained")
    assert game.outcomes is not None
    name_ticks(axes, [game.outcomes[x] for x in order])
    axes.set_ylabel("probability")
    if game.m > SHOWN:
        axes.set_xlabel(f"the {SHOWN} likeliest of {game.m} outcomes")
    legend_below(axes, columns=3)


def revenue(axes: Axes, game: Mechanism, fields: Mapping[str, Any]) -> None:
    """Draw each group's affine payment, what can be charged on top, and what is left to it."""
    count = min(game.n, SHOWN)
    parts = [np.asarray(fields[key], dtype=float)[:count] for key in ("affine", "least_utility", "utilities")]
    labels = ("affine payment", "least utility, charged too", "left to the group")
    base = np.zeros(count)
    for part, label, colour in zip(parts, labels, (DARK, THIRD, LIGHT), strict=True):
        axes.bar(range(count), part, bottom=base, color=colour, label=label)
        base = base + part
    name_ticks(axes, game.names[:count])
    axes.set_ylabel("value of the trained policy, w rm $\\cdot$ p")
    legend_below(axes, columns=3)


def names(axes: Axes, game: Mechanism, fields: Mapping[str, Any]) -> None:
    """Draw what a group pays in all as one name, two, four, ..."""
    counts = [str(len(split)) for split in fields["parts"]]
    drawn = axes.bar(counts, fields["paid"], color=DARK)
    axes.bar_label(drawn, fmt="%.3g", padding=2)
    group = game.groups[int(fields["group"])]
    axes.set(xlabel=f"names of the group {group.name} (size {group.size})", ylabel="affine payments in all")
    axes.margins(y=0.12)


def noise(axes: Axes, game: Mechanism, fields: Mapping[str, Any]) -> None:
    """Draw measured losses, shifts and gains beside their bounds, on a logarithmic scale."""
    worst = int(np.argmax(fields["gains"]))
    rows = [
        ("welfare lost", fields["loss"], fields["sharper_loss_bound"], fields["loss_bound"]),
        ("policy's shift", fields["shift"], fields["shift_bound"], fields["shift_bound"]),
        ("largest gain", *(fields[k][worst] for k in ("gains", "sharper_gain_bounds", "gain_bounds"))),
    ]
    place = np.arange(len(rows))
    styles = (("measured", DARK), ("sharper bound", THIRD), ("bound of the paper", LIGHT))
    for k, (label, colour) in enumerate(styles):
        axes.bar(place + 0.27 * (k - 1), [max(float(row[k + 1]), 0.0) for row in rows], 0.27, color=colour, label=label)
    axes.set_yscale("log")
    axes.set_xticks(place, [row[0] for row in rows])
    legend_below(axes, columns=3)
