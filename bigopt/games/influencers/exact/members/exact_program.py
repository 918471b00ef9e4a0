"""Linear programs over the optimal face in exact arithmetic: small weights and thin faces drown in tolerances."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from bigopt.action_sets.faces import Face, OfPoints, OfRows, whole_of
from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.flint_or_fractions import fmpq, fmpq_mat
from bigopt.arithmetic.rationals import floats, matrix

Row = dict[int, fmpq]  # column -> coefficient


class ExactProgram:
    """A linear objective over {x : x_k in F_k, sum w_k x_k = supply}; see `on_face.Program`.

    A face of points has a column a point, its share; a face of rows a column a coordinate.
    """

    def __init__(self, weights: Sequence[fmpq], faces: Sequence[Face], supply: fmpq_mat) -> None:
        """State the rows."""
        self.d = supply.nrows()
        self.equations: list[tuple[Row, fmpq]] = []
        self.above: list[tuple[Row, fmpq]] = []
        self.maps: list[list[Row]] = []
        self.columns = 0
        for face in faces:
            self.maps.append(self._points(face) if isinstance(face, OfPoints) else self._rows(face))
        for k in range(self.d):
            link: Row = {}
            for weight, rows in zip(weights, self.maps, strict=True):
                link |= {column: weight * value for column, value in rows[k].items()}
            self.equations.append((link, supply[k, 0]))

    def _points(self, face: OfPoints) -> list[Row]:
        """Add shares of points; return each coordinate as a row of them."""
        first, q = self.columns, face.points.nrows()
        self.columns += q
        self.equations.append(({first + j: fmpq(1) for j in range(q)}, fmpq(1)))
        self.above += [({first + j: fmpq(-1)}, fmpq(0)) for j in range(q)]
        return [{first + j: face.points[j, k] for j in range(q)} for k in range(self.d)]

    def _rows(self, face: Face) -> list[Row]:
        """Add coordinates with the rows of their face."""
        assert isinstance(face, OfRows)
        first, system = self.columns, face.system
        self.columns += self.d
        for r in range(system.rows.nrows()):
            row = {first + k: system.rows[r, k] for k in range(self.d)}
            (self.equations if r in face.fixed else self.above).append((row, system.sides[r, 0]))
        return [{first + k: fmpq(1)} for k in range(self.d)]

    @cached_property
    def _set(self) -> OfRows:
        rows = [*self.equations, *self.above]
        table = fmpq_mat(len(rows), self.columns)
        for r, (row, _) in enumerate(rows):
            for column, value in row.items():
                table[r, column] = value
        sides = fmpq_mat(len(rows), 1, [side for _, side in rows])
        return whole_of(table, sides, len(self.equations))

    def minimize(self, cost: Floats) -> Floats:
        """Return x, shape (blocks, d), that minimizes the sum of cost * x, of the same shape."""
        aim = fmpq_mat(self.columns, 1)
        for rows, prices in zip(self.maps, cost, strict=True):
            exact = matrix(prices)
            for k, row in enumerate(rows):
                for column, value in row.items():
                    aim[column, 0] -= exact[k, 0] * value
        best = self._set.argmax(aim)
        points = [[sum((v * best[c, 0] for c, v in row.items()), fmpq(0)) for row in rows] for rows in self.maps]
        return np.array([floats(fmpq_mat(self.d, 1, point))[:, 0] for point in points])
