"""Rows, bounds and ellipsoids as one conic system G x + s = h, s in a product of zero, non-negative and round cones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from bigopt.arithmetic.arrays import Floats
from bigopt.solvers.ellipsoids import Ellipsoid, ellipsoids
from bigopt.solvers.program import Program

Index = np.ndarray[Any, np.dtype[np.intp]]


@dataclass(frozen=True)
class Conic:
    """The system of a program; `equal`, `below` and `above` are numbers of rows, then of variables."""

    rows: sparse.csc_matrix
    sides: Floats
    equal: Index
    below: Index
    above: Index
    round_rows: list[Ellipsoid]

    @property
    def sizes(self) -> tuple[int, int, list[int]]:
        """How many zero and non-negative entries there are, and how long each round cone is."""
        return self.equal.size, self.below.size + self.above.size, [1 + len(e.shift) for e in self.round_rows]

    def prices(self, count: int, z: Floats) -> Floats:
        """Return d objective / d side of rows and variables [count] from the cones' duals z."""
        price = np.zeros(count)
        at = self.equal.size + self.below.size  # z is -d objective / d side for upper sides, + for lower ones
        np.add.at(price, np.concatenate([self.equal, self.below]), -z[:at])
        np.add.at(price, self.above, z[at : at + self.above.size])
        at += self.above.size
        for e in self.round_rows:  # the radius is the root of the side and a constant
            price[e.row] = -e.sign * z[at] / (2.0 * e.radius) if e.radius > 0 else 0.0
            at += 1 + len(e.shift)
        return price


def conic(p: Program, name: str) -> Conic:
    """Return a program's system: equalities first, then what is one-sided, then the ellipsoids.

    Raises
    ------
    UnsupportedProblem
        A quadratic row is no ellipsoid; `name` is the solver that cannot take it.
    """
    n = len(p.cost)
    body = sparse.vstack([p.matrix, sparse.eye_array(n)], format="csr")
    low, up = np.concatenate([p.row_lower, p.lower]), np.concatenate([p.row_upper, p.upper])
    round_rows = ellipsoids(p, name)
    linear = np.ones(len(low), dtype=bool)
    linear[[e.row for e in round_rows]] = False
    equal = np.flatnonzero(linear & (low == up))
    below = np.flatnonzero(linear & (low != up) & np.isfinite(up))
    above = np.flatnonzero(linear & (low != up) & np.isfinite(low))
    radius_row = sparse.csr_array((1, n))
    blocks = [block for e in round_rows for block in (radius_row, -e.root)]
    rows = sparse.vstack([body[equal], body[below], -body[above], *blocks], format="csc")
    ends = [end for e in round_rows for end in ([e.radius], -e.shift)]
    sides = np.concatenate([up[equal], up[below], -low[above], *ends])
    return Conic(sparse.csc_matrix(rows), sides, equal, below, above, round_rows)
