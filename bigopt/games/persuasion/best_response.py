"""One Bob's best response to the other Bobs' schemes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts import BOB, PLAYER, PROFILE
from bigopt.concepts.concept import Answer, Concept, Formulation, Request
from bigopt.concepts.solution import SOLVED, Solution
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.exact.regions import Regions
from bigopt.games.persuasion.exact.reply import MOST_PAIRS
from bigopt.games.persuasion.game import Persuasion
from bigopt.games.persuasion.response import around, reply_to, which
from bigopt.games.persuasion.units import value_of
from bigopt.games.persuasion.verify import joint as verify


def formulations(game: Persuasion, request: Request) -> Sequence[Formulation]:
    """Return the linear program over Alice's answers, where they are few enough to be listed."""
    if request.profile is None:
        return [Formulation("private_signaling", "LP")]
    kernel, order = around(game, signals.read_profile(game, request.profile), which(game, request))
    if kernel.shape[1] * len(game.actions) > MOST_PAIRS:
        return []
    listed = Regions(game, kernel, order).all(request.deadline)
    if listed is None:
        return []
    bob = which(game, request)
    data = {"bob": game.names[bob], "kernel": kernel, "maps": list(dict.fromkeys(region.answers for region in listed))}
    value = partial(value_of, game, game.utilities[bob])
    return [Formulation("private_signaling", "LP", data, value=value)]


def solve(game: Persuasion, request: Request) -> Answer:
    """Generate the columns of the Bob's best response."""
    profile = signals.read_profile(game, request.profile)
    j = which(game, request)
    reply, _ = reply_to(game, profile, j, request.deadline)
    point = {"scheme": reply.scheme, "recommendations": reply.maps, "bob": game.names[j], "profile": profile}
    holds = "optimal" if reply.stopped == SOLVED else "feasible"
    return Answer(point, reply.value, reply.bound, reply.stopped, holds, method=reply.method)


class BestResponseSolution(Solution):
    """One sender's best scheme, the others held fixed.

    Attributes
    ----------
    bob : name
        Who responds.
    scheme : [S][signals], probabilities
        His best scheme.
    recommendations : [signals][observations], indices of actions
        What each signal recommends beside each combination of the others' signals.
    messages : [S][observations], probabilities
        The combinations of the others' signals in each state.
    value : unit of the sender's utility
        What he gets.
    current : unit of the sender's utility
        What his scheme of the profile gives him.
    regret : unit of the sender's utility
        `value` minus `current`.
    alice : unit of Alice's utility
        What she gets then.
    bound : unit of the sender's utility
        What no scheme exceeds.
    profile : [k][S][signals], probabilities
        The schemes as they were given.
    """

    bob: str
    scheme: Floats
    recommendations: Ints
    messages: Floats
    value: float
    current: float
    regret: float
    alice: float
    bound: float
    profile: list[Floats]


CONCEPT = Concept(
    "best-response",
    "one sender's best scheme against the others' (--bob NAME --profile FILE)",
    verify.best_response,
    solve,
    formulations,
    arguments=(PLAYER, PROFILE, BOB),
    needs=("profile",),
    objective="value",
    sense="max",
    result=BestResponseSolution,
)
