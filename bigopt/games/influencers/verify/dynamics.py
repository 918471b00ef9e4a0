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
from bigopt.games.influencers.tolerances import QUIET, REGRET, STAKE
from bigopt.games.influencers.verify import history
from bigopt.games.influencers.verify import nash as equilibrium


def verify(game: Influencers, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Prove the equilibrium as `nash` does, that it is quiet, and that the history is one of best responses.

    What counts as quiet is this file's to say: the run's own tolerance may be smaller, never larger. Without a
    trajectory nothing is claimed of how the end was reached: `updates` is None.
    """
    fields, certificate = equilibrium.verify(game, point, request)
    actions = np.asarray(fields["actions"])
    tolerance = min(float(request.options["tolerance"]), QUIET)
    longest, gaps = _wishes(game, actions, request.deadline)
    limit = least_move(game, tolerance) + rounding(game)
    quiet = Check("quiet", longest, limit, "length", "the longest move that a player wants")
    note = "where a player wants to go nothing is left to gain, by convexity and support functions"
    replies = Check("replies", equilibrium.own_regret(game, gaps), STAKE, "what the action can change", note, "proved")
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
    return fields, Certificate(
        (*certificate.checks, quiet, replies, told), certificate.max_regret, certificate.tolerance
    )


def _wishes(game: Influencers, actions: Floats, deadline: Deadline) -> tuple[float, Floats]:
    """Return the longest move (of a coordinate) that any player wants, and what each could gain beyond it, (n,).

    The second proves the first: at a reply y with slope g of the own loss no other gains more than S(-g) + g.y.
    """
    receiver, longest, gaps = game.receiver(actions), 0.0, np.zeros(game.players)
    for part in deadline.pieces(game.players, "verifying that nobody moves"):
        best, weights = best_responses(game, actions, part, receiver), game.weights[part, None]
        move = best - actions[part]
        longest = max(longest, float(np.abs(move).max()))
        pulls = 2.0 * weights * (game.targets[part] - receiver - weights * move)  # -g
        gaps[part] = np.maximum(game.action_set.shortfall(pulls, best), 0.0)
    return longest, gaps
