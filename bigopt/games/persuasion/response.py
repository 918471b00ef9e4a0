"""What one Bob does: his best scheme alone, and his best reply to the others' schemes."""

from __future__ import annotations

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.errors import UsageError
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.exact.regions import favour
from bigopt.games.persuasion.exact.reply import Reply, best_reply
from bigopt.games.persuasion.exact.scheme import best_scheme
from bigopt.games.persuasion.game import Persuasion


def optimum(game: Persuasion, utility: Floats, deadline: Deadline | None = None) -> tuple[Floats, str]:
    """Return a sender's single-sender optimum with direct recommendations [S][R], and the solver's status."""
    if game.alice_signal is not None:
        kernel = signals.alone(game)
        reply = best_reply(game, utility, kernel, favour(game, several=False), deadline)
        return reply.scheme, reply.stopped
    found = best_scheme(game, utility, game.margin, deadline)
    return signals.cleaned(found.scheme), found.stopped


def around(game: Persuasion, profile: list[Floats], j: int) -> tuple[Floats, list[Floats] | None]:
    """Return the kernel [S][M] of what Alice learns without Bob j, and whose utilities decide her ties."""
    kernel = signals.combine([signals.alone(game), *(scheme for i, scheme in enumerate(profile) if i != j)])
    return kernel, favour(game, several=len(game.bobs) > 1)


def reply_to(game: Persuasion, profile: list[Floats], j: int, deadline: Deadline | None = None) -> tuple[Reply, Floats]:
    """Return Bob j's best reply to the others' schemes, and the kernel [S][M] of what Alice learns from them."""
    kernel, order = around(game, profile, j)
    return best_reply(game, game.utilities[j], kernel, order, deadline), kernel


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
