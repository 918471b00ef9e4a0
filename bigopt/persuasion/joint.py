"""Several senders at once: best-response dynamics on their schemes (Section 2 with one round and a silent Alice)."""

from __future__ import annotations

from typing import Any

import numpy as np

from bigopt.concepts import Answer, Request
from bigopt.numbers import Floats
from bigopt.persuasion import signals
from bigopt.persuasion.best_response import reply_to
from bigopt.persuasion.game import Persuasion, spread
from bigopt.persuasion.oblivious import optimum
from bigopt.solution import SOLVED

STARTS = ("oblivious", "full", "silent")
WORTHWHILE = 1e-7  # of a Bob's range: gains below this move nobody


def solve(game: Persuasion, request: Request) -> Answer:
    """Return the given profile as it is, or play best-response dynamics to a full quiet sweep."""
    if request.profile is not None:
        return Answer({"schemes": signals.read_profile(game, request.profile)}, method="given profile")
    schemes, stopped = _start(game, request)
    if stopped != SOLVED:
        return Answer(None, stopped=stopped, holds="noSolution" if stopped == "maxTimeLimit" else "infeasible")
    return _play(game, schemes, request)


def _start(game: Persuasion, request: Request) -> tuple[list[Floats], str]:
    """Return the schemes that the dynamics start from."""
    start = str(request.options.get("start", "oblivious"))
    if start == "full":
        return [np.eye(len(game.states)) for _ in game.bobs], SOLVED
    if start == "silent":
        return [np.ones((len(game.states), 1)) for _ in game.bobs], SOLVED
    schemes = []
    for bob in game.bobs:
        scheme, stopped = optimum(game, bob.utility, request.deadline)
        if stopped != SOLVED:
            return [], stopped
        schemes.append(signals.used_only(scheme, game.prior))
    return schemes, SOLVED


def _play(game: Persuasion, schemes: list[Floats], request: Request) -> Answer:
    """Let the Bobs reply in turn; one moves only if what he gets under Alice's own tie rule improves."""
    updates: list[dict[str, Any]] = []
    quiet, j, turns = 0, 0, int(request.options.get("rounds", 50)) * len(game.bobs)
    stopped, regretted = SOLVED, 0.0
    for turn in range(turns):
        if request.deadline.expired:
            stopped = "maxTimeLimit"
            break
        request.progress(f"{len(updates)} moves", turn / turns)
        reply, kernel = reply_to(game, schemes, j, request.deadline)
        if reply.stopped != SOLVED:
            stopped = reply.stopped
            break
        unit = spread(game.utilities[j])
        now = _worth(game, schemes[j], kernel, j)
        gain = _worth(game, reply.scheme, kernel, j) - now
        if gain > WORTHWHILE * unit:
            schemes[j] = reply.scheme
            updates.append({"bob": game.names[j], "gain": gain, "signals": reply.scheme.shape[1]})
            quiet, regretted = 0, 0.0
        else:
            quiet += 1
            regretted = max(regretted, (reply.bound - now) / unit)
        if quiet == len(game.bobs):
            break
        j = (j + 1) % len(game.bobs)
    if stopped == SOLVED and (quiet < len(game.bobs) or regretted > WORTHWHILE):
        stopped = "iterationLimit"  # a cycle, or a supremum that no scheme attains under Alice's tie rule
    holds = "optimal" if stopped == SOLVED else "feasible"
    point = {"schemes": schemes, "updates": updates}
    return Answer(point, None, None, stopped, holds, method="best-response dynamics")


def _worth(game: Persuasion, scheme: Floats, kernel: Floats, j: int) -> float:
    """Return Bob j's value of a scheme under the tie rule that Alice keeps whoever moves."""
    return float(signals.outcome(game, scheme, kernel, signals.tie_order(game)).bobs[j])
