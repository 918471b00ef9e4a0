"""What every answer that is one scheme of a market holds."""

from __future__ import annotations

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts.solution import Solution


class SchemeSolution(Solution):
    """A scheme, what it gives to everybody, and how far Alice can be from her first best.

    Attributes
    ----------
    scheme : [S], indices of policies
        The policy of each state; [S][policies] probabilities where schemes are randomized.
    alice : unit of Alice's utility
        Alice's expected utility.
    bobs : [k], units of the Bobs' utilities
        The Bobs' expected utilities.
    selected : index of a Bob
        The Bob whom Alice selects.
    opt : unit of Alice's utility
        Her first best: her favourite policy in every state.
    misalignment : unit of Alice's utility
        Section 7's epsilon over stable outcomes; None where the stable set is too large, or schemes are randomized.
    bound : unit of Alice's utility
        Theorem 6: no stable scheme gives her less than opt - 2 misalignment; None as there.
    """

    scheme: Ints | list[list[float]]
    alice: float
    bobs: Floats
    selected: int
    opt: float
    misalignment: float | None
    bound: float | None
