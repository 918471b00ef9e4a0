"""One Bob's best response to the others' schemes (Definition 16, ties to the lowest index)."""

from __future__ import annotations

from collections.abc import Sequence

from bigopt.arithmetic.arrays import Ints
from bigopt.concepts import PLAYER, PROFILE
from bigopt.concepts.concept import Answer, Concept, Formulation, Request
from bigopt.concepts.solution import Solution
from bigopt.games.market.game import Market
from bigopt.games.market.response import deviation, favoured, outcome, profile_of, suffixes, threshold
from bigopt.games.market.tables import best_response_tables
from bigopt.games.market.verify import best_response as verify


def solve(game: Market, request: Request) -> Answer:
    """Answer the concept `best-response`: the better of being selected and of copying the rival."""
    player, profile = profile_of(game, request)
    rival, least = threshold(game, player, profile)
    if rival < 0:
        action = favoured(game, game.units[0][1], game.units[0][0])
    elif least <= game.opt:
        tails = suffixes(game, player, request.deadline)
        action = deviation(game, player, least, tails, strict=False)
        if game.totals(action)[player + 1] <= game.totals(profile[rival])[player + 1]:
            action = profile[rival]
    else:
        action = profile[rival]
    loss = -float(game.values(outcome(game, [*profile[:player], action, *profile[player + 1 :]])[1])[player + 1])
    return Answer({"action": action}, loss, loss, method="multiple-choice knapsack")


def formulations(game: Market, request: Request) -> Sequence[Formulation]:
    """Return the model file for other solvers."""
    player, profile = profile_of(game, request)
    rival, least = threshold(game, player, profile)
    theirs = profile[rival].tolist() if rival >= 0 else None
    size = float(game.largest[player + 1] * game.units[1][player + 1])
    arguments = {"bob": player, "least": least, "rival": theirs}
    return (Formulation("deviation", "MILP", arguments, value=lambda loss: loss * size),)


class BestResponseSolution(Solution):
    """One Bob's best scheme, the others held fixed.

    Attributes
    ----------
    action : [S], indices of policies
        The best scheme.
    loss : unit of the Bob's utility
        Minus what he gets.
    alice : unit of Alice's utility
        What she gets then.
    selected : index of a Bob
        The Bob whom she selects then.
    player : index of a Bob
        The Bob who responds.
    profile : [k][S], indices of policies
        All schemes as they were given.
    """

    action: Ints
    loss: float
    alice: float
    selected: int
    player: int
    profile: list[Ints]


CONCEPT = Concept(
    "best-response",
    "one Bob's best scheme against the others'",
    verify.best_response,
    solve,
    formulations,
    arguments=(PLAYER, PROFILE),
    needs=("player", "profile"),
    objective="loss",
    sense="min",
    prefers=("exact", "highs", "scip"),
    tables=best_response_tables,
    result=BestResponseSolution,
    exact=True,
)
