"""The law P_Y of the responses that are compared: uniform, normal, or given points."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.errors import InstanceError

LARGEST = 1e6  # rewards are squared distances, whose unit is that of the labels' noise: beyond, every label is certain
LEAST = 1e-6  # of a spread: below, every label is a coin toss
POINTS = 2000  # of a given law: all pairs of them are summed


@dataclass(frozen=True, eq=False)
class Law(ABC):
    """Where the responses come from; both of a pair are drawn independently."""

    name: ClassVar[str]

    @property
    @abstractmethod
    def dimension(self) -> int:
        """d, the number of coordinates of a response."""

    @property
    @abstractmethod
    def spread(self) -> Floats:
        """The standard deviation of each coordinate, shape (d,)."""

    @abstractmethod
    def draw(self, rng: np.random.Generator, count: int) -> Floats:
        """Return independent responses, shape (count, d)."""

    @abstractmethod
    def to_instance(self) -> dict[str, Any]:
        """Return the entry of an instance file."""

    @classmethod
    @abstractmethod
    def parse(cls, data: Mapping[str, Any], dimension: int) -> Self:
        """Read an entry with known keys; errors name the key only."""


@dataclass(frozen=True, eq=False)
class Uniform(Law):
    """Uniform on the box between `low` and `high`, shape (d,) both."""

    low: Floats
    high: Floats
    name: ClassVar[str] = "uniform"

    @property
    def dimension(self) -> int:
        """D."""
        return len(self.low)

    @property
    def spread(self) -> Floats:
        """The width over the root of 12."""
        return np.asarray((self.high - self.low) / np.sqrt(12.0))

    def draw(self, rng: np.random.Generator, count: int) -> Floats:
        """Return points of the box."""
        points = rng.random((count, self.dimension))
        points *= self.high - self.low
        points += self.low
        return points

    def to_instance(self) -> dict[str, Any]:
        """Return low and high."""
        return {"distribution": self.name, "low": short(self.low), "high": short(self.high)}

    @classmethod
    def parse(cls, data: Mapping[str, Any], dimension: int) -> Self:
        """Read low and high, a number or [d] each."""
        low, high = (per_coordinate(data[key], key, dimension) for key in ("low", "high"))
        crossed = np.flatnonzero(high - low < LEAST)
        if len(crossed):
            k = crossed[0]
            raise InstanceError(f"low: {low[k]:g}, expected less than high = {high[k]:g} (by {LEAST:g} at least)")
        return cls(low, high)


@dataclass(frozen=True, eq=False)
class Normal(Law):
    """Normal with independent coordinates: `mean` and standard deviation `sd`, shape (d,) both."""

    mean: Floats
    sd: Floats
    name: ClassVar[str] = "normal"

    @property
    def dimension(self) -> int:
        """D."""
        return len(self.mean)

    @property
    def spread(self) -> Floats:
        """The standard deviation."""
        return self.sd

    def draw(self, rng: np.random.Generator, count: int) -> Floats:
        """Return normal points."""
        points = rng.standard_normal((count, self.dimension))
        points *= self.sd
        points += self.mean
        return points

    def to_instance(self) -> dict[str, Any]:
        """Return mean and sd."""
        return {"distribution": self.name, "mean": short(self.mean), "sd": short(self.sd)}

    @classmethod
    def parse(cls, data: Mapping[str, Any], dimension: int) -> Self:
        """Read mean and sd, a number or [d] each."""
        mean, sd = (per_coordinate(data[key], key, dimension) for key in ("mean", "sd"))
        if (sd < LEAST).any():
            raise InstanceError(f"sd: {sd.min():g}, expected a standard deviation of at least {LEAST:g}")
        return cls(mean, sd)


@dataclass(frozen=True, eq=False)
class Given(Law):
    """Given `points`, shape (m, d), with `probabilities`, shape (m,); equal ones by default."""

    points: Floats
    probabilities: Floats
    name: ClassVar[str] = "given"

    @property
    def dimension(self) -> int:
        """D."""
        return int(self.points.shape[1])

    @property
    def spread(self) -> Floats:
        """The weighted standard deviation."""
        away = self.points - self.probabilities @ self.points
        return np.asarray(np.sqrt(self.probabilities @ away**2))

    def draw(self, rng: np.random.Generator, count: int) -> Floats:
        """Return some of the points, with repetitions."""
        return np.asarray(self.points[rng.choice(len(self.points), size=count, p=self.probabilities)])

    def to_instance(self) -> dict[str, Any]:
        """Return the points and, where they differ, the probabilities."""
        data: dict[str, Any] = {"distribution": self.name, "points": self.points.tolist()}
        equal = (self.probabilities == self.probabilities[0]).all()
        return data if equal else data | {"probabilities": self.probabilities.tolist()}

    @classmethod
    def parse(cls, data: Mapping[str, Any], dimension: int) -> Self:
        """Read points [m][d] and perhaps probabilities [m]."""
        points = bounded(numbers(data["points"], "points", [None, dimension], ["response", "coordinate"]), "points")
        if len(points) > POINTS:
            raise InstanceError(f"points: {len(points)} responses, expected at most {POINTS}: thin them")
        equal = np.full(len(points), 1.0 / len(points))
        shares = numbers(data.get("probabilities", equal), "probabilities", [len(points)], ["response"])
        if (shares < 0).any() or abs(float(shares.sum()) - 1.0) > 1e-9:
            raise InstanceError(f"probabilities: sum {shares.sum():g}, expected numbers >= 0 with sum 1")
        law = cls(points, shares / shares.sum())
        away = (points - law.probabilities @ points)[shares > 0]
        widths = np.linalg.svd(away, compute_uv=False) if len(away) else np.zeros(1)
        if len(widths) < dimension or widths[-1] < LEAST:
            raise InstanceError(
                "points: they have no variance in some direction, expected responses that differ in all"
            )
        return law


LAWS: dict[str, type[Law]] = {law.name: law for law in (Uniform, Normal, Given)}
KEYS = {"uniform": ("low", "high"), "normal": ("mean", "sd"), "given": ("points",)}
OPTIONAL = {"given": ("probabilities",)}


def read(data: Any, path: str, dimension: int) -> Law:
    """Read the entry `responses` of an instance file.

    Raises
    ------
    InstanceError
        For an unknown distribution or key, a wrong shape, and a law without variance.
    """
    if isinstance(data, Law):
        if data.dimension != dimension:
            raise InstanceError(f"{path}: {data.dimension} coordinates, expected {dimension} (those of targets)")
        return data
    if not isinstance(data, Mapping):
        raise InstanceError(f"{path}: {str(data)[:40]!r}, expected an object with a distribution: {', '.join(LAWS)}")
    name = data.get("distribution")
    if not isinstance(name, str) or name not in LAWS:
        raise InstanceError(f"{path}.distribution: {str(name)[:40]!r}, expected one of {', '.join(LAWS)}")
    known = (*KEYS[name], *OPTIONAL.get(name, ()))
    for key in data:
        if key not in known and key != "distribution":
            raise InstanceError(f"{path}.{key!s:.40}: unknown key, a {name} law has {', '.join(known)}")
    for key in KEYS[name]:
        if key not in data:
            raise InstanceError(f"{path}.{key}: missing, a {name} law needs {', '.join(KEYS[name])}")
    try:
        return LAWS[name].parse(data, dimension)
    except InstanceError as error:
        raise InstanceError(f"{path}.{error}") from None


def per_coordinate(value: Any, path: str, dimension: int) -> Floats:
    """Read a number that holds for every coordinate, or one a coordinate."""
    one = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    shape = [] if one else [dimension]
    read_values = bounded(numbers(value, path, shape, [] if one else ["coordinate"]), path)
    return np.full(dimension, float(read_values)) if one else read_values


def bounded(values: Floats, path: str) -> Floats:
    """Refuse coordinates that are so large that every label is certain."""
    largest = float(np.abs(values).max(initial=0.0))
    if largest > LARGEST:
        raise InstanceError(f"{path}: {largest:g}, expected coordinates of size at most {LARGEST:g}: change the unit")
    return values


def short(values: Floats) -> float | list[float]:
    """Return one number where all are equal."""
    return float(values[0]) if (values == values[0]).all() else values.tolist()
