"""The certificate of asking: the equilibrium of truthful reports, and what every misreport gains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.games.preferences.exact import misreports, score
from bigopt.games.preferences.game import Preferences
from bigopt.games.preferences.verify import equilibrium, local
from bigopt.games.preferences.verify.equilibrium import read_actions

NO_GAIN = 1e-9  # of a payoff range: rounding in the audit
RECEIVER = 1e-6  # of the action set's width: the mechanism played again
WORTH = 1e-5  # of a payoff range: below, dynamics that end at a tolerance do not tell a gain from none


def verify(game: Preferences, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Prove the equilibrium and audit misreports: all of a player's in one dimension, the given ones in several."""
    return _in_line(game, point, request) if game.dimension == 1 else _in_space(game, point, request)


def _in_line(game: Preferences, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    proved, certificate = equilibrium.verify(game, point, request)
    coordinate, receiver = score.of(game), float(proved["receiver"][0])
    audited = min(game.players, misreports.AUDITED)
    gains = np.zeros(game.players)
    for i in range(audited):
        request.deadline.check("auditing misreports")
        target = float(game.targets[i, 0])
        low, high = misreports.reachable(game, coordinate, i)
        gains[i] = max(0.0, (receiver - target) ** 2 - (min(max(target, low), high) - target) ** 2)
    fields = {
        "receiver": proved["receiver"],
        "gains": gains,
        "proved": True,
        "losses": proved["losses"],
        "actions": proved["actions"],
        "searched": audited,
    }
    note = (
        f"a generalized median in H: no report brings the receiver nearer; all misreports of {audited} players audited"
    )
    check = Check("truthfulness", float((gains / game.stakes).max()), NO_GAIN, "payoff range", note, grade="proved")
    checks = tuple(c for c in certificate.checks if c.name != equilibrium.SAMPLE)
    return fields, Certificate((*checks, check), certificate.max_regret, certificate.tolerance)


def _in_space(game: Preferences, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    actions, outside = read_actions(game, point)
    shape = [game.players, game.dimension]
    reports = numbers(point.get("misreports", game.targets), "misreports", shape, ["player", "coordinate"])
    searched = min(game.players, int(request.options["players"]))
    played, receiver = misreports.settle(game, game.targets, request)
    pairs = game.drawn.thinned(misreports.THINNED)
    lower, upper = game.action_set.bounds
    width = 1.0 if game.action_set.is_point else float((upper - lower).max())
    gains = _gains(game, reports, receiver, request)
    fields = {
        "receiver": receiver,
        "gains": gains,
        "proved": False,
        "losses": game.losses(receiver),
        "actions": actions,
        "misreports": reports,
        "searched": searched,
    }
    gaining = int((gains > WORTH * game.stakes).sum())
    note = f"not proved: {gaining} of {searched} players gain by misreports that were searched"
    worst = float((gains / game.stakes).max())
    gap = float(np.abs(played - actions).max()) / width
    checks = (
        Check("feasibility", outside, equilibrium.FEASIBILITY, "width of the action set", grade="proved"),
        Check("mechanism", gap, RECEIVER, "width of the action set", "the local dynamics, played again"),
        local.receivers(pairs, [played], receiver[None], request.deadline),
        local.replies(game, pairs, [played], receiver[None], [(0, i) for i in range(game.players)], request.deadline),
        Check("misreports", worst, 1.0, "payoff range", note, grade="searched", claimed=False),
    )
    return fields, Certificate(checks)


def _gains(game: Preferences, reports: Floats, receiver: Floats, request: Request) -> Floats:
    """Return what each player gains by its report, the others truthful, shape (n,)."""
    gains = np.zeros(game.players)
    truth = game.losses(receiver)
    told = game.action_set.project(reports)
    for i in np.flatnonzero(np.any(reports != game.targets, axis=1)).tolist():
        lied = misreports.lied(game, i, told[i], request)
        gains[i] = max(0.0, truth[i] - float(((lied - game.targets[i]) ** 2).sum()))
    return gains
