"""Rows of linear inequalities in one unit, that of length, and about another origin."""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.rationals import floats, matrix

FLAT = 1e-9  # of the set's size: a set thinner than this has no interior


def unit_rows(rows: Floats, sides: Floats) -> tuple[Floats, Floats]:
    """Scale each row, with its side, to unit length; rows of zeros stay."""
    lengths = np.linalg.norm(rows, axis=1)
    lengths = np.where(lengths > 0, lengths, 1.0)
    return rows / lengths[:, None], sides / lengths


def moved_sides(rows: Floats, sides: Floats, origin: Floats) -> Floats:
    """Return sides - rows origin, each but for its last rounding: the sides about another origin."""
    if not origin.any():
        return sides
    return np.asarray(floats(matrix(sides) - matrix(rows) * matrix(origin))[:, 0])
