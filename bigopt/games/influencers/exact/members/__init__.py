"""Members of the equilibrium set: ranges, extreme ones, and the one of least norm, from linear minimization over it."""

from __future__ import annotations

from bigopt.action_sets import Ball, Box
from bigopt.concepts.concept import Request
from bigopt.games.influencers.exact.equilibria import Equilibria
from bigopt.games.influencers.exact.members.base import Members
from bigopt.games.influencers.exact.members.on_ball import OnBall
from bigopt.games.influencers.exact.members.on_box import OnBox
from bigopt.games.influencers.exact.members.on_face import OnFace
from bigopt.games.influencers.game import Influencers

__all__ = ["Members", "of"]


def of(game: Influencers, request: Request, known: Equilibria) -> Members:
    """Return the members of a game's equilibrium set."""
    if isinstance(game.action_set, Box):
        return OnBox(request, known)
    return OnBall(request, known) if isinstance(game.action_set, Ball) else OnFace(request, known)
