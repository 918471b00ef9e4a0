"""Members of the equilibrium set: ranges, extreme ones, and the one of least norm, from linear minimization over it."""

from __future__ import annotations

from bigopt.action_sets import Ball, Box
from bigopt.concepts.concept import Request
from bigopt.errors import UnsupportedProblem
from bigopt.games.influencers.exact.equilibria import Equilibria
from bigopt.games.influencers.exact.members.base import Members
from bigopt.games.influencers.exact.members.by_solver import DELEGATES, BySolver
from bigopt.games.influencers.exact.members.on_ball import OnBall
from bigopt.games.influencers.exact.members.on_box import OnBox
from bigopt.games.influencers.exact.members.on_face import OnFace
from bigopt.games.influencers.game import Influencers

__all__ = ["DELEGATES", "Members", "of"]


def of(game: Influencers, request: Request, known: Equilibria) -> Members:
    """Return the members of a game's equilibrium set, minimized over by `exact` or by the solver that was named."""
    if request.solver != "exact" and not game.action_set.polyhedral:
        reason = f"cannot take ne-set of {game.name} (a {game.action_set.type} has no linear face)"
        raise UnsupportedProblem(f"solver {request.solver}: {reason}: use --solver exact")
    own: Members
    if isinstance(game.action_set, Box):
        own = OnBox(request, known)
    else:
        own = OnBall(request, known) if isinstance(game.action_set, Ball) else OnFace(request, known)
    return BySolver(request, known, own) if request.solver != "exact" else own
