r"""Weights of any sum that floats can write.

Where two Bobs are the same or opposite up to rounding, as U and 1 - U computed in floats, the exact decimals allow
weights of 1e16 that live on the rounding alone, and no float says them. Then the best weights are looked for among
those that move at most `MOST` times Alice's range each and together, :math:`\sum_j w_j \,\text{range}(U_j) \le
\text{MOST} \cdot \text{range}(u_A)`: with a Bob who is worth 0 everywhere, a program whose weights sum to one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from bigopt.alice.utilities import Utilities
from bigopt.arithmetic.decimals import fraction

MOST = 2**10  # Alice's ranges: rounding weights that move no more costs 1e-13 of hers


SAME = 1e-8  # of the stake: what writing the weights may add to epsilon
LOST = 2.0**40  # typical stakes: products with weights that move more lose all but four digits in floats


def held(table: Utilities, weights: Sequence[float], best: Fraction, stake: float) -> bool:
    """Whether floats can say weights whose epsilon is `best`: it stays what it is, and floats can evaluate it."""
    lost = table.measure([fraction(w) for w in weights])[0] - best
    moved = sum(w * spread for w, spread in zip(weights, table.spreads, strict=True))
    return lost <= SAME * stake and moved <= LOST * stake


def factors(table: Utilities) -> list[Fraction]:
    """Return the largest weight of each Bob alone."""
    own, *spans = table.spans
    return [MOST * own / span if span else Fraction(1) for span in spans]


def limited(table: Utilities) -> Utilities:
    """Return the table of Bobs at their largest weights, and one of worth 0 last: its convex weights are all."""
    most = factors(table)
    nobody = np.zeros((1, table.alice.size), dtype=object)
    return replace(
        table,
        bobs=np.vstack([table.bobs, nobody]),
        units=(*(unit * times for unit, times in zip(table.units, most, strict=True)), Fraction(1)),
        lows=(table.lows[0], *(low * times for low, times in zip(table.lows[1:], most, strict=True)), Fraction(0)),
    )
