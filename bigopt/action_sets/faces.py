"""Faces of polyhedral action sets in exact arithmetic, on the decimals that the data were written as."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from functools import cached_property

import numpy as np
from flint import fmpq, fmpq_mat
from scipy.linalg import qr

from bigopt.action_sets.polytope import Polytope
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.rationals import chosen, independent, matrix, null_space, row_space, stacked
from bigopt.errors import VerificationError

DEGENERATE = 1e-9  # of the set's size: rows with less slack at a vertex are compared exactly


class Face(ABC):
    """A polytope of dimension d or less in R^d: a set's face, or the set itself. Points are columns."""

    @abstractmethod
    def argmax(self, y: fmpq_mat) -> fmpq_mat:
        """Return a vertex with the largest y.x."""

    @abstractmethod
    def exposed(self, y: fmpq_mat) -> Face:
        """Return the face of all points with the largest y.x."""

    @property
    @abstractmethod
    def arrows(self) -> fmpq_mat:
        """A basis of the differences of its points, as rows."""

    @property
    @abstractmethod
    def middle(self) -> fmpq_mat:
        """A point in its relative interior."""

    @property
    @abstractmethod
    def key(self) -> Hashable:
        """Equal for equal descriptions of one face."""

    @property
    def dimension(self) -> int:
        """Its affine dimension."""
        return self.arrows.nrows()


class OfPoints(Face):
    """The convex hull of the rows of `points`."""

    def __init__(self, points: fmpq_mat) -> None:
        """Keep the points."""
        self.points = points

    def argmax(self, y: fmpq_mat) -> fmpq_mat:
        """Take the first of the best points."""
        values = (self.points * y).entries()
        return chosen(self.points, [values.index(max(values))]).transpose()

    def exposed(self, y: fmpq_mat) -> OfPoints:
        """Take the best points."""
        values = (self.points * y).entries()
        best = max(values)
        return OfPoints(chosen(self.points, [k for k, value in enumerate(values) if value == best]))

    @cached_property
    def arrows(self) -> fmpq_mat:
        """The differences to the first point, reduced."""
        q, d = self.points.nrows(), self.points.ncols()
        first = chosen(self.points, [0] * (q - 1))
        others = chosen(self.points, list(range(1, q)))
        return row_space(others - first) if q > 1 else fmpq_mat(0, d)

    @property
    def key(self) -> Hashable:
        """The points."""
        return tuple(self.points.entries())

    @cached_property
    def middle(self) -> fmpq_mat:
        """The mean of the points."""
        q = self.points.nrows()
        return self.points.transpose() * fmpq_mat(q, 1, [fmpq(1, q)] * q)


class Rows:
    """The system rows x <= sides whose faces `OfRows` walks on.

    Attributes
    ----------
    rows, sides : fmpq_mat, shapes (m, d) and (m, 1)
    equations : int
        So many rows, the first, are equations; they are linearly independent.
    """

    def __init__(self, rows: fmpq_mat, sides: fmpq_mat, equations: int) -> None:
        """Keep the system."""
        self.rows, self.sides, self.equations = rows, sides, equations
        self.d = rows.ncols()


class Vertex:
    """The point where d linearly independent rows are equations."""

    def __init__(self, system: Rows, basis: tuple[int, ...]) -> None:
        """Solve for the point."""
        self.system, self.basis = system, basis
        self.inverse = chosen(system.rows, list(basis)).inv()
        self.point = self.inverse * chosen(system.sides, list(basis))

    def multipliers(self, y: fmpq_mat) -> list[fmpq]:
        """Return the numbers that write y as a sum of the basis's rows."""
        return (y.transpose() * self.inverse).entries()

    @cached_property
    def slack(self) -> list[fmpq]:
        """Every row's slack."""
        return (self.system.sides - self.system.rows * self.point).entries()

    def neighbour(self, leaving: int) -> Vertex:
        """Return the vertex at the other end of the edge on which row `leaving` is slack."""
        at = self.basis.index(leaving)
        away = fmpq_mat(self.system.d, 1, [-self.inverse[k, at] for k in range(self.system.d)])
        rates = (self.system.rows * away).entries()
        blocking = [r for r, rate in enumerate(rates) if rate > 0 and r not in self.basis]
        if not blocking:
            raise VerificationError("A: its decimals leave the set unbounded in exact arithmetic: rescale its rows")
        entering = min(blocking, key=lambda r: (self.slack[r] / rates[r], r))
        return Vertex(self.system, (*self.basis[:at], entering, *self.basis[at + 1 :]))


def walked(vertex: Vertex, y: fmpq_mat, fixed: Sequence[int]) -> Vertex:
    """Return an optimal vertex for y on the face of the rows `fixed`, by the simplex method with Bland's rule."""
    while True:
        values = zip(vertex.basis, vertex.multipliers(y), strict=True)
        wrong = [row for row, value in values if value < 0 and row not in fixed]
        if not wrong:
            return vertex
        vertex = vertex.neighbour(min(wrong))


class OfRows(Face):
    """The points of a system that satisfy its rows `fixed` with equality, and a vertex to walk from."""

    def __init__(self, system: Rows, fixed: tuple[int, ...], vertex: Vertex) -> None:
        """Keep the face; the rows `fixed` are linearly independent and in the vertex's basis."""
        self.system, self.fixed, self.vertex = system, fixed, vertex

    def argmax(self, y: fmpq_mat) -> fmpq_mat:
        """Walk to an optimal vertex; the next walk starts there."""
        self.vertex = walked(self.vertex, y, self.fixed)
        return self.vertex.point

    def exposed(self, y: fmpq_mat) -> OfRows:
        """Fix the rows with positive multipliers: by complementary slackness they cut out the face."""
        self.argmax(y)
        values = zip(self.vertex.basis, self.vertex.multipliers(y), strict=True)
        more = tuple(row for row, value in values if value > 0 and row not in self.fixed)
        return OfRows(self.system, self.fixed + more, self.vertex)

    @cached_property
    def _span(self) -> tuple[fmpq_mat, fmpq_mat]:
        """The arrows, and the mean of vertices that span the face."""
        d = self.system.d
        closed = chosen(self.system.rows, list(self.fixed))
        arrows: list[fmpq_mat] = []
        ends = [self.vertex.point]
        while closed.nrows() < d:
            axis = chosen(null_space(closed), [0])
            low, high = self.argmax(-axis.transpose()), self.argmax(axis.transpose())
            if (axis * (high - low))[0, 0] != 0:
                ends += [low, high]
                axis = (high - low).transpose()
                arrows.append(axis)
            closed = stacked([closed, axis], d)
        middle = sum(ends[1:], ends[0]) / len(ends)
        return stacked(arrows, d), middle

    @property
    def key(self) -> Hashable:
        """The rows that are equations."""
        return frozenset(self.fixed)

    @property
    def arrows(self) -> fmpq_mat:
        """Found by walking in ever new directions."""
        return self._span[0]

    @property
    def middle(self) -> fmpq_mat:
        """The mean of the walks' ends."""
        return self._span[1]


def sole_vertices(polytope: Polytope, directions: Floats, radius: float) -> tuple[Ints, list[tuple[int, ...]], OfRows]:
    """Return who surely has one best vertex for every direction within `radius` (a length) of its own.

    Returns
    -------
    numbers : ndarray of int, shape (n,)
        The number of that vertex's basis, or -1.
    bases : list
        In rows of the system.
    whole : OfRows
        The polytope, with its system.
    """
    whole = of_polytope(polytope)
    system = whole.system
    numbers, found = polytope.bases(directions, radius)
    bases = [(*range(system.equations), *(system.equations + k for k in basis)) for basis in found]
    for number in np.unique(numbers[numbers >= 0]).tolist():
        if not _is_vertex(polytope, system, bases[number]):
            numbers[numbers == number] = -1
    return numbers, bases, whole


def _is_vertex(polytope: Polytope, system: Rows, basis: tuple[int, ...]) -> bool:
    """Whether the rows meet within the polytope: in floats where they leave no doubt, else exactly."""
    if len(basis) != polytope.dimension:
        return False
    own = [k - system.equations for k in basis if k >= system.equations]
    rows, sides = polytope.A[own], polytope.b[own]
    if polytope.A_eq is not None and polytope.b_eq is not None:
        rows, sides = np.vstack([rows, polytope.A_eq]), np.concatenate([sides, polytope.b_eq])
    point = np.linalg.lstsq(rows, sides, rcond=None)[0]
    others = np.delete(np.arange(len(polytope.A)), own)
    slack = polytope.b[others] - polytope.A[others] @ point
    lengths = np.linalg.norm(polytope.A[others], axis=1)
    if bool((slack > DEGENERATE * float(np.abs(polytope.bounds).max()) * lengths).all()):
        return True
    return min(Vertex(system, basis).slack) >= 0


def of_polytope(polytope: Polytope) -> OfRows:
    """Return a polytope as a face of its own, with a vertex to start from."""
    rows, sides = matrix(polytope.A), matrix(polytope.b)
    count = 0
    if polytope.A_eq is not None and polytope.b_eq is not None:
        count = int(np.linalg.matrix_rank(polytope.A_eq))
        needed = sorted(qr(polytope.A_eq.T, pivoting=True, mode="r")[1][:count].tolist())
        rows = stacked([matrix(polytope.A_eq[needed]), rows], polytope.dimension)
        sides = stacked([matrix(polytope.b_eq[needed]), sides], 1)
    near = polytope.argmax(np.random.default_rng(0).normal(size=(1, polytope.dimension)))[0]
    lengths = np.linalg.norm(polytope.A, axis=1)
    slack = (polytope.b - polytope.A @ near) / np.where(lengths > 0, lengths, 1.0)
    order = [*range(count), *(count + np.argsort(slack, kind="stable")).tolist()]
    basis = [order[k] for k in independent(chosen(rows, order))]
    system, vertex = _feasible(Rows(rows, sides, count), tuple(basis))
    return OfRows(system, tuple(range(count)), vertex)


def _feasible(system: Rows, basis: tuple[int, ...]) -> tuple[Rows, Vertex]:
    """Return a vertex of a system, from the point of any basis on.

    Phase one: the rows outside the basis are relaxed by s, and s is minimized. Where decimals are so rounded that the
    least s is not 0, the rows stay relaxed by it.
    """
    start = Vertex(system, basis)
    worst = min(range(len(start.slack)), key=start.slack.__getitem__)
    if start.slack[worst] >= 0:
        return system, start
    m, d = system.rows.nrows(), system.d
    relaxed = [0 if k in basis else 1 for k in range(m)]
    table = [[*row, fmpq(-k)] for row, k in zip(system.rows.tolist(), relaxed, strict=True)]
    goal = fmpq_mat(d + 1, 1, [*[0] * d, -1])
    rows = stacked([fmpq_mat(table), goal.transpose()], d + 1)
    wide = Rows(rows, stacked([system.sides, fmpq_mat(1, 1)], 1), system.equations)
    vertex = walked(Vertex(wide, (*basis, worst)), goal, range(system.equations))
    values = zip(vertex.basis, vertex.multipliers(goal), strict=True)
    spare = m if m in vertex.basis else next(k for k, value in values if value > 0 and k >= system.equations)
    least = vertex.point[d, 0]
    sides = system.sides + fmpq_mat(m, 1, [least * k for k in relaxed])
    system = Rows(system.rows, sides, system.equations)
    return system, Vertex(system, tuple(k for k in vertex.basis if k != spare))
