r"""The concept `truthful`: a receiver who asks for targets and plays the equilibrium for everybody.

The paper leaves open how to take away the incentive to exaggerate. The map from reported targets to the equilibrium's
receiver is a mechanism without payments; on a box it is strategy-proof.

Proof. Coordinates separate. In one of them the receiver z solves

.. math:: z = c_0 + \sum_i s_i, \qquad s_i = b_i \text{ if } z < t_i, \; a_i \text{ if } z > t_i, \;
          s_i \in [a_i, b_i] \text{ if } z = t_i,

whose right side does not increase in z. Let L and U be the solutions with s_i = a_i and s_i = b_i whatever i reports:
L <= U, and a report m gives z = median(L, m, U). The truth gives the point of [L, U] nearest to t_i, and in every
coordinate at once; the squared loss is a sum over coordinates. So no report does better (it is a generalized median
voter scheme in the sense of Moulin, 1980). The audit computes L and U of every player and measures the best reachable
loss, an exact search over all misreports.

Under inner-product loss the receiver plays a maximizer of the reported w_i m.x, and the truth's own maximizer is best,
on any X. On other sets under squared loss nothing is promised: the best misreport that a seeded search finds is shown.
"""

from __future__ import annotations

from dataclasses import replace

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import Answer, Concept, Option, Request, options
from bigopt.concepts.solution import Solution
from bigopt.games.influencers import dominant
from bigopt.games.influencers.centred import solving, verifying
from bigopt.games.influencers.exact import equilibrium as exact
from bigopt.games.influencers.exact.misreports import proved, search, wanted_players
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.verify.truthful import verify


def solve(game: Influencers, request: Request) -> Answer:
    """Find the receiver of truthful reports, and search for misreports where nothing is proved."""
    answer = exact.solve(game, request) if game.loss == "squared" else dominant.solve(game, request)
    if answer.point is None or proved(game):
        return answer
    reports, searched = search(game, request)
    complete = searched == wanted_players(game, request)
    stopped = answer.stopped if complete else "maxTimeLimit"
    holds = answer.holds if complete else "feasible"
    point = dict(answer.point) | {"misreports": reports, "searched": searched}
    return replace(answer, point=point, stopped=stopped, holds=holds)


OPTIONS = (
    Option("reports", 200, parse=options.whole, help="misreports tried for each player, where nothing is proved"),
    Option("players", 30, parse=options.whole, help="for how many players, the first ones, where nothing is proved"),
    Option("seed", 0, parse=options.whole, help="of the search"),
)


class TruthfulSolution(Solution):
    """What a misreport gains where the receiver asks for targets and plays the equilibrium for everybody.

    Attributes
    ----------
    receiver : [d], unit of the targets
        Where the receiver ends with truthful reports.
    gains : [n], unit of the targets squared
        What each player's best misreport gains.
    proved : flag
        Whether a theorem says that nobody gains; else the misreports were searched.
    losses : [n], unit of the targets squared
        Each player's loss with truthful reports.
    actions : [n][d], unit of the targets
        The equilibrium that is played for the players.
    misreports : [n][d], unit of the targets
        The best misreport that was found, where they were searched.
    searched : count
        For how many players misreports were searched.
    """

    receiver: Floats
    gains: Floats
    proved: bool
    losses: Floats
    actions: Floats
    misreports: Floats | None = None
    searched: int | None = None


CONCEPT = Concept(
    "truthful", "asking for targets instead: what can a misreport gain?", verifying(verify), solving(solve),
    options=OPTIONS, prefers=("exact",),
    result=TruthfulSolution,
)  # fmt: skip
