"""Polytopes, given by inequalities and equations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from bigopt.action_sets.base import SMALLEST, ActionSet, Flags, sized
from bigopt.action_sets.exact_projection import nearest_point
from bigopt.action_sets.faces import OfRows, of_rows
from bigopt.action_sets.oracle import Basis, LinearOracle
from bigopt.action_sets.polishing import polished_basis
from bigopt.action_sets.projection import ROUNDING, onto_polyhedron, violation
from bigopt.action_sets.rows import FLAT, moved_sides, unit_rows
from bigopt.arithmetic.arrays import Floats, Ints, numbers
from bigopt.errors import InstanceError

PROJECTED = 1e-14  # of a direction's length: rounding errors of its projection
USUAL = 1e3  # sizes up to that, and down to its inverse, are left to linear programs as they are
FAR = 4.0  # of the set's size: an origin farther away is moved to the set
MOVES = 4  # of the origin; each sees the set more sharply


@dataclass(frozen=True, eq=False)
class Polytope(ActionSet):
    """The polytope {x : A x <= b, A_eq x = b_eq}.

    Parameters
    ----------
    A : array_like, shape (p, d)
    b : array_like, shape (p,)
    A_eq : array_like, shape (q, d), optional
    b_eq : array_like, shape (q,), optional

    Raises
    ------
    InstanceError
        If there is no such point, or if there is no bound on them.

    Notes
    -----
    The equations are solved once, x = origin + Z u with orthonormal columns of Z; all work is done on u, from an
    origin near the set. Linear programs are solved in floats; a basis that floats leave in doubt is finished in
    exact arithmetic (`polishing`).
    """

    A: Floats
    b: Floats
    A_eq: Floats | None = None
    b_eq: Floats | None = None
    type: ClassVar[str] = "polytope"

    if TYPE_CHECKING:  # anything array-like is taken, and kept as checked arrays

        def __init__(
            self,
            A: npt.ArrayLike,
            b: npt.ArrayLike,
            A_eq: npt.ArrayLike | None = None,
            b_eq: npt.ArrayLike | None = None,
        ) -> None: ...

    def __post_init__(self) -> None:
        """Validate the rows, and that the set is bounded and not empty."""
        self.fix("A", numbers(self.A, "A", [None, None], ["row", "coordinate"]))
        self.fix("b", numbers(self.b, "b", [len(self.A)], ["row of A"]))
        self.fix("dimension", self.A.shape[1])
        if (self.A_eq is None) != (self.b_eq is None):
            raise InstanceError("A_eq: expected together with b_eq")
        if self.A_eq is not None:
            self.fix("A_eq", numbers(self.A_eq, "A_eq", [None, self.dimension], ["row", "coordinate"]))
            self.fix("b_eq", numbers(self.b_eq, "b_eq", [len(self.A_eq)], ["row of A_eq"]))
        self._reduce()
        some = self._free.shape[1] > 0
        self.fix("_oracle", self._linear_oracle() if some else None)
        if some:
            self._approach()
        lower, upper = self.bounds
        sized(np.where(upper - lower < SMALLEST, 0.0, upper - lower), "A")  # rounding of a flat direction is no width
        if some and (upper - lower <= ROUNDING * np.abs(upper)).all():
            self._become(lower)

    def _linear_oracle(self) -> LinearOracle:
        return LinearOracle(self._rows, self._sides / self._unit, self._free, self._polished)

    def _approach(self) -> None:
        """Move an origin that is far from the set to its middle: differences would drown in its place."""
        for _ in range(MOVES):
            lower, upper = self.bounds
            place = float(np.abs(0.5 * lower + 0.5 * upper - self._origin).max())
            width = upper - lower
            if place <= FAR * float(width.max()) or (width <= ROUNDING * np.abs(upper)).all():
                return
            away = self._free @ (self._free.T @ (0.5 * lower + 0.5 * upper - self._origin))
            self.fix("_origin", self._origin + away)
            sides = moved_sides(self.A, self.b, self._origin)[self._kept] / self._lengths
            size = float(np.abs(sides).max())
            self.fix("_sides", sides)
            self.fix("_unit", 1.0 if 1.0 / USUAL <= size <= USUAL or size == 0 else size)
            self.fix("_oracle", self._linear_oracle())
            del self.__dict__["bounds"]

    def _become(self, point: Floats) -> None:
        """Treat a set of one point as such: projections and maximizers would differ by rounding."""
        rest = {"_origin": point, "_free": np.zeros((self.dimension, 0)), "_rows": np.zeros((0, 0))}
        for name, value in (rest | {"_sides": np.zeros(0), "_oracle": None}).items():
            self.fix(name, value)
        del self.__dict__["bounds"]

    def _reduce(self) -> None:
        """Write the inequalities in the coordinates that the equations leave free, with rows of unit length."""
        origin: Floats = np.zeros(self.dimension)
        free: Floats = np.eye(self.dimension)
        unit, sides = unit_rows(self.A, self.b)
        size = float(np.abs(sides).max()) or 1.0
        if self.A_eq is not None and self.b_eq is not None:
            from scipy.linalg import null_space

            equations, levels = unit_rows(self.A_eq, self.b_eq)
            size = max(size, float(np.abs(levels).max()))
            origin = np.linalg.lstsq(equations, levels, rcond=None)[0].astype(np.float64)
            free = null_space(equations)
            if (np.abs(equations @ origin - levels) > FLAT * size).any():
                raise InstanceError("A_eq: its equations contradict each other, expected a non-empty set: correct b_eq")
        self.fix("_unit", 1.0 if 1.0 / USUAL <= size <= USUAL else size)
        rows, left = unit @ free, sides - unit @ origin
        void = np.linalg.norm(rows, axis=1) <= FLAT
        if (left[void] < -FLAT * size).any():
            k = np.argmax(void & (left < 0))
            raise InstanceError(f"A[{k}]: no point satisfies this row, expected a non-empty set: relax b[{k}]")
        kept = np.flatnonzero(~void)
        lengths = np.linalg.norm(self.A[kept], axis=1) * np.linalg.norm(rows[kept], axis=1)
        rows, left = unit_rows(rows[kept], left[kept])
        data = {"_kept": kept, "_lengths": lengths, "_origin": origin, "_free": free, "_rows": rows, "_sides": left}
        for name, value in data.items():
            self.fix(name, value)

    @cached_property
    def whole(self) -> OfRows:
        """The polytope in exact arithmetic, as a face of its own."""
        near = self._origin
        if self._oracle is not None:
            near = self._origin + self._free @ (self._unit * self._oracle.some_point)
        return of_rows(self.A, self.b, self.A_eq, self.b_eq, near)

    def _polished(self, active: list[int] | None, objective: Floats) -> Basis:
        """Return an exactly optimal basis for an objective in the free coordinates."""
        rows = None if active is None else self._kept[active].tolist()
        vertex, basis, inverse = polished_basis(self.whole, rows, self._free @ objective, self._origin)
        inside = vertex @ self._free / self._unit
        places = {int(row): at for at, row in enumerate(self._kept.tolist())}
        if len(basis) != self._free.shape[1] or any(row not in places for row in basis):
            return Basis(None, inside, np.zeros((len(inside), 0)))
        chosen = [places[row] for row in basis]
        return Basis(chosen, inside, (self._free.T @ inverse) * self._lengths[chosen])

    def contains(self, points: Floats) -> Floats:
        """Return the largest violation of an inequality or equation, its row scaled to unit length."""
        rows, sides, equations, levels = self._places
        worst = violation(points - self._origin, rows, sides)
        if not len(equations):
            return worst
        off = np.abs((points - self._origin) @ equations.T - levels).max(axis=1)
        return np.asarray(np.maximum(worst, off))

    @cached_property
    def _places(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Inequalities and equations about the origin, the rows scaled to unit length."""
        rows, sides = unit_rows(self.A, moved_sides(self.A, self.b, self._origin))
        if self.A_eq is None or self.b_eq is None:
            return rows, sides, np.zeros((0, self.dimension)), np.zeros(0)
        return rows, sides, *unit_rows(self.A_eq, moved_sides(self.A_eq, self.b_eq, self._origin))

    def project(self, points: Floats) -> Floats:
        """Return the nearest point by an active-set method on the rows; exactly where floats leave it in doubt."""
        inside = (points - self._origin) @ self._free
        nearest = onto_polyhedron(inside, self._rows, self._sides, self._project_exactly)
        return np.asarray(self._origin + nearest @ self._free.T)

    def _project_exactly(self, point: Floats) -> Floats:
        """Project one point, in the free coordinates."""
        return np.asarray(nearest_point(self.whole, self._free @ point, self._origin) @ self._free)

    def argmax(self, directions: Floats) -> Floats:
        """Return an optimal vertex of a linear program for each direction."""
        if self._oracle is None:
            return np.tile(self._origin, (len(directions), 1))
        inside = self._unit * self._oracle.argmax(directions @ self._free)
        return np.asarray(self._origin + inside @ self._free.T)

    def bases(self, directions: Floats, radius: float) -> tuple[Ints, list[list[int]]]:
        """Return for each row y the number of a basis, -1 where there is none, and the rows of A in each basis.

        The basis's vertex is the only maximizer of y and of everything within `radius` of y.
        """
        if self._oracle is None:
            return np.zeros(len(directions), dtype=np.int64), [[]]
        radii = radius + PROJECTED * np.linalg.norm(directions, axis=1)
        which, found = self._oracle.bases(directions @ self._free, radii)
        return which, [self._kept[basis].tolist() for basis in found]

    def interior(self, points: Floats, tolerance: float = 0.0) -> Flags:
        """Whether every inequality is strict by more than the tolerance."""
        rows, sides, *_ = self._places
        depths = sides - (points - self._origin) @ rows.T
        return np.asarray((depths > tolerance).all(axis=1) & self.has_interior)

    @property
    def has_interior(self) -> bool:
        """Whether it contains a ball of more than FLAT times its size."""
        return self._free.shape[1] == self.dimension and self._deepest[1] > 0

    @property
    def middle(self) -> Floats:
        """The center of a largest ball in it."""
        return self._deepest[0]

    @cached_property
    def _deepest(self) -> tuple[Floats, float]:
        """The center and radius of a largest ball, within the plane of the equations; radius 0 where it is flat."""
        size = self._free.shape[1]
        if not size:
            return self._origin, 0.0
        rows = np.hstack([self._rows, np.ones((len(self._rows), 1))])
        floor = np.append(np.zeros(size), -1.0)  # radius >= 0
        oracle = LinearOracle(np.vstack([rows, floor]), np.append(self._sides, 0.0) / self._unit, np.eye(size + 1))
        best = self._unit * oracle.argmax(-floor[None])
        lower, upper = self.bounds
        radius = float(best[0, -1])
        return self._origin + self._free @ best[0, :-1], radius if radius > FLAT * float((upper - lower).max()) else 0.0

    def moved(self, origin: Floats) -> Polytope:
        """Move the sides."""
        if self.A_eq is None or self.b_eq is None:
            return Polytope(self.A, moved_sides(self.A, self.b, origin))
        sides = moved_sides(self.A, self.b, origin), moved_sides(self.A_eq, self.b_eq, origin)
        return Polytope(self.A, sides[0], self.A_eq, sides[1])

    @classmethod
    def parse(cls, data: Mapping[str, Any], dimension: int) -> Self:
        """Read A [p][d], b [p] and the optional A_eq, b_eq."""
        matrices = {}
        for key in ("A", "A_eq"):
            if data.get(key) is not None:
                matrices[key] = numbers(data[key], key, [None, dimension], ["row", "coordinate"])
        if "A" not in matrices:
            raise InstanceError("A: null, expected rows of numbers")
        return cls(matrices["A"], data["b"], matrices.get("A_eq"), data.get("b_eq"))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the data only; the linear program is made anew."""
        return type(self), (self.A, self.b, self.A_eq, self.b_eq)

    _kept: ClassVar[Ints]  # the rows of A that the equations leave a say
    _lengths: ClassVar[Floats]  # of those rows, in the free coordinates
    _unit: ClassVar[float]  # of length, for linear programs
    _origin: ClassVar[Floats]
    _free: ClassVar[Floats]
    _rows: ClassVar[Floats]
    _sides: ClassVar[Floats]
    _oracle: ClassVar[LinearOracle | None]
