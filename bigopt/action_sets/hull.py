"""Convex hulls of finitely many points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from bigopt.action_sets.base import ActionSet, Flags, sized
from bigopt.action_sets.oracle import LinearOracle
from bigopt.action_sets.projection import highest, onto_hull
from bigopt.action_sets.rows import FLAT, unit_rows
from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.arithmetic.rationals import matrix, minus

FAR = 4.0  # of the set's size: points farther from 0 are compared about their middle


@dataclass(frozen=True, eq=False)
class Hull(ActionSet):
    """The convex hull of finitely many points.

    Parameters
    ----------
    points : array_like, shape (q, d)
    """

    points: Floats
    type: ClassVar[str] = "hull"

    if TYPE_CHECKING:  # anything array-like is taken, and kept as checked arrays

        def __init__(
            self,
            points: npt.ArrayLike,
        ) -> None: ...

    def __post_init__(self) -> None:
        """Validate the points."""
        self.fix("points", numbers(self.points, "points", [None, None], ["point", "coordinate"]))
        self.fix("dimension", self.points.shape[1])
        sized(np.ptp(self.points, axis=0), "points")

    def contains(self, points: Floats) -> Floats:
        """Return the distance to the hull."""
        away = self.project(points)
        away -= points
        return np.asarray(np.sqrt(np.einsum("nd,nd->n", away, away)))

    def project(self, points: Floats) -> Floats:
        """Return the nearest point by Wolfe's algorithm."""
        return onto_hull(points, self.points)

    def argmax(self, directions: Floats) -> Floats:
        """Return the best of the given points (the first of those that tie); far from 0 products would drown it."""
        return np.asarray(self.points[highest(directions, self._arrows)])

    def interior(self, points: Floats, tolerance: float = 0.0) -> Flags:
        """Whether the ray from the middle through the row leaves by a facet that is farther than the tolerance.

        The gauge of the hull about its middle c is the support function of its polar {u : (p - c).u <= 1}, whose
        vertices are the facets: y is interior if and only if max u.(y - c) < 1, and (1 - u.(y - c)) / |u| is the
        distance to that facet.
        """
        if not self.has_interior:
            return np.zeros(len(points), dtype=bool)
        arrows = (points - self.middle) / self._size
        facets = self._polar.argmax(arrows)
        depths = (1.0 - (facets * arrows).sum(axis=1)) / np.linalg.norm(facets, axis=1)
        return np.asarray(self._size * depths > tolerance)

    @cached_property
    def has_interior(self) -> bool:
        """Whether the points span the space, by singular values."""
        values = np.linalg.svd(self.points - self.middle, compute_uv=False)
        return len(values) == self.dimension and bool(values[-1] > FLAT * values[0])

    @cached_property
    def middle(self) -> Floats:
        """The mean of the points."""
        return np.asarray(self.points.mean(axis=0))

    @cached_property
    def _arrows(self) -> Floats:
        """The points about the middle, where that is far from 0."""
        lower, upper = self.points.min(axis=0), self.points.max(axis=0)
        far = np.abs(0.5 * lower + 0.5 * upper).max() > FAR * (upper - lower).max()
        return np.asarray(self.points - self.middle) if far else self.points

    @cached_property
    def _size(self) -> float:
        """The largest distance of a point from the middle: the polar is that of the hull in this unit."""
        return float(np.linalg.norm(self.points - self.middle, axis=1).max())

    @cached_property
    def _polar(self) -> LinearOracle:
        rows, sides = unit_rows((self.points - self.middle) / self._size, np.ones(len(self.points)))
        return LinearOracle(rows, sides, np.eye(self.dimension))

    def moved(self, origin: Floats) -> Hull:
        """Move the points."""
        return Hull(minus(self.points, matrix(origin)))

    @classmethod
    def parse(cls, data: Mapping[str, Any], dimension: int) -> Self:
        """Read points [q][d]."""
        return cls(numbers(data["points"], "points", [None, dimension], ["point", "coordinate"]))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the data only; the linear program is made anew."""
        return type(self), (self.points,)
