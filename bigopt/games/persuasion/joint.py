"""Several senders at once: best-response dynamics on their schemes (Section 2 with one round and a silent Alice).

Where Alice's ties go against a sender his supremum is not attained: he takes a scheme near it that wins by a margin, so
that rivals undercut each other like sellers of one good, and what they hide shrinks geometrically.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import PROFILE, options
from bigopt.concepts.concept import Answer, Concept, Option, Request
from bigopt.concepts.solution import SOLVED, Solution
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.exact.reply import Reply
from bigopt.games.persuasion.exact.strict import strict_scheme
from bigopt.games.persuasion.game import Persuasion
from bigopt.games.persuasion.response import optimum, reply_to
from bigopt.games.persuasion.tables import joint_tables
from bigopt.games.persuasion.verify import joint as verify

STARTS = ("oblivious", "full", "silent")
WORTHWHILE = 5e-7  # of a Bob's stakes: smaller gains move nobody; half of what counts as no regret
MARGINS = (0.5, 0.2, 0.05, 0.01, 0.001)  # of Alice's stakes: by which a reply wins where ties go against him
SHARE = 0.5  # of the supremum's gain that such a reply must secure, or a smaller margin is tried


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
    quiet, j, turns = 0, 0, int(request.options.get("rounds", 100)) * len(game.bobs)
    stopped, regretted = SOLVED, 0.0
    for turn in range(turns):
        said = f"after {len(updates)} moves, before everybody is content"
        request.kept.point({"schemes": [*schemes], "updates": [*updates]}, method="best-response dynamics", said=said)
        if request.deadline.expired:
            stopped = "maxTimeLimit"
            break
        request.progress(f"{len(updates)} moves", turn / turns)
        reply, kernel = reply_to(game, schemes, j, request.deadline)
        if reply.stopped != SOLVED:
            stopped = reply.stopped
            break
        unit = verify.stake_of(game, reply, kernel, game.utilities[j])
        now = _worth(game, schemes[j], kernel, j)
        open_gain = (reply.bound - now) / unit
        scheme, gain = _move(game, reply, kernel, j, now) if open_gain > WORTHWHILE else (schemes[j], 0.0)
        if gain > 0:
            schemes[j] = scheme
            updates.append({"bob": game.names[j], "gain": gain, "signals": scheme.shape[1]})
            quiet, regretted = 0, 0.0
        else:
            quiet += 1
            regretted = max(regretted, open_gain)
        if quiet == len(game.bobs):
            break
        j = (j + 1) % len(game.bobs)
    if stopped == SOLVED and (quiet < len(game.bobs) or regretted > WORTHWHILE):
        stopped = "iterationLimit"  # a cycle, or a supremum that no scheme attains under Alice's tie rule
    holds = "optimal" if stopped == SOLVED else "feasible"
    point = {"schemes": schemes, "updates": updates}
    return Answer(point, None, None, stopped, holds, method="best-response dynamics")


def _move(game: Persuasion, reply: Reply, kernel: Floats, j: int, now: float) -> tuple[Floats, float]:
    """Return Bob j's move and its gain: the best reply, or one near it that hangs on no ties."""
    scheme, gain = reply.scheme, _worth(game, reply.scheme, kernel, j) - now
    for margin in MARGINS:
        if gain >= SHARE * (reply.value - now):
            break
        scheme = strict_scheme(game, game.utilities[j], kernel, reply, margin)
        gain = _worth(game, scheme, kernel, j) - now
    return scheme, gain


def _worth(game: Persuasion, scheme: Floats, kernel: Floats, j: int) -> float:
    """Return Bob j's value of a scheme under the tie rule that Alice keeps whoever moves."""
    return float(signals.outcome(game, scheme, kernel, signals.tie_order(game)).bobs[j])


class JointSolution(Solution):
    """Several senders at once.

    Attributes
    ----------
    schemes : [k][S][signals], probabilities
        Each sender's scheme.
    alice : unit of Alice's utility
        Her expected utility.
    bobs : [k], units of the Bobs' utilities
        Theirs.
    regrets : [k], units of the Bobs' utilities
        What each could gain by another scheme.
    equilibrium : flag
        Whether nobody can gain.
    full_disclosure : [senders], indices
        The senders who tell all they know.
    first_best : unit of Alice's utility
        What she would get if she knew the state.
    aligned : unit of Alice's utility
        What one aligned sender would give her.
    epsilon : unit of Alice's utility
        Definition 1's distance from the Bobs' hull, the weights of sum 1.
    bound : unit of Alice's utility
        Theorem 1: no equilibrium gives her less than first_best - 2 epsilon.
    epsilon_any_sum : unit of Alice's utility
        The distance with weights of any sum.
    bound_any_sum : unit of Alice's utility
        The bound with it.
    updates : [updates]
        The best responses on the way, where dynamics were run.
    """

    schemes: list[Floats]
    alice: float
    bobs: Floats
    regrets: Floats
    equilibrium: bool
    full_disclosure: list[int]
    first_best: float
    aligned: float
    epsilon: float
    bound: float
    epsilon_any_sum: float
    bound_any_sum: float
    updates: list[Any] | None = None


CONCEPT = Concept(
    "joint",
    "several senders at once: best-response dynamics, or the regret of --profile FILE",
    verify.joint,
    solve,
    arguments=(PROFILE,),
    options=(
        Option("start", "oblivious", STARTS, help="where the dynamics start"),
        Option("rounds", 100, parse=options.count, help="sweeps of the dynamics"),
    ),
    tables=joint_tables,
    result=JointSolution,
)
