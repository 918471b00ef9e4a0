r"""The concept `truthful`: a receiver that asks for ideal points and plays the equilibrium for everybody.

In one dimension this removes every reason to label as somebody else.

Proof. In the coordinate H of the receiver the equilibrium :math:`\hat x` of the reported game solves

.. math:: H(\hat x) = \sum_i s_i, \qquad s_i = b_i \text{ if } \hat x < t_i, \; a_i \text{ if } \hat x > t_i, \;
          s_i \in [a_i, b_i] \text{ if } \hat x = t_i,

whose right side falls and whose left side rises. Let L and U be the solutions where player i's share is a_i and b_i
whatever it reports: L <= U, neither depends on the report, and a report m gives median(L, m, U). The truth gives the
point of [L, U] nearest to t_i, and the loss is single-peaked there. So no report does better (a generalized median
voter scheme in the sense of Moulin, 1980). The audit reports both ends of X for a player, which shows [L, U], and
compares the best point in it with the truth: an exact search over all misreports.

In several dimensions losses are not single-peaked in the receiver's coordinates and nothing is promised: the
equilibrium is that of local dynamics on expected labels, and the best misreport that a seeded search finds is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Answer, Concept, Option, Request, Table
from bigopt.concepts.options import whole
from bigopt.concepts.solution import Solution
from bigopt.games.preferences import equilibrium
from bigopt.games.preferences.exact import misreports
from bigopt.games.preferences.game import Preferences
from bigopt.games.preferences.verify import truthful as verify

SHOWN = 20  # rows of a table


def solve(game: Preferences, request: Request) -> Answer:
    """Play the equilibrium for everybody; in several dimensions, search misreports."""
    if game.dimension == 1:
        return equilibrium.solve(game, request)
    return Answer(misreports.search(game, request), method="local dynamics and a search of misreports")


def tables(game: Preferences, fields: Mapping[str, Any]) -> list[Table]:
    """Show what everybody is given, and could gain by a lie."""
    rows = [
        [i, game.targets[i], fields["actions"][i], fields["losses"][i], fields["gains"][i]]
        for i in range(min(game.players, SHOWN))
    ]
    heads = ("labeller", "target", "played for it", "loss", "gain of its best misreport")
    title = "labellers" if game.players <= SHOWN else f"the first {SHOWN} of {game.players} labellers"
    summary = [["receiver", fields["receiver"]], ["proved", fields["proved"]], ["audited", fields["searched"]]]
    return [Table(title, heads, rows), Table("", ("", ""), summary)]


OPTIONS = (
    Option("reports", 6, parse=whole, help="misreports that are tried for each player, in several dimensions"),
    Option("players", 4, parse=whole, help="for how many players, the first ones, in several dimensions"),
    Option("seed", 0, parse=whole, help="of the search"),
)


class TruthfulSolution(Solution):
    """What a misreport gains where ideal points are asked for and the equilibrium is played for everybody.

    Attributes
    ----------
    receiver : [d], unit of the targets
        Where the receiver ends with truthful reports.
    gains : [n], unit of the targets squared
        What each labeler's best misreport gains.
    proved : flag
        Whether a theorem says that nobody gains; else the misreports were searched.
    losses : [n], unit of the targets squared
        Each labeler's loss with truthful reports.
    actions : [n][d], unit of the targets
        The equilibrium that is played for them.
    misreports : [n][d], unit of the targets
        The best misreport that was found, where they were searched.
    searched : count
        Of labelers whose misreports were looked at.
    """

    receiver: Floats
    gains: Floats
    proved: bool
    losses: Floats
    actions: Floats
    misreports: Floats | None = None
    searched: int


CONCEPT = Concept(
    "truthful",
    "asking for ideal points instead: what can a misreport gain?",
    verify.verify,
    solve,
    options=OPTIONS,
    prefers=("exact",),
    tables=tables,
    result=TruthfulSolution,
)
