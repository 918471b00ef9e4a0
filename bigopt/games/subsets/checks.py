"""What the data of a game on a finite set must be, beyond shapes: sizes that fit, items that differ, no dust."""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import LARGEST, Floats, Ints
from bigopt.errors import InstanceError

LARGEST_SIZE = 1_000  # items that one player may show, with repeats
SMALLEST = 1e-60  # exact sums are integers over a common denominator, whose squares floats must hold


def sizes(given: Ints, m: int, repeats: bool) -> None:
    """Refuse players who show more items than there are, or than anybody reads."""
    large = np.flatnonzero(given > (LARGEST_SIZE if repeats else m))
    if len(large) and not repeats:
        i = int(large[0])
        raise InstanceError(
            f"sizes[{i}]: {given[i]}, expected at most {m} (the number of items): lower it, or set repeats to true"
        )
    if len(large):
        raise InstanceError(f"sizes[{int(large[0])}]: {given[large[0]]}, expected at most {LARGEST_SIZE}: lower it")


def small(array: Floats, path: str) -> None:
    """Refuse numbers whose products, in integers over a common denominator, no float could hold."""
    small = (array != 0) & (np.abs(array) < SMALLEST)
    if small.any():
        where = "".join(f"[{i}]" for i in np.argwhere(small)[0])
        raise InstanceError(f"{path}{where}: {array[small][0]:g}, expected 0 or a size of at least {SMALLEST:g}")


def reach(weights: Floats, given: Ints, items: Floats, background: float) -> None:
    """Refuse a receiver who may be so far away that no float holds a squared loss: any regret is 0 of infinity."""
    shown = sum(abs(w) * k for w, k in zip(weights.tolist(), given.tolist(), strict=True))
    farthest = shown * float(np.abs(items).max()) + background
    if not farthest <= LARGEST:
        raise InstanceError(
            f"weights: the receiver may be {farthest:.2g} from 0, expected at most {LARGEST:g}:"
            " lower weights, items or the background"
        )


def distinct(items: Floats) -> None:
    """Refuse equal items: a set has none, and two names for one action would count every equilibrium twice."""
    _, first, group = np.unique(items + 0.0, axis=0, return_index=True, return_inverse=True)
    copies = np.flatnonzero(first[group.ravel()] != np.arange(len(items)))
    if len(copies):
        j = int(copies[0])
        raise InstanceError(
            f"items[{j}]: {items[j].tolist()} is also items[{first[group.ravel()[j]]}], expected a set of different"
            " items: drop one of the two (repeats lets a player show an item more than once)"
        )
