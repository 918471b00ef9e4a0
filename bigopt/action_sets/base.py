"""What every action set offers; each method works on the rows of an (n, d) array: n players, or directions, at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from functools import cached_property, wraps
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import LARGEST, Floats
from bigopt.errors import InstanceError, close_to

Flags = npt.NDArray[np.bool_]
POINT = 16 * float(np.finfo(float).eps)  # of a set's largest coordinate: a smaller set is a point but for rounding
ROUNDED = 1e-13  # of a set's width: errors of distances to it
SMALLEST = 1.0 / LARGEST  # squares of smaller numbers are 0

BY_ROWS = ("contains", "project", "argmax", "support", "shortfall", "interior")  # they take arrays of shape (n, d)


def _by_rows(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that refuses anything but rows of as many coordinates as the set has."""

    @wraps(method)
    def checked(self: ActionSet, points: Floats, *more: Any, **named: Any) -> Any:
        if np.ndim(points) != 2 or np.shape(points)[1] != self.dimension:
            shape = list(np.shape(points))
            raise InstanceError(
                f"{method.__name__}: shape {shape}, expected one row of {self.dimension} numbers a point"
            )
        return method(self, np.asarray(points, dtype=float), *more, **named)

    return checked


def sized(widths: npt.ArrayLike, path: str) -> None:
    """Refuse a set whose width in a coordinate has no square among floats (0 has): nothing can be told apart there."""
    each = np.atleast_1d(np.asarray(widths, dtype=float))
    bad = np.flatnonzero((each > 0) & ~((each >= SMALLEST) & (each <= LARGEST)))
    if len(bad):
        where = f" in coordinate {bad[0]}" if len(each) > 1 else ""
        wanted = f"expected 0, or {SMALLEST:g} to {LARGEST:g}: use another unit"
        raise InstanceError(f"{path}: {each[bad[0]]:g} wide{where}, {wanted}")


class ActionSet(ABC):
    """A convex compact set X in R^d.

    Attributes
    ----------
    type : str
        As in an instance file.
    polyhedral : bool
        Whether linear inequalities describe it.
    dimension : int
        d, of the space; the set itself may be flatter.

    Arguments of the methods
    ------------------------
    points, directions : ndarray (n, d)
        A row a point, or a direction; any length. Arrays of another shape are refused by an `InstanceError`.
    tolerance, radius : float
        A length, at least 0.
    origin : ndarray (d,)
    linear, conic : str
        Problem classes, as "LP" and "QCP".
    data : mapping
        The set's entry of an instance file, which stands there at `path`.
    path, name : str
        Where the entry stands; the attribute that is set.
    value : object
        What it becomes.
    """

    type: ClassVar[str]
    polyhedral: ClassVar[bool] = True
    dimension: int

    def __init_subclass__(cls, **more: Any) -> None:
        """Let the methods that take rows refuse arrays of another shape, which numpy would broadcast."""
        super().__init_subclass__(**more)
        for name in BY_ROWS:
            if name in cls.__dict__:
                setattr(cls, name, _by_rows(cls.__dict__[name]))

    @abstractmethod
    def contains(self, points: Floats) -> Floats:
        """Return by how much each row is outside: 0 inside, else a length (n,), at most the distance to X."""

    @abstractmethod
    def project(self, points: Floats) -> Floats:
        """Return the nearest point of X for each row, shape (n, d)."""

    @abstractmethod
    def argmax(self, directions: Floats) -> Floats:
        """Return, for each row y, a point x of X with the largest y.x, shape (n, d)."""

    def support(self, directions: Floats) -> Floats:
        """Return the support function max {y.x : x in X} of each row y, shape (n,)."""
        return np.asarray(np.einsum("nd,nd->n", directions, self.argmax(directions)))

    def shortfall(self, directions: Floats, points: Floats) -> Floats:
        """Return max {y.z : z in X} - y.x for rows y and points x, shape (n,).

        The best point comes first and the difference then: far from 0 the two products would drown it.
        """
        moves = self.argmax(directions)
        moves -= points
        return np.asarray(np.einsum("nd,nd->n", directions, moves))

    def width(self, directions: Floats) -> Floats:
        """Return max y.x - min y.x over X for each row y, shape (n,)."""
        return np.maximum(self.support(directions) + self.support(-directions), 0.0)

    @abstractmethod
    def interior(self, points: Floats, tolerance: float = 0.0) -> Flags:
        """Whether each row is in the topological interior, farther than `tolerance` (a length) from the boundary."""

    @property
    @abstractmethod
    def has_interior(self) -> bool:
        """Whether X has an interior point in R^d."""

    @property
    @abstractmethod
    def middle(self) -> Floats:
        """A point of X far from its boundary, shape (d,)."""

    def problem_class(self, linear: str, conic: str = "QCP") -> str:
        """Return the class of a program over X: `linear` where linear inequalities describe it, else `conic`."""
        return linear if self.polyhedral else conic

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """The smallest box around X: lower [d] and upper [d]."""
        axes = np.eye(self.dimension)
        return -self.support(-axes), self.support(axes)

    @cached_property
    def is_point(self) -> bool:
        """Whether it is a single point but for rounding."""
        lower, upper = self.bounds
        return bool((upper - lower).max() <= POINT * np.abs(self.bounds).max())

    @abstractmethod
    def moved(self, origin: Floats) -> ActionSet:
        """Return the set about another origin, X - origin, on the decimals of its data."""

    @property
    def noise(self) -> float:
        """A length: what rounding alone can put a point outside by, some ulps of its place and what `contains` errs."""
        lower, upper = self.bounds
        place = float(np.abs(self.bounds).max())
        return 4.0 * float(np.spacing(place)) + ROUNDED * float((upper - lower).max())

    @classmethod
    def from_instance(cls, data: Mapping[str, Any], path: str, dimension: int) -> Self:
        """Read the set from an instance file's entry at `path`, in `dimension` coordinates.

        Raises
        ------
        InstanceError
            Names the JSON path, the value and what was expected.
        """
        known = {f.name: f for f in fields(cls) if f.name != "dimension"}  # type: ignore[arg-type]
        expected = ", ".join(known)
        for key in data:
            if key not in known and key != "type":
                raise InstanceError(f"{path}.{key}: unknown key{close_to(key, known)}")
        for key, entry in known.items():
            if key not in data and entry.default is MISSING:
                raise InstanceError(f"{path}.{key}: missing, a {cls.type} needs {expected}")
        try:
            return cls.parse(data, dimension)
        except InstanceError as error:
            raise InstanceError(f"{path}.{error}") from None

    @classmethod
    @abstractmethod
    def parse(cls, data: Mapping[str, Any], dimension: int) -> Self:
        """Return the set of an entry with the right keys; errors name the key only."""

    def to_instance(self) -> dict[str, Any]:
        """Return the entry of an instance file."""
        entries = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "dimension"}  # type: ignore[arg-type]
        plain = {key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in entries.items()}
        return {"type": self.type} | {key: value for key, value in plain.items() if value is not None}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ActionSet) and self.to_instance() == other.to_instance()

    def __hash__(self) -> int:
        return hash((self.type, self.dimension))

    def fix(self, name: str, value: Any) -> None:
        """Set an attribute of a frozen set, while it is being made."""
        object.__setattr__(self, name, value)
