"""One player's best response: it is legal, and no other choice is nearer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts import Certificate, Request
from bigopt.games.subsets.asked import others_of, player_of
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.verify.regrets import feasibility, field, read_choice, regret, regret_checks


def best_response(game: Subsets, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Return the fields of one player's choice, and its certificate."""
    player = player_of(game, request, point)
    choices = others_of(game, request, point)
    action, wrong = read_choice(game, field(point, "action"), "action", int(game.sizes[player]))
    trial = (*choices[:player], action, *choices[player + 1 :])
    loss = float(game.losses(trial)[player])
    fields = {"action": list(action), "loss": loss, "player": player, "choices": [list(c) for c in trial]}
    found = {} if wrong else {player: regret(game, player, trial, request.deadline)}
    checks, largest = regret_checks(game, found)
    return fields, Certificate((feasibility(wrong), *checks), largest, 0.0)
