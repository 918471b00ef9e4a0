"""The whole set of equilibria under squared loss: its dimension, every coordinate's range, and chosen members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import options
from bigopt.concepts.concept import Answer, Concept, Option, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.games.influencers import members_by_solver as by_solver
from bigopt.games.influencers.centred import solving, verifying
from bigopt.games.influencers.exact import equilibria, members
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.members_by_solver import DELEGATES
from bigopt.games.influencers.nash import SHOWN, refuses
from bigopt.games.influencers.verify.ne_set import verify


def solve(game: Influencers, request: Request) -> Answer:
    """Find the set; with a solver named, its linear programs (model `ne_face`) are that solver's."""
    known = equilibria.of(game, request.deadline)
    found = by_solver.of(game, request, known) if request.solver != "exact" else members.of(game, request, known)
    point = {"dimension": known.dimension, "ranges": found.ranges(), "canonical": found.least()}
    if request.options.get("members"):
        point["members"] = found.extremes()
    return Answer(point, method=found.method)


def tables(game: Influencers, fields: Mapping[str, Any]) -> list[Table]:
    """Show every player's range."""
    rows = []
    for i in range(min(game.players, SHOWN)):
        ends = [f"{a:.6g}" if abs(b - a) < 1e-12 else f"[{a:.6g}, {b:.6g}]" for a, b in fields["ranges"][i]]
        rows.append([i, game.targets[i], ", ".join(ends), fields["canonical"][i]])
    more = f", the first {SHOWN} of {game.players} players" if game.players > SHOWN else ""
    many = "one equilibrium" if fields["unique"] else f"infinitely many, of dimension {fields['dimension']}"
    summary = [["receiver", fields["receiver"]], ["equilibria", many]]
    title = f"all equilibria{more}"
    head = ["player", "target", "actions", "least norm"]
    if fields.get("members") is not None:
        head += ["one extreme", "another"]
        for row in rows:
            row += [fields["members"][0][row[0]], fields["members"][-1][row[0]]]
    return [Table(title, tuple(head), rows), Table("", ("", ""), summary)]


class EquilibriumSetSolution(Solution):
    """All equilibria under squared loss.

    Attributes
    ----------
    unique : flag
        Whether there is one equilibrium only; None where that was not decided.
    dimension : count
        The affine dimension of the set; None where it was not decided.
    receiver : [d], unit of the targets
        Where the receiver ends, at every equilibrium.
    ranges : [n][d][2], unit of the targets
        The least and the largest value of each coordinate of each player's action over the set.
    canonical : [n][d], unit of the targets
        The equilibrium of least norm.
    members : [members][n][d], unit of the targets
        Extreme equilibria, where they were asked for.
    """

    unique: bool | None
    dimension: int | None
    receiver: Floats
    ranges: Floats
    canonical: Floats
    members: Floats | None = None


CONCEPT = Concept(
    "ne-set",
    "all equilibria: dimension, the range of every coordinate, chosen members",
    verifying(verify),
    solving(solve),
    options=(Option("members", False, parse=options.flag, help="true: two extreme equilibria as well"),),
    delegates=DELEGATES,
    refuses=refuses,
    tables=tables,
    result=EquilibriumSetSolution,
)
