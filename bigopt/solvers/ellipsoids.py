r"""Convex quadratic rows as second-order cones, by completing the square.

.. math:: x^\top Q x + a^\top x \le u \iff \|R (x - c)\| \le \sqrt{u + c^\top Q c},
          \quad Q = R^\top R, \; c = -\tfrac12 Q^{+} a

where a is in the range of Q, as for balls and ellipsoids (and cylinders over them).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bigopt.arithmetic.arrays import Floats
from bigopt.errors import UnsupportedProblem
from bigopt.solvers.program import Program

RANK = 1e-12  # of Q's largest eigenvalue: smaller ones are none


@dataclass(frozen=True)
class Ellipsoid:
    """The cone |root (x - center)| <= radius of one row, over all variables; `sign` is -1 for a row from below."""

    row: int
    sign: float
    root: sparse.csr_array
    shift: Floats
    radius: float


def ellipsoids(program: Program, solver: str) -> list[Ellipsoid]:
    """Return the cones of all quadratic rows, for `solver`.

    Raises
    ------
    UnsupportedProblem
        A row is not convex, has two sides, or bounds a paraboloid.
    """
    return [_ellipsoid(program, row, solver) for row in program.quadratic]


def _ellipsoid(program: Program, row: int, solver: str) -> Ellipsoid:
    """Complete one row's square."""
    low, up = program.row_lower[row], program.row_upper[row]
    sign = 1.0 if math.isfinite(up) else -1.0
    terms = program.quadratic[row]
    columns = np.unique([column for a, b, _ in terms for column in (a, b)])
    place = {column: k for k, column in enumerate(columns.tolist())}
    curve = np.zeros((len(columns), len(columns)))
    for a, b, value in terms:
        curve[place[a], place[b]] += 0.5 * sign * value
        curve[place[b], place[a]] += 0.5 * sign * value
    start, end = program.matrix.indptr[row : row + 2]
    linear = dict(zip(program.matrix.indices[start:end].tolist(), program.matrix.data[start:end].tolist(), strict=True))
    slope = sign * np.array([linear.pop(column, 0.0) for column in columns.tolist()])
    values, vectors = np.linalg.eigh(curve)
    kept = values > RANK * np.abs(values).max()
    center = -0.5 * vectors[:, kept] @ ((vectors[:, kept].T @ slope) / values[kept])
    left = np.abs(2.0 * curve @ center + slope).max()
    if math.isfinite(low) and math.isfinite(up) or (values[~kept] < -RANK * np.abs(values).max()).any():
        raise _refusal(program, row, solver, "is not convex")
    if linear or left > 1e-9 * np.abs(slope).max():
        raise _refusal(program, row, solver, "is no ellipsoid")
    root = np.sqrt(values[kept])[:, None] * vectors[:, kept].T
    square = sign * (up if sign > 0 else low) + float(center @ curve @ center)
    wide = sparse.csr_array(
        (root.ravel(), np.tile(columns, len(root)), np.arange(len(root) + 1) * len(columns)),
        shape=(len(root), len(program.cost)),
    )
    return Ellipsoid(row, sign, wide, root @ center, math.sqrt(max(square, 0.0)))


def _refusal(program: Program, row: int, solver: str, why: str) -> UnsupportedProblem:
    name = program.constraints[row].name
    return UnsupportedProblem(f"{solver}: constraint {name} {why}; use --solver ipopt or scip")
