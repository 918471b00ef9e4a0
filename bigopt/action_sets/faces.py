"""Faces of polyhedral action sets in exact arithmetic, on the decimals that the data were written as."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from functools import cached_property

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.flint_or_fractions import fmpq, fmpq_mat
from bigopt.arithmetic.rationals import chosen, floats, independent, matrix, null_space, row_space, stacked
from bigopt.errors import VerificationError


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
        return self._walk(y).point

    def _walk(self, y: fmpq_mat) -> Vertex:
        vertex = walked(self.vertex, y, self.fixed)
        self.vertex = vertex  # read once, written once: other threads may walk on the same face
        return vertex

    def exposed(self, y: fmpq_mat) -> OfRows:
        """Fix the rows with positive multipliers: by complementary slackness they cut out the face."""
        vertex = self._walk(y)
        values = zip(vertex.basis, vertex.multipliers(y), strict=True)
        more = tuple(row for row, value in values if value > 0 and row not in self.fixed)
        return OfRows(self.system, self.fixed + more, vertex)

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


def of_rows(A: Floats, b: Floats, A_eq: Floats | None, b_eq: Floats | None, near: Floats) -> OfRows:
    """Return the polytope {A x <= b, A_eq x = b_eq} as a face of its own; the point `near` helps to find a vertex."""
    from scipy.linalg import qr

    rows, sides = matrix(A), matrix(b)
    d = A.shape[1]
    count = 0
    if A_eq is not None and b_eq is not None:
        count = int(np.linalg.matrix_rank(A_eq))
        needed = sorted(qr(A_eq.T, pivoting=True, mode="r")[1][:count].tolist())
        rows = stacked([matrix(A_eq[needed]), rows], d)
        sides = stacked([matrix(b_eq[needed]), sides], 1)
    lengths = np.linalg.norm(A, axis=1)
    slack = floats(matrix(b) - matrix(A) * matrix(near))[:, 0] / np.where(lengths > 0, lengths, 1.0)
    order = [*range(count), *(count + np.argsort(slack, kind="stable")).tolist()]
    basis = [order[k] for k in independent(chosen(rows, order))]
    system, vertex = _feasible(Rows(rows, sides, count), tuple(basis))
    return OfRows(system, tuple(range(count)), vertex)


def whole_of(rows: fmpq_mat, sides: fmpq_mat, equations: int) -> OfRows:
    """Return a bounded system as a face of its own; the first rows are equations, and may be dependent."""
    d = rows.ncols()
    needed = independent(chosen(rows, list(range(equations))))
    order = [*needed, *range(equations, rows.nrows())]
    rows, sides, count = chosen(rows, order), chosen(sides, order), len(needed)
    basis = independent(rows)
    if len(basis) < d:
        raise VerificationError("the rows of a face leave it unbounded: rescale the game")
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
