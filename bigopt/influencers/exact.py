"""The solver `exact` for equilibria under squared loss."""

from __future__ import annotations

from bigopt.action_sets import Box
from bigopt.concepts import Answer, Request
from bigopt.errors import UnsupportedProblem
from bigopt.influencers import box
from bigopt.influencers.game import Influencers
from bigopt.influencers.verify import potential_gap


def solve(game: Influencers, request: Request) -> Answer:
    """Return the equilibrium of least norm, with its potential and a lower bound."""
    if isinstance(game.action_set, Box):
        return _solve_box(game)
    raise UnsupportedProblem(f"{game.action_set.type}: not yet")


def _solve_box(game: Influencers) -> Answer:
    found = box.coordinates(game)
    actions = box.least_norm(game, found)
    potential = game.potential(actions)
    gap = potential_gap(game, actions, game.receiver(actions), box.receiver(found))
    return Answer({"actions": actions}, potential, potential - gap, method="median")


def refuses(game: Influencers) -> str | None:
    """Say on which games there is no algorithm of our own."""
    return None if isinstance(game.action_set, Box) else f"is not yet solved on a {game.action_set.type}"
