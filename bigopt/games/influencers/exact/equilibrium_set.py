"""What there is to know of all equilibria of a game off boxes."""

from __future__ import annotations

from dataclasses import dataclass

from bigopt.arithmetic.arrays import Floats, Ints


@dataclass(frozen=True)
class EquilibriumSet:
    """Who moves in the set of equilibria, and how large it is.

    Attributes
    ----------
    receiver : ndarray, shape (d,)
        The same at every equilibrium.
    actions : ndarray, shape (n, d)
        One equilibrium up to rounding; in others only the players `tied` and those of weight 0 move.
    dimension : int
        The affine dimension of the set in R^(n d), exactly; 0 means one equilibrium.
    tied : ndarray of int
        The players of weight who play differently in different equilibria.
    """

    receiver: Floats
    actions: Floats
    dimension: int
    tied: Ints
