"""A subset game in integers, where ties are ties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic import decimals
from bigopt.arithmetic.arrays import Floats, Ints

Objects = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Exact:
    """The game in integers: every number that a person wrote, times one common `denominator`.

    Losses and the potential are in units of 1/denominator^2, so that ties are ties.
    """

    denominator: int
    weighted: Objects  # [n][m][d], w_i x_j
    targets: Objects  # [n][d]
    background: Objects  # [d], w_0 x_0

    @classmethod
    def of(
        cls, weights: Floats, items: Floats, targets: Floats, background_weight: float, background_point: Floats | None
    ) -> Exact:
        """Return the integers of a game's data."""
        w, qw = decimals.integers(weights)
        x, qx = decimals.integers(items)
        t, qt = decimals.integers(targets)
        w0, qw0 = decimals.integers([background_weight])
        x0, qx0 = decimals.integers(background_point if background_point is not None else [0.0])
        q = lcm(qw * qx, qt, qw0 * qx0)
        weighted = np.multiply.outer(w * (q // (qw * qx)), x)
        return cls(q, weighted, t * (q // qt), x0 * (w0[0] * (q // (qw0 * qx0))))

    def centred(self, sizes: Ints) -> Exact:
        """Return the game with every item as its difference from the first one, and the origin moved accordingly.

        Everybody shows a fixed number of items, so that a shift of all items only moves the receiver: numbers that are
        large because they lie far from 0 become small, and float64 tells them apart.
        """
        first = self.weighted[:, 0, :]
        origin = self.background + (first * np.array(sizes.tolist(), dtype=object)[:, None]).sum(axis=0)
        return Exact(self.denominator, self.weighted - first[:, None, :], self.targets - origin, 0 * origin)

    def receiver(self, choices: Sequence[Sequence[int]]) -> Objects:
        """Return the receiver's point in integers, shape [d]."""
        shown = [vectors[list(choice)].sum(axis=0) for vectors, choice in zip(self.weighted, choices, strict=True)]
        return np.asarray(self.background + np.sum(shown, axis=0))

    def losses(self, choices: Sequence[Sequence[int]]) -> list[int]:
        """Return every player's loss in integers."""
        return [int(value) for value in ((self.receiver(choices) - self.targets) ** 2).sum(axis=1)]

    def potential(self, choices: Sequence[Sequence[int]]) -> int:
        """Return the potential in integers."""
        linear = 0
        for vectors, target, choice in zip(self.weighted, self.targets, choices, strict=True):
            linear += int(vectors[list(choice)].sum(axis=0) @ target)
        return int((self.receiver(choices) ** 2).sum()) - 2 * linear
