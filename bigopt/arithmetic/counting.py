"""Counts and repetitions by whole numbers of 64 bits, on machines too whose own index has 32 (a browser)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def counted(groups: npt.ArrayLike, weights: npt.ArrayLike | None = None, least: int = 0) -> npt.NDArray[Any]:
    """Return how often each number from 0 on occurs, or the sum of its weights; at least so many entries."""
    return np.bincount(np.asarray(groups, dtype=np.intp), weights, least)


def repeated(values: npt.ArrayLike, counts: npt.ArrayLike, axis: int | None = None) -> npt.NDArray[Any]:
    """Return each of the values as often as its count says."""
    return np.repeat(np.asarray(values), np.asarray(counts, dtype=np.intp), axis)
