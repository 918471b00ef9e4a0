"""Everybody's utility over the strength of Alice's quantal response."""

from __future__ import annotations

from typing import Any

import numpy as np

from bigopt.concepts.solution import Solution
from bigopt.drawing.legend import legend_beside
from bigopt.drawing.palette import COLOURS
from bigopt.games.conversation.exact.replies import played
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.rules import Rule
from bigopt.games.conversation.verify import quantal


def draw_curves(axes: Any, game: Conversation, solution: Solution) -> None:
    """Draw everybody's utility over lambda, with all straightforward and with the game's own profile."""
    strengths = np.logspace(-1, 3, 60)
    profiles = {"all straightforward": [Rule("straightforward")] * game.k, "all silent": [Rule("silent")] * game.k}
    if game.profile is not None:
        profiles = {"the profile": quantal.profile_of(game)} | profiles
    for style, (name, rules) in zip(("-", "--", ":"), profiles.items(), strict=False):
        values = np.array([played(game, rules, float(s), None).utilities for s in strengths])
        axes.semilogx(strengths, values[:, 0], style, color="black", lw=1.8, label=f"Alice, {name}")
        for j in range(min(game.k, len(COLOURS))):
            if not np.allclose(values[:, j + 1], values[:, 0]):
                axes.semilogx(
                    strengths, values[:, j + 1], style, color=COLOURS[j], lw=1.2, label=f"{game.bob_names[j]}, {name}"
                )
    opt = float(game.worth(0, game.gains[0].max(axis=0).sum()))
    axes.axhline(opt, color="green", ls="-.", lw=1, label="OPT")
    asked = solution.solver.options.get("lambda")
    if asked is not None:
        axes.axvline(float(asked), color="#999999", lw=0.8)
    axes.set(xlabel="lambda", ylabel="expected utility", title=f"{game.name}: quantal response")
    legend_beside(axes)
