"""One Bob's best response to the other Bobs' schemes."""

from __future__ import annotations

from collections.abc import Sequence

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts.concept import Answer, Formulation, Request
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import SOLVED, Solution
from bigopt.errors import UsageError
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.exact.regions import Regions, favour
from bigopt.games.persuasion.exact.reply import MOST_PAIRS, Reply, best_reply
from bigopt.games.persuasion.game import Persuasion


def around(game: Persuasion, profile: list[Floats], j: int) -> tuple[Floats, list[Floats] | None]:
    """Return the kernel [S][M] of what Alice learns without Bob j, and whose utilities decide her ties."""
    kernel = signals.combine([signals.alone(game), *(scheme for i, scheme in enumerate(profile) if i != j)])
    return kernel, favour(game, several=len(game.bobs) > 1)


def reply_to(game: Persuasion, profile: list[Floats], j: int, deadline: Deadline | None = None) -> tuple[Reply, Floats]:
    """Return Bob j's best reply to the others' schemes, and the kernel [S][M] of what Alice learns from them."""
    kernel, order = around(game, profile, j)
    return best_reply(game, game.utilities[j], kernel, order, deadline), kernel


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
    data = {"bob": game.names[which(game, request)], "kernel": kernel, "maps": [region.choice for region in listed]}
    return [Formulation("private_signaling", "LP", data)]


def which(game: Persuasion, request: Request) -> int:
    """Return the index of the Bob whose best response is asked for (``--bob NAME`` or ``--player I``)."""
    if request.bob is not None:
        index = game.index(request.bob)
        if index is None:
            raise UsageError(f"bob {request.bob}: has no scheme in a profile, expected one of {', '.join(game.names)}")
        return index
    if request.player is None:
        return 0
    if not 0 <= request.player < len(game.bobs):
        raise UsageError(f"player {request.player}: expected 0 to {len(game.bobs) - 1}")
    return int(request.player)


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
