"""The certificate of truthful reports: the receiver, and what misreports can gain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts import Certificate, Check, Request
from bigopt.games.influencers.exact.misreports import gains_of, losses_at, proved, reachable
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.response import pulls_of_dominance
from bigopt.games.influencers.tolerances import NO_GAIN, WORTH
from bigopt.games.influencers.verify import dominant, nash
from bigopt.games.influencers.verify.nash import scaled


def verify(game: Influencers, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Prove the receiver, and measure every player's best misreport: all of them on a box, the given ones elsewhere."""
    prove = nash.verify if game.loss == "squared" else dominant.verify
    fields, certificate = prove(game, point, request)
    receiver = np.asarray(fields["receiver"])
    result = {"receiver": receiver, "proved": proved(game), "losses": game.losses(receiver)}
    if proved(game):
        gains, check = _proved(game, receiver, np.asarray(fields["actions"]))
    else:
        gains, check, more = _searched(game, receiver, point, request)
        result |= more
    result |= {"gains": gains, "actions": fields["actions"]}  # the actions prove the receiver
    order = ("receiver", "gains", "proved", "losses", "actions", "misreports", "searched")
    ordered = {key: result[key] for key in order if key in result}
    return ordered, Certificate((*certificate.checks, check), certificate.max_regret, certificate.tolerance)


def _proved(game: Influencers, receiver: Floats, actions: Floats) -> tuple[Floats, Check]:
    """Bound every misreport where truth is a theorem's."""
    if game.loss == "inner-product":
        gains = np.abs(game.weights) * np.maximum(game.action_set.shortfall(pulls_of_dominance(game), actions), 0.0)
        limit, note = WORTH, "every misreport is bounded by the support function"
    else:
        low, high = reachable(game)
        gains = np.maximum(game.losses(receiver) - losses_at(game, np.clip(game.targets, low, high)), 0.0)
        limit, note = NO_GAIN, "an exact search over all misreports: a generalized median voter scheme (Moulin 1980)"
    return gains, Check("truthfulness", scaled(gains, game.loss_ranges()), limit, "payoff range", note, "proved")


def _searched(
    game: Influencers, receiver: Floats, point: Mapping[str, Any], request: Request
) -> tuple[Floats, Check, dict[str, Any]]:
    """Measure the misreports that were given: nothing is promised of others."""
    shape = [game.players, game.dimension]
    told = point.get("misreports")
    reports = numbers(game.targets if told is None else told, "misreports", shape, ["player", "coordinate"])
    gains = np.maximum(gains_of(game, receiver, reports, request), 0.0)
    claimed = float(numbers([point.get("searched", game.players)], "searched", [1])[0])
    searched = 0 if told is None else int(min(max(claimed, 0.0), game.players))  # a search leaves its reports
    pay = int((gains > WORTH * game.loss_ranges()).sum())
    note = f"{pay} of {searched} players gain by misreports that were searched"
    worst = scaled(gains, game.loss_ranges())
    check = Check("misreports", worst, 1.0, "payoff range", note, "searched", claimed=False)
    return gains, check, {"misreports": reports, "searched": searched}
