"""What Alice does after a signal: ties are judged by what is at stake between the two actions, nothing else.

Two actions tie after a signal where their expected utilities differ by at most `TIE` of the sum of their differences'
sizes over the states that it leaves: the rounding of a scheme to floats, whatever the unit, the origin or the other
entries of the table.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.decimals import Decimals

TIE = 1e-8  # of what is at stake between two actions: what rounding, and a solver's tolerance, leave of a tie
Flags = npt.NDArray[np.bool_]


def choose(joint: Floats, alice: Decimals, allowed: Flags, favoured: Sequence[Decimals] = ()) -> Ints:
    """Return Alice's action for each column of joint probabilities.

    Parameters
    ----------
    joint : ndarray [S][R]
    alice : Decimals [S][A]
    allowed : flags [A]
        Actions that she ever takes.
    favoured : sequence of Decimals [S][A]
        Utilities that decide ties, one after the other; what is left goes to the lowest index.
    """
    return np.array(
        [_first(column, tied_actions(column, alice, allowed), favoured) for column in joint.T], dtype=np.int64
    )


def tied_actions(column: Floats, alice: Decimals, allowed: Flags, margin: float = 0.0) -> Ints:
    """Return the allowed actions within a margin of the best after one signal of joint probabilities [S], ascending."""
    return _best(column, alice, np.flatnonzero(allowed), margin)


def _first(column: Floats, tied: Ints, favoured: Sequence[Decimals]) -> int:
    for utility in favoured:
        if len(tied) == 1:
            break
        tied = _best(column, utility, tied)
    return int(tied[0])


def _best(column: Floats, utility: Decimals, among: Ints, margin: float = 0.0) -> Ints:
    """Return which of some actions are no worse than any other of them, by `TIE` and a margin."""
    used = np.flatnonzero(column)
    mass = column[used]
    near, rest = utility.nearest[np.ix_(used, among)], utility.rest[np.ix_(used, among)]
    best = 0
    for _ in range(len(among)):  # the differences from the best so far, until none exceeds it
        lead = (near - near[:, [best]]) + (rest - rest[:, [best]])
        gain, stake = mass @ lead, mass @ np.abs(lead)
        ahead = int(gain.argmax())
        if gain[ahead] <= TIE * stake[ahead]:
            break
        best = ahead
    slack = margin * mass.sum()
    return np.asarray(among[gain >= -slack - TIE * (stake + slack)], dtype=np.int64)
