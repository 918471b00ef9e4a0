"""Groups of agents, and the types that they may report: a size and a reward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats
from bigopt.errors import InstanceError

SUM = 1e-9  # by how much a sum or a largest entry may miss 1


@dataclass(frozen=True, eq=False)
class Group:
    """A group of agents, or a type that it may report: its name, its size and its reward, shape [m]."""

    name: str
    size: int
    reward: Floats

    if TYPE_CHECKING:  # anything array-like is taken, and kept as checked arrays

        def __init__(
            self,
            name: str,
            size: int,
            reward: npt.ArrayLike,
        ) -> None: ...


def check_reward(reward: Floats, normalization: str, path: str) -> None:
    """Refuse a reward [m] that is negative, or whose sum (or largest entry) is not 1."""
    if (reward < 0).any():
        x = int(np.argmax(reward < 0))
        raise InstanceError(f"{path}[{x}]: {reward[x]:g}, expected a number of at least 0")
    size = float(reward.sum() if normalization == "sum" else reward.max())
    if abs(size - 1.0) > SUM:
        word = "sums to" if normalization == "sum" else "has the largest entry"
        raise InstanceError(f"{path}: {word} {size:.12g}, expected 1 (normalization {normalization})")


def plain(group: Group) -> dict[str, Any]:
    """Return the keys of an instance file."""
    return {"name": group.name, "size": group.size, "reward": group.reward.tolist()}


def distinct(names: list[str], path: str) -> None:
    """Refuse names that stand twice."""
    seen: set[str] = set()
    for i, name in enumerate(names):
        if name in seen:
            raise InstanceError(f"{path}[{i}].name: {name[:40]!r} stands twice, expected distinct names")
        seen.add(name)
