"""The certificate of a run of the dynamics: an equilibrium, quiet, reached by best responses in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, whole
from bigopt.concepts import Certificate, Check, Deadline, Request
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.response import best_responses, least_move, rounding
from bigopt.games.influencers.tolerances import QUIET, REGRET
from bigopt.games.influencers.verify import history
from bigopt.games.influencers.verify import nash as equilibrium


def verify(game: Influencers, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Prove the equilibrium as `nash` does, that it is quiet, and that the history is one of best responses.

    What counts as quiet is this file's to say: the run's own tolerance may be smaller, never larger. Without a
    trajectory nothing is claimed of how the end was reached: `updates` is None.
    """
    fields, certificate = equilibrium.verify(game, point, request)
    actions = np.asarray(fields["actions"])
    tolerance = min(float(request.options.get("tolerance", QUIET)), QUIET)
    quiet = Check(
        "quiet",
        _longest_wish(game, actions, request.deadline),
        least_move(game, tolerance) + rounding(game),
        "length",
        "the longest move that a player wants",
    )
    given = point.get("trajectory")
    if given is None:
        told = Check("history", 0.0, REGRET, "payoff range", "no trajectory was given", "skipped", claimed=False)
        fields = fields | {"updates": None, "trajectory": []}
    else:
        moves = history.read(game, given)
        updates = int(whole(point.get("updates", moves.updates[-1]), "updates", []))
        told = history.check(game, moves, updates, actions, request.deadline)
        if moves.thinned:
            told = replace(told, claimed=False)
        fields = fields | {"updates": updates, "trajectory": moves.entries()}
    return fields, Certificate((*certificate.checks, quiet, told), certificate.max_regret, certificate.tolerance)


def _longest_wish(game: Influencers, actions: Floats, deadline: Deadline) -> float:
    """Return the longest move (of a coordinate) that any player wants."""
    receiver, longest = game.receiver(actions), 0.0
    for part in deadline.pieces(game.players, "verifying that nobody moves"):
        best = best_responses(game, actions, part, receiver)
        longest = max(longest, float(np.abs(best - actions[part]).max()))
    return longest
