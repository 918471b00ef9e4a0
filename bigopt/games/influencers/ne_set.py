"""The whole set of equilibria under squared loss: its dimension, every coordinate's range, and chosen members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts import options
from bigopt.concepts.concept import Answer, Concept, Option, Request, Table
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.influencers.exact import equilibria, members
from bigopt.games.influencers.exact.members.base import Members
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.nash import SHOWN, refuses
from bigopt.games.influencers.verify.nash import verify, widths

RANGES = 1e-6  # of the action set's width in the coordinate: a range's end
NORM = 1e-6  # of the square of the set's size: how much the canonical member's squared norm could fall
FLAT = 1e-12  # of the set's size: a smaller width is rounding
ROOMY = 1e-6  # of the set's size: a smaller range is not held to it
DISTINCT = 1e-9  # of the set's size: members nearer than that are one
SINGLY = 60  # coordinates of players who move: with more, players who are alike share their programs


def solve(game: Influencers, request: Request) -> Answer:
    """Find the set; with a solver named, its linear programs (model `ne_face`) are that solver's."""
    known = equilibria.of(game, request.deadline)
    found = members.of(game, request, known)
    point = {"dimension": known.dimension, "ranges": found.ranges(), "canonical": found.least()}
    if request.options.get("members"):
        point["members"] = found.extremes()
    return Answer(point, method=found.method)


def verify_set(game: Influencers, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute the set and prove that the members are equilibria, the ranges right and the canonical one least."""
    n, d = game.players, game.dimension
    for key in ("ranges", "canonical"):
        if key not in point:
            raise InstanceError(f"{key}: missing, expected it beside dimension")
    ranges = numbers(point["ranges"], "ranges", [n, d, 2], ["player", "coordinate", "end"])
    fields, certificate = verify(game, {"actions": point["canonical"], "dimension": point.get("dimension")}, request)
    canonical = fields["actions"]
    known = equilibria.of(game, request.deadline)
    own = members.of(game, replace(request, solver="exact"), known)
    size = float(np.abs(game.action_set.bounds).max()) or 1.0
    width = np.where(widths(game) > FLAT * size, widths(game), size)
    singly = len(own.movers) * d <= SINGLY
    off = float((np.abs((Members.ranges(own) if singly else own.ranges()) - ranges) / width[None, :, None]).max())
    # x has the least norm if and only if x.(y - x) >= 0 for every y of the set
    fall = float((canonical * (canonical - own.member(canonical))).sum())
    checks = [
        *certificate.checks,
        Check("ranges", off, RANGES, "width of the action set", "a program an end" if singly else "computed anew"),
        Check("least norm", max(fall, 0.0) / size**2, NORM, "squared size of the action set", "against every member"),
    ]
    result = {
        "unique": fields["unique"],
        "dimension": fields["dimension"],
        "receiver": fields["receiver"],
        "ranges": ranges,
        "canonical": canonical,
    }
    if point.get("members") is not None:
        result["members"] = numbers(point["members"], "members", [None, n, d], ["member", "player", "coordinate"])
        proofs = [verify(game, {"actions": member}, request)[1].checks[:3] for member in result["members"]]
        for worst in zip(*proofs, strict=True):
            check = max(worst, key=lambda c: c.value)
            checks.append(replace(check, name=f"{check.name} of members"))
        checks.append(_apart(result["members"], ranges, size))
    return result, Certificate(tuple(checks), certificate.max_regret, certificate.tolerance)


def _apart(found: Floats, ranges: Floats, size: float) -> Check:
    """Check that the first and the last member are two, where there is room for two."""
    apart = float(np.abs(found[0] - found[-1]).max()) / size
    same = float((ranges[..., 1] - ranges[..., 0]).max()) > ROOMY * size and apart <= DISTINCT
    return Check("members differ", float(same), 0.0, note=f"by {apart:.2g} of the action set's size")


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


CONCEPT = Concept(
    "ne-set",
    "all equilibria: dimension, the range of every coordinate, chosen members",
    verify_set,
    solve,
    options=(Option("members", False, parse=options.flag, help="true: two extreme equilibria as well"),),
    delegates=members.DELEGATES,
    refuses=refuses,
    tables=tables,
)
