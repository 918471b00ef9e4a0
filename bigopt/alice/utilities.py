"""What Alice and the Bobs get in every outcome, in integers: no unit and no origin changes what is said about them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.decimals import integers
from bigopt.errors import UsageError

Integers = npt.NDArray[Any]  # Python integers, dtype object
Index = npt.NDArray[np.intp]


class Aligned(Protocol):
    """A game with an Alice and Bobs who value the same outcomes."""

    def outcome_utilities(self) -> tuple[Floats, Floats]:
        """Return Alice's utilities [N] and the Bobs' [k, N] over all N outcomes (a, y)."""
        ...


@dataclass(frozen=True, eq=False)
class Utilities:
    """Integer utilities above each player's least, and what one unit of each is worth.

    Attributes
    ----------
    alice : integers [N], the least of them 0
    bobs : integers [k, N], the least of each 0
    unit : Fraction
        Alice's unit.
    units : tuple of Fraction [k]
    lows : tuple of Fraction [1 + k]
        Alice's and the Bobs' least utilities.
    upper, lower : index arrays
        The outcomes on which ``w U + c <= u_A + epsilon`` and ``w U + c >= u_A - epsilon`` are asked for.
    """

    alice: Integers
    bobs: Integers
    unit: Fraction
    units: tuple[Fraction, ...]
    lows: tuple[Fraction, ...]
    upper: Index
    lower: Index

    @property
    def k(self) -> int:
        """Number of Bobs."""
        return len(self.bobs)

    @property
    def spans(self) -> tuple[Fraction, ...]:
        """The ranges of Alice's and the Bobs' utilities, [1 + k]."""
        tops = [int(row.max()) for row in (self.alice, *self.bobs)]
        return tuple(top * unit for top, unit in zip(tops, (self.unit, *self.units), strict=True))

    @cached_property
    def spread(self) -> float:
        """The middle half of Alice's utilities is this wide: her typical stake, whatever single outcomes are worth."""
        return float(_middle_half(self.alice) * self.unit)

    @cached_property
    def spreads(self) -> tuple[float, ...]:
        """The same of every Bob, [k]."""
        return tuple(float(_middle_half(row) * unit) for row, unit in zip(self.bobs, self.units, strict=True))

    @cached_property
    def normalized(self) -> tuple[Floats, Floats]:
        """Alice's utilities [N] and the Bobs' [k, N] from 0 to 1 (0 where constant)."""
        return _share(self.alice), np.array([_share(row) for row in self.bobs])

    def scale(self, convex: bool) -> tuple[float, Floats]:
        """Return a unit of epsilon and the Bobs' ranges, by which programs in floats divide; 1 where all is constant.

        With convex weights a table of Bobs who all move more than Alice is measured by the least of them.
        """
        spans = [float(span) for span in self.spans]
        sizes = np.array([span or spans[0] or 1.0 for span in spans[1:]])
        return max(spans[0], float(sizes.min()) if convex else 0.0) or 1.0, sizes

    def measure(self, weights: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
        r"""Return (epsilon, offset) of given weights: the half range of the residuals, and minus its middle.

        The residuals are :math:`r = \sum_j w_j U_j - u_A`; on one-sided sets epsilon is cut off at 0.
        """
        shares = [w * u / self.unit for w, u in zip(weights, self.units, strict=True)]
        common = math.lcm(1, *(share.denominator for share in shares))
        whole = np.array([int(share * common) for share in shares], dtype=object)
        residual = whole @ self.bobs - common * self.alice
        moved = sum((w * low for w, low in zip(weights, self.lows[1:], strict=True)), -self.lows[0])
        top, bottom = (
            Fraction(int(end)) * self.unit / common + moved
            for end in (residual[self.upper].max(), residual[self.lower].min())
        )
        return max(Fraction(0), (top - bottom) / 2), -(top + bottom) / 2


def utilities(
    alice: npt.ArrayLike, bobs: npt.ArrayLike, upper: Index | None = None, lower: Index | None = None
) -> Utilities:
    """Read Alice's utilities [N] and the Bobs' [k, N] (or of any shape [...] and [k, ...]) as decimals.

    Arrays of fractions are taken as they are. `upper` and `lower` default to all outcomes.
    """
    target, table = np.asarray(alice), np.asarray(bobs)
    if table.ndim < 2 or not len(table) or table[0].size != target.size:
        raise UsageError(f"utilities of shape {table.shape} against Alice's {target.size} outcomes, expected [k, N]")
    rows, units, lows = [], [], []
    for player in (target.ravel(), *table.reshape(len(table), -1)):
        whole, q = integers(player)
        low = min(whole.tolist())
        above = whole - low
        common = math.gcd(*above.tolist()) or 1
        rows.append(above // common)
        units.append(Fraction(common, q))
        lows.append(Fraction(low, q))
    every = np.arange(target.size)
    sides = [every if side is None else np.asarray(side, dtype=np.intp) for side in (upper, lower)]
    return Utilities(rows[0], np.array(rows[1:], dtype=object), units[0], tuple(units[1:]), tuple(lows), *sides)


def _middle_half(row: Integers) -> int:
    ordered = sorted(row.tolist())
    return int(ordered[(3 * len(ordered)) // 4] - ordered[len(ordered) // 4])


def _share(row: Integers) -> Floats:
    top = int(row.max()) or 1
    return np.array([value / top for value in row.tolist()])
