"""The solver `exact` for equilibria under squared loss: one algorithm for each kind of action set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bigopt.action_sets import Ball, Box
from bigopt.concepts.concept import Answer, Request
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import SOLVED, Check
from bigopt.errors import LimitReached
from bigopt.games.influencers.dual import Found, Keep, keep_nothing, potential_gap
from bigopt.games.influencers.exact import ball, box, vertices
from bigopt.games.influencers.exact.optimal_face import polished
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.tolerances import CLOSED, ROUNDED

SMALL = 1_000  # actions: so many are made exact in a moment


def equilibrium(game: Influencers, deadline: Deadline, keep: Keep = keep_nothing) -> Found:
    """Return an equilibrium with the gap that its algorithm left; on a box that of least norm.

    `keep` is handed profiles on the way.
    """
    if isinstance(game.action_set, Box):
        coordinates = box.coordinates(game)
        receiver, actions = box.receiver(coordinates), box.least_norm(game, coordinates)
        return Found(receiver, actions, potential_gap(game, actions, game.receiver(actions), receiver), "median")
    if isinstance(game.action_set, Ball):
        return ball.solve(game, deadline, keep)
    return _polished(game, vertices.solve(game, deadline, keep), deadline)


def _polished(game: Influencers, found: Found, deadline: Deadline) -> Found:
    """Finish small games, and others that floats leave open, in exact arithmetic."""
    largest = float(game.loss_ranges().max())
    if game.players * game.dimension > SMALL and found.gap <= ROUNDED * largest:
        return found
    try:
        better = polished(game, found, deadline)
    except LimitReached:  # too many players in doubt, or no time
        return found
    return better if better.gap <= max(found.gap, ROUNDED * largest) else found


def solve(game: Influencers, request: Request) -> Answer:
    """Return an equilibrium with its potential and the lower bound that goes with it."""

    def keep(make: Callable[[], Found]) -> None:
        request.kept.put(lambda: _limited(game, make()))

    return _answer(game, equilibrium(game, request.deadline, keep))


def _limited(game: Influencers, found: Found) -> Answer:
    """Return a profile that a time limit left, with its bound."""
    return replace(_answer(game, found), stopped="maxTimeLimit", holds="feasible", checks=())


def _answer(game: Influencers, found: Found) -> Answer:
    potential = game.potential(found.actions)
    largest = float(game.loss_ranges().max())
    closed = found.gap <= CLOSED * largest
    promise = () if closed else (Check("gap", found.gap / largest, CLOSED, "payoff range", "it did not close"),)
    return Answer(
        {"actions": found.actions},
        potential,
        potential - found.gap,
        SOLVED if closed else "iterationLimit",
        "optimal" if closed else "feasible",
        method=found.method,
        checks=promise,
    )
