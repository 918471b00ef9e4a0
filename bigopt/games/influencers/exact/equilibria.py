"""What all equilibria of a game have in common: the receiver, and the shape of their set."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from bigopt.action_sets import Ball, Box
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.games.influencers.exact import ball, box, vertices
from bigopt.games.influencers.exact.ball_ties import ball_ties
from bigopt.games.influencers.exact.equilibrium_set import EquilibriumSet
from bigopt.games.influencers.exact.optimal_face import OptimalFace, optimal_face
from bigopt.games.influencers.game import Influencers


@dataclass(frozen=True)
class Equilibria:
    """The equilibrium set, squared loss.

    Attributes
    ----------
    game : Influencers
    receiver : ndarray, shape (d,)
        The same at every equilibrium.
    actions : ndarray, shape (n, d), or None
        One equilibrium; None on a box, where `coordinates` describes them all.
    gap : float
        The potential of `actions` plus 2 D(receiver), both up to rounding.
    deadline : Deadline
        For what is found out later.
    """

    game: Influencers
    receiver: Floats
    actions: Floats | None = None
    coordinates: tuple[box.Coordinate, ...] = ()
    gap: float = 0.0
    deadline: Deadline = field(default_factory=Deadline)

    @cached_property
    def face(self) -> EquilibriumSet:
        """Who moves, off boxes."""
        assert self.actions is not None
        find = ball_ties if isinstance(self.game.action_set, Ball) else optimal_face
        return find(self.game, self.actions, self.receiver, self.gap, self.deadline)

    @cached_property
    def exact_face(self) -> OptimalFace:
        """Who moves on a polyhedron, with everybody's action exact but for its last rounding."""
        assert self.actions is not None
        return optimal_face(self.game, self.actions, self.receiver, self.gap, self.deadline, exactly=True)

    @property
    def dimension(self) -> int:
        """The affine dimension of the set in R^(n d); 0 means one equilibrium."""
        return box.dimension(self.game, self.coordinates) if self.coordinates else self.face.dimension


def of(
    game: Influencers,
    deadline: Deadline,
    guess: Floats | None = None,
    proved: Floats | None = None,
    gap: float = 0.0,
) -> Equilibria:
    """Return what is known of a game's equilibria.

    Parameters
    ----------
    guess : ndarray, shape (d,), optional
        A receiver near the equilibrium's, which may save time and does no harm.
    proved : ndarray, shape (n, d), optional
        Actions that were found to be an equilibrium up to rounding; `guess` is their receiver then.
    gap : float
        The potential of `proved` plus 2 D(guess).
    """
    if isinstance(game.action_set, Box):
        coordinates = tuple(box.coordinates(game, guess))
        return Equilibria(game, box.receiver(coordinates), None, coordinates)
    if proved is not None and guess is not None:
        receiver = ball.snapped(game, guess) if isinstance(game.action_set, Ball) else guess
        return Equilibria(game, receiver, proved, gap=gap, deadline=deadline)
    found = (ball if isinstance(game.action_set, Ball) else vertices).solve(game, deadline)
    return Equilibria(game, found.receiver, found.actions, gap=found.gap, deadline=deadline)
