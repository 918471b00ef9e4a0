"""One Bob's best response to the other Bobs' schemes."""

from __future__ import annotations

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Answer, Request
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import SOLVED
from bigopt.errors import UsageError
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.exact.reply import Reply, best_reply, ties
from bigopt.games.persuasion.game import Persuasion


def reply_to(game: Persuasion, profile: list[Floats], j: int, deadline: Deadline | None = None) -> tuple[Reply, Floats]:
    """Return Bob j's best reply to the others' schemes, and the kernel [S][M] of what Alice learns from them."""
    kernel = signals.combine([signals.alone(game), *(scheme for i, scheme in enumerate(profile) if i != j)])
    favoured = signals.tie_order(game) if len(game.bobs) > 1 else None
    return best_reply(game, game.utilities[j], kernel, ties(game, kernel, favoured), deadline), kernel


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
    return Answer(point, reply.value, reply.bound, reply.stopped, holds, method="column generation")
