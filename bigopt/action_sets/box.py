"""Boxes: the product of an interval a coordinate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from bigopt.action_sets.base import ActionSet, Flags, sized
from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.arithmetic.rationals import matrix, minus
from bigopt.errors import InstanceError


@dataclass(frozen=True, eq=False)
class Box(ActionSet):
    """The box {x : lower <= x <= upper}.

    Parameters
    ----------
    lower, upper : array_like, shape (d,)

    Raises
    ------
    InstanceError
        If a lower bound exceeds its upper bound.

    Examples
    --------
    >>> import bigopt
    >>> bigopt.Box([0.0, -1.0], [6.0, 1.0]).dimension
    2
    """

    lower: Floats
    upper: Floats
    type: ClassVar[str] = "box"

    if TYPE_CHECKING:  # anything array-like is taken, and kept as checked arrays

        def __init__(
            self,
            lower: npt.ArrayLike,
            upper: npt.ArrayLike,
        ) -> None: ...

    def __post_init__(self) -> None:
        """Validate the bounds."""
        self.fix("lower", numbers(self.lower, "lower", [None], ["coordinate"]))
        self.fix("upper", numbers(self.upper, "upper", [len(self.lower)], ["coordinate"]))
        crossed = np.flatnonzero(self.lower > self.upper)
        if len(crossed):
            k = crossed[0]
            raise InstanceError(f"lower[{k}]: {self.lower[k]:g}, expected at most upper[{k}] = {self.upper[k]:g}")
        self.fix("dimension", len(self.lower))
        sized(self.upper - self.lower, "upper")

    def contains(self, points: Floats) -> Floats:
        """Return the largest excess over a bound."""
        return np.asarray(np.maximum(np.maximum(self.lower - points, points - self.upper).max(axis=1), 0.0))

    def project(self, points: Floats) -> Floats:
        """Clip each coordinate."""
        return np.clip(points, self.lower, self.upper)

    def argmax(self, directions: Floats) -> Floats:
        """Return a corner; where y_k = 0, the lower bound."""
        return np.where(directions > 0, self.upper, self.lower)

    def interior(self, points: Floats, tolerance: float = 0.0) -> Flags:
        """Whether every coordinate is strictly between its bounds."""
        return np.asarray((np.minimum(points - self.lower, self.upper - points) > tolerance).all(axis=1))

    @property
    def has_interior(self) -> bool:
        """Whether lower < upper everywhere."""
        return bool((self.lower < self.upper).all())

    @property
    def middle(self) -> Floats:
        """The middle."""
        return 0.5 * self.lower + 0.5 * self.upper

    def moved(self, origin: Floats) -> Box:
        """Move both bounds."""
        return Box(*(minus(bound, matrix(origin)) for bound in (self.lower, self.upper)))

    @classmethod
    def parse(cls, data: Mapping[str, Any], dimension: int) -> Self:
        """Read lower [d] and upper [d]."""
        bounds = (numbers(data[key], key, [dimension], ["coordinate"]) for key in ("lower", "upper"))
        return cls(*bounds)
