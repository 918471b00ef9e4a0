"""Simplices: non-negative coordinates of a fixed sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from bigopt.action_sets.base import ActionSet, Flags, sized
from bigopt.action_sets.projection import onto_simplex
from bigopt.arithmetic.arrays import Floats, number
from bigopt.errors import InstanceError


@dataclass(frozen=True, eq=False)
class Simplex(ActionSet):
    """The simplex {x >= 0 : sum x = scale}; it has no interior in R^d.

    Parameters
    ----------
    scale : float
        At least 0.
    dimension : int
    """

    scale: float
    dimension: int
    type: ClassVar[str] = "simplex"

    def __post_init__(self) -> None:
        """Validate the scale."""
        self.fix("scale", number(self.scale, "scale", low=0.0))
        sized(self.scale, "scale")
        if not isinstance(self.dimension, (int, np.integer)) or self.dimension < 1:
            raise InstanceError(f"dimension: {self.dimension}, expected a whole number of at least 1")

    def contains(self, points: Floats) -> Floats:
        """Return the largest violated inequality or equation, as a length."""
        off = np.abs(points.sum(axis=1) - self.scale) / np.sqrt(self.dimension)
        return np.asarray(np.maximum(off, np.maximum(-points.min(axis=1), 0.0)))

    def project(self, points: Floats) -> Floats:
        """Lower all coordinates by one level and cut at 0."""
        return onto_simplex(points, self.scale)

    def argmax(self, directions: Floats) -> Floats:
        """Return the vertex of the largest coordinate (of the first, where they tie)."""
        result = np.zeros(directions.shape)
        result[np.arange(len(directions)), directions.argmax(axis=1)] = self.scale
        return result

    def support(self, directions: Floats) -> Floats:
        """Return the scale times the largest coordinate."""
        return np.asarray(self.scale * directions.max(axis=1))

    def shortfall(self, directions: Floats, points: Floats) -> Floats:
        """Subtract at once: the set is never far from 0."""
        best = self.support(directions)
        return np.asarray(best - np.einsum("nd,nd->n", directions, points))

    def interior(self, points: Floats, tolerance: float = 0.0) -> Flags:
        """Return False: the interior is empty."""
        return np.zeros(len(points), dtype=bool)

    @property
    def has_interior(self) -> bool:
        """False."""
        return False

    @property
    def middle(self) -> Floats:
        """The point of equal coordinates."""
        return np.full(self.dimension, self.scale / self.dimension)

    def moved(self, origin: Floats) -> Simplex:
        """Return itself: it stands at 0."""
        if origin.any():
            raise ValueError("a simplex is not moved")
        return self

    @classmethod
    def parse(cls, data: Mapping[str, Any], dimension: int) -> Self:
        """Read the scale; the targets give the dimension."""
        return cls(data["scale"], dimension)
