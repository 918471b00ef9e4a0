"""Rows of linear inequalities in one unit: that of length."""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats

FLAT = 1e-9  # of the set's size: a set thinner than this has no interior


def unit_rows(rows: Floats, sides: Floats) -> tuple[Floats, Floats]:
    """Scale each row, with its side, to unit length; rows of zeros stay."""
    lengths = np.linalg.norm(rows, axis=1)
    lengths = np.where(lengths > 0, lengths, 1.0)
    return rows / lengths[:, None], sides / lengths
