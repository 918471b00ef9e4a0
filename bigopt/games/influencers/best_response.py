"""The concept `best-response`: one player's best action against a given profile of the others."""

from __future__ import annotations

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import PLAYER, PROFILE
from bigopt.concepts.concept import Answer, Concept, Formulation, Request
from bigopt.concepts.solution import Solution
from bigopt.games.influencers.centred import solving, verifying
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.response import asked, best_responses
from bigopt.games.influencers.units import ReplyUnits
from bigopt.games.influencers.verify.best_response import verify


def solve(game: Influencers, request: Request) -> Answer:
    """Project, or maximize a linear function (`bigopt.games.influencers.response`)."""
    actions, player = asked(game, request)
    best = best_responses(game, actions, [player])[0]
    squared = game.loss == "squared"
    profile = actions.copy()
    profile[player] = best
    loss = float(game.losses(game.receiver(profile))[player])
    return Answer({"action": best}, loss, loss, method="projection" if squared else "support function")


def formulations(game: Influencers, request: Request) -> tuple[Formulation, ...]:
    """Return the model file, with the profile as its data."""
    actions, player = asked(game, request)
    kind = game.action_set.problem_class("QP" if game.loss == "squared" else "LP")
    value = ReplyUnits(game, player, actions).loss
    return (Formulation("big_best_response", kind, {"player": player, "actions": actions}, value=value),)


class BestResponseSolution(Solution):
    """One player's best action, the others held fixed.

    Attributes
    ----------
    player : index
        Who responds.
    action : [d], unit of the targets
        The best action.
    loss : unit of the targets squared
        The player's loss with it.
    receiver : [d], unit of the targets
        Where the receiver ends then.
    gain : unit of the targets squared
        By how much the loss falls.
    arbitrary : flag
        Whether every action is as good, as for a player without weight.
    profile : [n][d], unit of the targets
        All actions, the best one among them.
    """

    player: int
    action: Floats
    loss: float
    receiver: Floats
    gain: float
    arbitrary: bool
    profile: Floats


CONCEPT = Concept(
    "best-response",
    "one player's best action while the others stay",
    verifying(verify),
    solving(solve),
    formulations,
    arguments=(PLAYER, PROFILE),
    needs=("player", "profile"),
    objective="loss",
    sense="min",
    result=BestResponseSolution,
)
