"""What all equilibria of a game have in common: the receiver, and the shape of their set."""

from __future__ import annotations

from dataclasses import dataclass

from bigopt.action_sets import Box
from bigopt.deadline import Deadline
from bigopt.errors import UnsupportedProblem
from bigopt.influencers import box
from bigopt.influencers.game import Influencers
from bigopt.numbers import Floats


@dataclass(frozen=True)
class Equilibria:
    """The equilibrium set, squared loss.

    Attributes
    ----------
    receiver : ndarray, shape (d,)
        The same at every equilibrium.
    dimension : int
        The affine dimension of the set in R^(n d); 0 means one equilibrium.
    """

    receiver: Floats
    dimension: int


def of(game: Influencers, deadline: Deadline, guess: Floats | None = None) -> Equilibria:
    """Return what is known of a game's equilibria; a good `guess` of the receiver saves time."""
    if isinstance(game.action_set, Box):
        found = box.coordinates(game, guess)
        return Equilibria(box.receiver(found), box.dimension(game, found))
    raise UnsupportedProblem(f"{game.action_set.type}: not yet")
