"""Curves: payments against the size that is reported, utility against the misreport."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.concepts.deadline import Deadline
from bigopt.drawing.legend import legend_below
from bigopt.drawing.palette import colour
from bigopt.games.mechanism.exact.misreports import payment_rule, utilities
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import Seat, is_social

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_GROUPS = 8
MOST_SIZES = 60
POINTS = 61  # between the truth and the misreport


def payments(axes: Axes, game: Mechanism, fields: Mapping[str, Any]) -> None:
    """Draw each group's affine payment over the size that it reports; its own size is marked."""
    largest = game.max_size
    sizes = np.unique(np.linspace(0, largest, min(largest + 1, MOST_SIZES)).round())
    for i, group in enumerate(game.groups[:MOST_GROUPS]):
        seat = Seat(game, i)
        paid = seat.affine(seat.policies(sizes[:, None] * group.reward))
        (line,) = axes.plot(sizes, paid, "-", marker=".", color=colour(i), label=group.name)
        axes.plot(group.size, float(fields["payments"][i]), "o", ms=9, color=line.get_color())
        if "radius" in fields:
            radius = float(fields["radius"][i])
            axes.errorbar(group.size, float(fields["payments"][i]), radius, color=line.get_color(), capsize=5)
    more = f", the first {MOST_GROUPS} of {game.n} groups" if game.n > MOST_GROUPS else ""
    axes.set(xlabel=f"size that is reported{more}", ylabel="payment")
    axes.axhline(0.0, color="0.7", lw=0.8, zorder=0)
    legend_below(axes, columns=4)


def misreports(axes: Axes, game: Mechanism, fields: Mapping[str, Any]) -> None:
    """Draw the utility of the group that gains most, on the line from its truth through the audit's misreport."""
    group = int(np.argmax(fields["gains"]))
    report = fields["misreports"][group]
    far, size = np.asarray(report["reward"], dtype=float), float(report["size"])
    truth, own, seat = game.rewards[group], float(game.sizes[group]), Seat(game, group)
    if np.allclose(far, truth) and size == own:  # the truth is best: towards its favourite outcome
        far = np.eye(1, game.m, int(truth.argmax()))[0]
    shares = np.linspace(0.0, 1.0, POINTS if is_social(game) else 13)
    rewards = truth + shares[:, None] * (far - truth)
    if game.normalization == "max":
        rewards = rewards / rewards.max(axis=1, keepdims=True)
    sizes = own + shares * (size - own)
    rules = ("none", "affine", "checkpoints") if is_social(game) else ("none",)
    labels = {"none": "no payments", "affine": "affine payments", "checkpoints": "checkpoints (Section 6)"}
    for k, rule in enumerate(rules):
        found = utilities(seat, rewards, sizes, payment_rule(seat, rule), Deadline())
        (line,) = axes.plot(shares, found - found[0], color=colour(k), label=labels[rule])
        best = int(found.argmax())
        axes.plot(shares[best], found[best] - found[0], "o", color=line.get_color())
    axes.axhline(0.0, color="0.7", lw=0.8, zorder=0)
    axes.set(xlabel=f"share of the way from the truth of {game.names[group]} to the misreport", ylabel="utility gained")
    legend_below(axes, columns=4)
