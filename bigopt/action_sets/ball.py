"""Euclidean balls, the one kind that no linear inequalities describe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from bigopt.action_sets.base import ActionSet, Flags, sized
from bigopt.arithmetic.arrays import Floats, number, numbers
from bigopt.arithmetic.rationals import matrix, minus


@dataclass(frozen=True, eq=False)
class Ball(ActionSet):
    """The Euclidean ball {x : |x - center| <= radius}.

    Parameters
    ----------
    center : array_like, shape (d,)
    radius : float
        At least 0.
    """

    center: Floats
    radius: float
    type: ClassVar[str] = "ball"
    polyhedral: ClassVar[bool] = False

    if TYPE_CHECKING:  # anything array-like is taken, and kept as checked arrays

        def __init__(
            self,
            center: npt.ArrayLike,
            radius: float,
        ) -> None: ...

    def __post_init__(self) -> None:
        """Validate center and radius."""
        self.fix("center", numbers(self.center, "center", [None], ["coordinate"]))
        self.fix("radius", number(self.radius, "radius", low=0.0))
        sized(self.radius, "radius")
        self.fix("dimension", len(self.center))

    def contains(self, points: Floats) -> Floats:
        """Return the distance to the ball."""
        return np.asarray(np.maximum(np.linalg.norm(points - self.center, axis=1) - self.radius, 0.0))

    def project(self, points: Floats) -> Floats:
        """Shrink the arrow from the center to the radius."""
        arrows = points - self.center
        lengths = np.linalg.norm(arrows, axis=1, keepdims=True)
        outside = lengths > self.radius
        return np.where(outside, self.center + arrows * (self.radius / np.where(outside, lengths, 1.0)), points)

    def argmax(self, directions: Floats) -> Floats:
        """Return the point of the sphere along y; the center where y = 0."""
        lengths = np.linalg.norm(directions, axis=1, keepdims=True)
        return self.center + directions * (self.radius / np.where(lengths > 0, lengths, 1.0))

    def support(self, directions: Floats) -> Floats:
        """Return c.y + r |y|."""
        return np.asarray(directions @ self.center + self.radius * np.linalg.norm(directions, axis=1))

    def interior(self, points: Floats, tolerance: float = 0.0) -> Flags:
        """Whether the distance to the sphere exceeds the tolerance."""
        return np.asarray(self.radius - np.linalg.norm(points - self.center, axis=1) > tolerance)

    @property
    def has_interior(self) -> bool:
        """Whether the radius is positive."""
        return self.radius > 0

    @property
    def middle(self) -> Floats:
        """The center."""
        return self.center

    def moved(self, origin: Floats) -> Ball:
        """Move the center."""
        return Ball(minus(self.center, matrix(origin)), self.radius)

    @classmethod
    def parse(cls, data: Mapping[str, Any], dimension: int) -> Self:
        """Read center [d] and radius."""
        return cls(numbers(data["center"], "center", [dimension], ["coordinate"]), data["radius"])
