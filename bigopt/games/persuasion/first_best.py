"""The first best (Definition 2): what Alice would do if she knew the state."""

from __future__ import annotations

from bigopt.concepts.concept import Answer, Request
from bigopt.games.persuasion.game import Persuasion


def solve(game: Persuasion, request: Request) -> Answer:
    """Take Alice's best action in each state, the lowest index among equals."""
    return Answer({"actions": game.alice.argmax(axis=1)}, game.first_best, game.first_best, method="state by state")
