"""The solver `exact` for equilibria under squared loss: one algorithm for each kind of action set."""

from __future__ import annotations

from bigopt.action_sets import Ball, Box
from bigopt.concepts import Answer, Request
from bigopt.deadline import Deadline
from bigopt.influencers import ball, box, vertices
from bigopt.influencers.dual import Found, potential_gap
from bigopt.influencers.game import Influencers
from bigopt.solution import SOLVED

CLOSED = 1e-9  # of the largest payoff range: a larger gap is reported as such, not as an optimum


def equilibrium(game: Influencers, deadline: Deadline) -> Found:
    """Return an equilibrium with the gap that its algorithm left; on a box that of least norm."""
    if isinstance(game.action_set, Box):
        coordinates = box.coordinates(game)
        receiver, actions = box.receiver(coordinates), box.least_norm(game, coordinates)
        return Found(receiver, actions, potential_gap(game, actions, game.receiver(actions), receiver), "median")
    if isinstance(game.action_set, Ball):
        return ball.solve(game, deadline)
    return vertices.solve(game, deadline)


def solve(game: Influencers, request: Request) -> Answer:
    """Return an equilibrium with its potential and the lower bound that goes with it."""
    found = equilibrium(game, request.deadline)
    potential = game.potential(found.actions)
    largest = float(game.loss_ranges().max())
    closed = found.gap <= CLOSED * largest or found.gap <= 1e-14 * abs(potential)
    return Answer(
        {"actions": found.actions},
        potential,
        potential - found.gap,
        SOLVED if closed else "iterationLimit",
        "optimal" if closed else "feasible",
        method=found.method,
    )
