"""One player's best choice, the others held fixed (eq. 22)."""

from __future__ import annotations

from bigopt.concepts import PLAYER, PROFILE, Answer, Concept, Formulation, Option, Request, options
from bigopt.concepts.solution import Solution
from bigopt.games.subsets.asked import others_of, player_of
from bigopt.games.subsets.formulations import linearized
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.response import respond
from bigopt.games.subsets.verify.best_response import best_response


def solve(game: Subsets, request: Request) -> Answer:
    """Return the player's exact best response."""
    player, choices = player_of(game, request), others_of(game, request)
    gap = request.options.get("gap")
    found = respond(game, player, choices, deadline=request.deadline, gap=gap, progress=request.progress)
    value = found.squared / game.exact.denominator**2
    trial = [list(c) for c in choices]
    trial[player] = list(found.choice)
    point = {"action": list(found.choice), "loss": value, "player": player, "choices": trial}
    used = {"gap": found.gap} if found.gap else {}
    if found.proved:
        return Answer(point, value, found.bound, method=found.method, options=used)
    stopped = "maxTimeLimit" if request.deadline.expired else "iterationLimit"
    return Answer(point, value, found.bound, stopped, "feasible", found.method, used)


def formulations(game: Subsets, request: Request) -> list[Formulation]:
    """MIQP; |.| in one dimension and the linearization for solvers of MILPs."""
    if request.player is None or request.profile is None:
        return []
    player = player_of(game, request)
    arguments = {"player": player, "choices": others_of(game, request)}
    found = [Formulation("subset_response", "MIQP", arguments)]
    if game.dimension == 1:
        return [*found, Formulation("subset_response_absolute", "MILP", arguments, _squared)]
    binaries = len(game.items) * (int(game.sizes[player]) if game.repeats else 1)
    return [*found, *linearized("subset_response_products", binaries, request, arguments)]


def _squared(distance: float) -> float:
    """Return the loss of a distance; no bound on a distance is worth less than 0."""
    return max(distance, 0.0) ** 2


class BestResponseSolution(Solution):
    """One player's best choice, the others held fixed.

    Attributes
    ----------
    action : [size], indices of items
        The best choice, sorted.
    loss : unit of the items squared
        The player's loss with it.
    player : index
        Who responds.
    choices : [n][sizes], indices of items
        All choices, the best one among them.
    """

    action: list[int]
    loss: float
    player: int
    choices: list[list[int]]


CONCEPT = Concept(
    "best-response",
    "one player's best choice, the others held fixed (eq. 22)",
    best_response,
    solve,
    formulations,
    options=(Option("gap", None, parse=options.non_negative, help="absolute gap, in the player's loss"),),
    arguments=(PLAYER, PROFILE),
    needs=("player", "profile"),
    objective="loss",
    sense="min",
    prefers=("exact", "scip", "highs"),
    result=BestResponseSolution,
)
