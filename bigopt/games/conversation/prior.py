"""The prior of a conversation: decimals or whole weights, kept as coprime integers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats, numbers, whole
from bigopt.arithmetic.decimals import integers
from bigopt.errors import InstanceError

DIGITS = 120  # of whole numbers that stand for the prior, or for all utilities of a player: their squares are floats


def weights_of(prior: Any, weights: Any, shape: list[int | None]) -> npt.NDArray[np.object_]:
    """Return the prior as coprime integers."""
    per = ["feature of Alice", "feature of the Bobs", "state"]
    if (weights is None) == (prior is None):
        found = "neither" if weights is None else "both"
        raise InstanceError(f"prior: {found} prior and prior_weights given, expected exactly one of them")
    if isinstance(weights, np.ndarray) and weights.dtype == object:
        given = weights  # another game's own, however long
    elif weights is not None:
        given = whole(weights, "prior_weights", shape, per).astype(object)
        if not given.any():
            raise InstanceError("prior_weights: all zero, expected at least one positive weight")
    else:
        chances = numbers(prior, "prior", shape, per)
        if chances.min() < 0:
            where = "".join(f"[{i}]" for i in np.argwhere(chances < 0)[0])
            raise InstanceError(f"prior{where}: {chances[chances < 0][0]:g}, expected a probability")
        if abs(math.fsum(chances.ravel().tolist()) - 1) > 1e-9:
            total = math.fsum(chances.ravel().tolist())
            raise InstanceError(f"prior: sums to {total:.12g}, expected 1 (or use prior_weights)")
        given = integers(chances)[0]
    return np.asarray(given // math.gcd(*given.ravel().tolist()), dtype=object)


def refuse_long(whole: npt.NDArray[Any], path: str) -> None:
    """Refuse numbers that are too far apart for one unit."""
    digits = len(str(max(abs(v) for v in whole.ravel().tolist())))
    if digits > DIGITS:
        raise InstanceError(
            f"{path}: takes whole numbers of {digits} digits, expected at most {DIGITS}: round the smallest to 0"
        )


def shares(weights: npt.NDArray[np.object_]) -> Floats:
    """Return integer weights as probabilities (integer division rounds correctly however long they are)."""
    flat = weights.ravel().tolist()
    total = sum(flat)
    return np.array([w / total for w in flat]).reshape(weights.shape)
