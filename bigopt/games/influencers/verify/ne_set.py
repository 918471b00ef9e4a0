"""The certificate of the equilibrium set: its dimension, every range, and its members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts import Certificate, Check, Request
from bigopt.errors import InstanceError
from bigopt.games.influencers.exact import equilibria, members
from bigopt.games.influencers.exact.members.base import Members
from bigopt.games.influencers.exact.members.on_face import OnFace
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.tolerances import DISTINCT, FLAT, NORM, RANGES, ROOMY
from bigopt.games.influencers.verify import nash
from bigopt.games.influencers.verify.nash import widths

SINGLY = 60  # coordinates of players who move: with more, players who are alike share their programs


def verify(game: Influencers, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute the set and prove that the members are equilibria, the ranges right and the canonical one least."""
    n, d = game.players, game.dimension
    for key in ("ranges", "canonical"):
        if key not in point:
            raise InstanceError(f"{key}: missing, expected it beside dimension")
    ranges = numbers(point["ranges"], "ranges", [n, d, 2], ["player", "coordinate", "end"])
    claim = {key: point.get(key) for key in ("dimension", "unique")}
    fields, certificate = nash.verify(game, {"actions": point["canonical"], **claim}, request)
    canonical = fields["actions"]
    known = equilibria.of(game, request.deadline)
    own = members.of(game, replace(request, solver="exact"), known)
    size = float(np.abs(game.action_set.bounds).max()) or 1.0
    width = np.where(widths(game) > FLAT * size, widths(game), size)
    singly = len(own.movers) * d <= SINGLY
    off = float((np.abs((Members.ranges(own) if singly else own.ranges()) - ranges) / width[None, :, None]).max())
    # x has the least norm if and only if x.(y - x) >= 0 for every y of the set
    fall = float((canonical * (canonical - own.member(canonical))).sum())
    sharp = not isinstance(own, OnFace) or own.sharp
    how = "a program an end" if singly else "by the programs of groups, computed anew"
    checks = [
        *certificate.checks,
        Check("ranges", off, RANGES, "width of the action set", how, "recomputed" if sharp else "compared"),
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
        proofs = [nash.verify(game, {"actions": member}, request)[1].checks[:5] for member in result["members"]]
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
