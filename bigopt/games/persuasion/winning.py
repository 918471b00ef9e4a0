"""Beliefs at which an action clearly is the best: floats settle most of the actions of a large game."""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats

SUITING = 64  # states of a belief at which an action is tried in floats, before a program decides
CLEAR = 1e-9  # of the largest difference: a larger lead is no rounding


def clearly_wins(lead: Floats) -> bool:
    """Whether an action is strictly best, with room for rounding, at an even belief on the states that suit it most.

    `lead` [S][A] is by how much it is better, infinite beside itself. What floats leave open is False.
    """
    order = np.argsort(-lead.min(axis=1), kind="stable")[:SUITING]
    counts = np.arange(1, len(order) + 1)[:, None]
    size = np.abs(np.where(np.isfinite(lead), lead, 0.0)).max()
    return bool(((np.cumsum(lead[order], axis=0) / counts) > CLEAR * size).all(axis=1).any())
