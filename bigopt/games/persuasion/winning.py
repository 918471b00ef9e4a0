"""The actions that some belief makes Alice take: floats settle most of them, programs in fractions the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bigopt.alice.beliefs import Rival, closure
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.decimals import Decimals
from bigopt.arithmetic.flint_or_fractions import fmpq

SUITING = 64  # states of a belief at which an action is tried in floats, before a program decides
CLEAR = 1e-9  # of the largest difference: a larger lead is no rounding


@dataclass(frozen=True, eq=False)
class Choices:
    """Alice's utility as it was written and in fractions [S][A], the latter on the `live` states alone."""

    decimals: Decimals
    live: Ints
    rows: list[list[fmpq]]

    def taken(self, first: bool, margin: fmpq) -> npt.NDArray[np.bool_]:
        """Flag the actions [A] that Alice takes at some belief, by a margin, and under the rule `first` if asked."""
        known, beaten = self._seen_at_once(first, float(int(margin.numerator) / int(margin.denominator)))
        rivals = np.flatnonzero(~beaten if margin == 0 else np.ones_like(beaten)).tolist()
        flags = [bool(known[a]) or not beaten[a] and self._takes(a, first, margin, rivals) for a in range(len(known))]
        return np.array(flags, dtype=bool)

    def _seen_at_once(self, first: bool, margin: float) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Flag the actions that Alice takes in some state that she knows, and those that another beats in all."""
        actions = len(self.rows[0])
        known, beaten = np.zeros((2, actions), dtype=bool)
        for a in range(actions):
            lead = self.decimals.lead(a, slice(None))[self.live] - margin
            lead[:, a] = np.inf
            before = lead[:, :a] > 0 if first else lead[:, :a] >= 0
            known[a] = (before.all(axis=1) & (lead[:, a:] >= 0).all(axis=1)).any()
            beaten[a] = (lead < 0).all(axis=0).any()
            known[a] |= not beaten[a] and _clearly_wins(lead)
        return known, beaten

    def _takes(self, a: int, first: bool, margin: fmpq, others: list[int]) -> bool:
        """Whether Alice takes an action at some belief."""
        rivals = [Rival(([u[a] - u[b] - margin for u in self.rows],), b > a or not first) for b in others if b != a]
        return closure(rivals, len(self.rows)) is not None


def _clearly_wins(lead: Floats) -> bool:
    """Whether an action is strictly best, with room for rounding, at an even belief on the states that suit it most.

    `lead` [S][A] is by how much it is better, infinite beside itself. What floats leave open is False.
    """
    order = np.argsort(-lead.min(axis=1), kind="stable")[:SUITING]
    counts = np.arange(1, len(order) + 1)[:, None]
    size = np.abs(np.where(np.isfinite(lead), lead, 0.0)).max()
    return bool(((np.cumsum(lead[order], axis=0) / counts) > CLEAR * size).all(axis=1).any())
