"""Convex compact action sets: boxes, balls, simplices, polytopes and hulls of points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from bigopt.action_sets.base import ActionSet, Flags
from bigopt.action_sets.polytopes import Hull, Polytope
from bigopt.action_sets.projection import onto_simplex
from bigopt.arithmetic.arrays import Floats, number, numbers
from bigopt.errors import InstanceError

__all__ = ["ActionSet", "Ball", "Box", "Hull", "Polytope", "Simplex", "read"]


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
    """

    lower: Floats
    upper: Floats
    type: ClassVar[str] = "box"

    def __post_init__(self) -> None:
        """Validate the bounds."""
        self.fix("lower", numbers(self.lower, "lower", [None], ["coordinate"]))
        self.fix("upper", numbers(self.upper, "upper", [len(self.lower)], ["coordinate"]))
        crossed = np.flatnonzero(self.lower > self.upper)
        if len(crossed):
            k = crossed[0]
            raise InstanceError(f"lower[{k}]: {self.lower[k]:g}, expected at most upper[{k}] = {self.upper[k]:g}")
        self.fix("dimension", len(self.lower))

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

    @classmethod
    def parse(cls, data: Mapping[str, Any], dimension: int) -> Self:
        """Read lower [d] and upper [d]."""
        bounds = (numbers(data[key], key, [dimension], ["coordinate"]) for key in ("lower", "upper"))
        return cls(*bounds)


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

    def __post_init__(self) -> None:
        """Validate center and radius."""
        self.fix("center", numbers(self.center, "center", [None], ["coordinate"]))
        self.fix("radius", number(self.radius, "radius", low=0.0))
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

    @classmethod
    def parse(cls, data: Mapping[str, Any], dimension: int) -> Self:
        """Read center [d] and radius."""
        return cls(numbers(data["center"], "center", [dimension], ["coordinate"]), data["radius"])


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
        if self.dimension < 1:
            raise InstanceError(f"dimension: {self.dimension}, expected at least 1")

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

    @classmethod
    def parse(cls, data: Mapping[str, Any], dimension: int) -> Self:
        """Read the scale; the targets give the dimension."""
        return cls(data["scale"], dimension)


SETS: dict[str, type[ActionSet]] = {kind.type: kind for kind in (Box, Ball, Simplex, Polytope, Hull)}


def read(data: Any, path: str, dimension: int) -> ActionSet:
    """Read the action set of an instance file.

    Parameters
    ----------
    data : object
        The entry, as ``{"type": "box", "lower": [0], "upper": [6]}``.
    path : str
        Where it stands, for messages.
    dimension : int
        d, as the targets have it.

    Raises
    ------
    InstanceError
        For an unknown type or key, a wrong shape, and an empty or unbounded set.
    """
    if not isinstance(data, Mapping):
        raise InstanceError(f"{path}: {str(data)[:40]!r}, expected an object with a type: {', '.join(SETS)}")
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in SETS:
        raise InstanceError(f"{path}.type: {str(kind)[:40]!r}, expected one of {', '.join(SETS)}")
    return SETS[kind].from_instance(data, path, dimension)
