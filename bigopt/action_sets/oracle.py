"""Linear objectives over a polytope, maximized for many objectives at once without listing its vertices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock
from typing import Any

import numpy as np

from bigopt.action_sets.projection import CHUNK, SLACK, Try, by_faces, highest
from bigopt.arithmetic import loaded
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.errors import InstanceError, VerificationError

NOISE = 1e-12  # of a unit objective: rounding errors of multipliers
KEPT = 4096  # vertices that are remembered, each with the inverse of its basis
MIXED = 1e4  # entries that differ by more are scaled before HiGHS sees them: it drops small ones
ROUNDS = 4  # of scaling
STEEP = 1e4  # the inverse of unit rows: a larger one magnifies rounding too much
READABLE = ("kOptimal", "kUnbounded", "kUnboundedOrInfeasible")  # statuses with a basis
OUTSIDE = 1e-12  # of the size of vertex and sides: what a vertex of floats may violate a row by


@dataclass(frozen=True)
class Basis:
    """A vertex with the rows that meet there (None: none to share) and their inverse, shape (d, d)."""

    active: list[int] | None
    vertex: Floats
    inverse: Floats


Polish = Callable[[list[int] | None, Floats], Basis]


class LinearOracle:
    """Maximizes y.x over {x : rows x <= sides} by one persistent HiGHS model.

    A vertex that was found once is remembered with its basis B (d active rows): it is optimal for y if and only if
    the multipliers inv(B)^T y are >= 0. Only objectives that no remembered basis proves need an LP. One thread at a
    time asks it: HiGHS keeps its state in one object.

    Parameters
    ----------
    rows : ndarray, shape (m, d)
        Of length about 1.
    sides : ndarray, shape (m,)
    axes : ndarray, shape (k, d)
        Directions that span the space; an unbounded one is named by its index.
    polish : callable, optional
        ``polish(active, objective)``: an exactly optimal basis, where that of HiGHS is in doubt.

    Raises
    ------
    InstanceError
        If the polyhedron is empty or unbounded.
    SolverNotFound
        HiGHS is not installed.
    """

    def __init__(self, rows: Floats, sides: Floats, axes: Floats, polish: Polish | None = None) -> None:
        """Load the rows into HiGHS and check that they describe a polytope."""
        highspy = loaded.highspy()
        self._rows, self._sides, self._polish, self._lock = rows, sides, polish, RLock()
        dimension = rows.shape[1]
        self._columns = np.arange(dimension, dtype=np.int32)
        self._vertices = np.zeros((0, dimension))
        self._inverses = np.zeros((0, dimension, dimension))
        self._fresh: list[tuple[Floats, Floats]] = []
        self._highs = highspy.Highs()
        self._highs.silent()
        for option, value in (("threads", 1), ("presolve", "off"), ("solver", "simplex")):
            self._highs.setOptionValue(option, value)
        for option in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            self._highs.setOptionValue(option, 1e-10)
        self._highs.setOptionValue("small_matrix_value", 1e-12)
        along, across = _scales(rows)
        self._scales = across
        self._highs.passModel(_linear_program(along[:, None] * rows * across, along * sides))
        self._check_polytope(axes)

    def argmax(self, objectives: Floats) -> Floats:
        """Return a maximizer for each row of `objectives`, shape (n, d)."""
        with self._lock:
            return self._argmax(objectives)

    def _argmax(self, objectives: Floats) -> Floats:
        lengths = np.linalg.norm(objectives, axis=1, keepdims=True)
        unit = objectives / np.where(lengths > 0, lengths, 1.0)
        result, todo = np.empty_like(unit), np.arange(len(unit))
        self._remember()
        if len(self._vertices):
            chosen = highest(unit, self._vertices)
            result[:] = self._vertices[chosen]
            todo = np.flatnonzero(~self._proved(unit, chosen))
        by_faces(unit, result, todo, self._face)
        return result

    def bases(self, objectives: Floats, radii: Floats) -> tuple[Ints, list[list[int]]]:
        """Return for each row y the number of a basis, -1 where there is none, and the rows of each basis.

        Where no multiplier comes near 0 for any objective within its radius (a length) of y, the basis's vertex is the
        only maximizer for all of them.
        """
        with self._lock:
            return self._bases(objectives, radii)

    def _bases(self, objectives: Floats, radii: Floats) -> tuple[Ints, list[list[int]]]:
        lengths = np.linalg.norm(objectives, axis=1, keepdims=True)
        unit, room = (rows / np.where(lengths > 0, lengths, 1.0) for rows in (objectives, radii[:, None]))
        found: list[list[int]] = []

        def alone(point: Floats) -> Try:
            basis = self._basis(point[:-1])
            active, inverse = basis.active, basis.inverse
            if active is None:
                return lambda points: (np.full((len(points), 1), -1.0), np.zeros(len(points), dtype=bool))
            sizes = np.linalg.norm(inverse, axis=0)
            found.append(active)
            number = float(len(found) - 1)

            def attempt(points: Floats) -> tuple[Floats, np.ndarray]:
                clear = (points[:, :-1] @ inverse > (points[:, -1:] + NOISE) * sizes).all(axis=1)
                return np.where(clear, number, -1.0)[:, None], clear

            return attempt

        result = np.full((len(unit), 1), -1.0)
        by_faces(np.hstack([unit, room]), result, np.flatnonzero(lengths[:, 0] > radii), alone)
        return result[:, 0].astype(np.int64), found

    @property
    def some_point(self) -> Floats:
        """The point where HiGHS stands."""
        with self._lock:
            return np.asarray(self._scales * np.array(self._highs.getSolution().col_value))

    def _basis(self, objective: Floats) -> Basis:
        """Solve one LP; return its optimal basis, finished exactly where floats leave it in doubt."""
        active = self._active(objective)
        found = None if active is None else self._sound(active, objective)
        if found is not None:
            return found
        if self._polish is not None:
            return self._polish(active, objective)
        return Basis(None, self.some_point, np.zeros((len(objective), 0)))

    def _sound(self, active: list[int], objective: Floats) -> Basis | None:
        """Return the basis of these rows, or None where its vertex or its multipliers are in doubt."""
        try:
            inverse = np.asarray(np.linalg.inv(self._rows[active]), dtype=np.float64)
        except np.linalg.LinAlgError:
            return None
        vertex = inverse @ self._sides[active]
        steep = np.linalg.norm(inverse, axis=0)
        if self._polish is not None:
            size = float(np.abs(vertex).max()) + float(np.abs(self._sides).max())
            excess = float((self._rows @ vertex - self._sides).max())
            wrong = (objective @ inverse < -SLACK * steep).any()
            if steep.max() > STEEP or excess > OUTSIDE * size or wrong:
                return None
        vertex[np.abs(vertex) <= SLACK * float(np.abs(vertex).max())] = 0.0
        return Basis(active, vertex, inverse)

    def _active(self, objective: Floats) -> list[int] | None:
        """Solve one LP; return the rows of the optimal basis, or None where no vertex is optimal alone."""
        if not self._run(objective):
            return None
        status = self._highs.getBasis().row_status
        active = [k for k, value in enumerate(status) if value.name != "kBasic"]
        return active if len(active) == len(self._columns) else None  # else a free column is out of the basis

    def _face(self, objective: Floats) -> Try:
        """Solve one LP; return the test whether its basis is optimal for other objectives too."""
        basis = self._basis(objective)
        vertex, inverse = basis.vertex, basis.inverse
        if basis.active is None:
            return lambda points: (np.tile(vertex, (len(points), 1)), np.zeros(len(points), dtype=bool))
        self._fresh.append((vertex, inverse))
        limits = SLACK * np.linalg.norm(inverse, axis=0)

        def attempt(points: Floats) -> tuple[Floats, np.ndarray]:
            return np.tile(vertex, (len(points), 1)), np.asarray((points @ inverse >= -limits).all(axis=1))

        return attempt

    def _proved(self, unit: Floats, chosen: np.ndarray) -> np.ndarray:
        """Whether the basis of the chosen vertex is optimal, row by row."""
        proved = np.empty(len(unit), dtype=bool)
        limits = SLACK * np.linalg.norm(self._inverses, axis=1)
        step = max(1, CHUNK // unit.shape[1] ** 2)
        for at in range(0, len(unit), step):
            which = chosen[at : at + step]
            multipliers = np.einsum("nd,nde->ne", unit[at : at + step], self._inverses[which])
            proved[at : at + step] = (multipliers >= -limits[which]).all(axis=1)
        return proved

    def _remember(self) -> None:
        """Move the bases found since the last call into the memory, while there is room."""
        room = max(0, KEPT - len(self._vertices))
        if self._fresh[:room]:
            self._vertices = np.vstack([self._vertices, *(vertex[None] for vertex, _ in self._fresh[:room])])
            self._inverses = np.concatenate([self._inverses, *(inverse[None] for _, inverse in self._fresh[:room])])
        self._fresh.clear()

    def _check_polytope(self, axes: Floats) -> None:
        """Raise if there is no point, or an axis without a bound; leave HiGHS at a vertex."""
        self._highs.run()
        if self._highs.getModelStatus().name not in ("kOptimal", "kUnbounded"):
            raise InstanceError("A: no point satisfies A x <= b and A_eq x = b_eq, expected a non-empty set: relax b")
        for k, axis in enumerate(axes):
            for sign, end in ((1.0, "above"), (-1.0, "below")):
                self._run(sign * axis)
                if self._highs.getModelStatus().name != "kOptimal":
                    raise InstanceError(f"A: coordinate {k} is unbounded {end}, expected a bounded set: add rows to A")
        # Free columns are basic at the optimum of a generic objective and never leave the basis again.
        self._run(np.random.default_rng(0).normal(size=len(self._columns)))

    def _run(self, objective: Floats) -> bool:
        """Solve; return whether a basis may be read. Without a polish everything but an optimum is an error."""
        cost = -objective * self._scales
        self._highs.changeColsCost(len(self._columns), self._columns, cost / (float(np.abs(cost).max()) or 1.0))
        for _ in range(2):
            self._highs.run()
            status = self._highs.getModelStatus()
            if status.name in READABLE:
                return True
            if self._polish is not None:
                return False
            self._highs.clearSolver()  # nearly dependent rows: it may not find on from the last basis
        name = self._highs.modelStatusToString(status)
        raise VerificationError(f"HiGHS stops with {name} on a linear program over the polytope: rescale its rows")


def _scales(rows: Floats) -> tuple[Floats, Floats]:
    """Return factors of rows and columns, powers of 2, that bring the entries near 1: coordinates of mixed units.

    The square root of the largest times the least entry, in turns; rows and columns of zeros stay.
    """
    size = np.abs(rows)
    along, across = np.ones(len(rows)), np.ones(rows.shape[1])
    if not size.size or not (size > 0).any() or size.max() <= MIXED * size[size > 0].min():
        return along, across
    for _ in range(ROUNDS):
        for axis, factors in ((1, along), (0, across)):
            now = along[:, None] * size * across
            top, least = now.max(axis=axis), np.where(now > 0, now, np.inf).min(axis=axis)
            some = top > 0
            factors[some] /= np.sqrt(top[some] * least[some])
    along /= np.maximum((along[:, None] * size * across).max(axis=1), np.finfo(float).tiny)
    return np.exp2(np.round(np.log2(along))), np.exp2(np.round(np.log2(across)))


def _linear_program(rows: Floats, sides: Floats) -> Any:
    """State min 0 s.t. rows x <= sides, x free, for HiGHS."""
    highspy = loaded.highspy()
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = rows.shape
    program.col_cost_ = np.zeros(rows.shape[1])
    program.col_lower_, program.col_upper_ = np.full(rows.shape[1], -np.inf), np.full(rows.shape[1], np.inf)
    program.row_lower_, program.row_upper_ = np.full(len(rows), -np.inf), sides
    where = np.nonzero(rows)
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.concatenate([[0], np.cumsum((rows != 0).sum(axis=1))]).astype(np.int32)
    program.a_matrix_.index_ = where[1].astype(np.int32)
    program.a_matrix_.value_ = rows[where]
    return program
