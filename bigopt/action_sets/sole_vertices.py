"""Directions that surely expose one vertex of a polytope: by floats where they leave no doubt, else exactly."""

from __future__ import annotations

import numpy as np

from bigopt.action_sets.faces import OfRows, Rows, Vertex
from bigopt.action_sets.polytope import Polytope
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.rationals import chosen

DOUBTFUL = 1e6  # a condition number: the vertex of rows with a larger one is found exactly
DEGENERATE = 1e-9  # of the set's size: rows with less slack at a vertex are compared exactly


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
    whole = polytope.whole
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
    if len(rows) == polytope.dimension and np.linalg.cond(rows) > DOUBTFUL:
        return chosen(system.rows, list(basis)).rank() == system.d and min(Vertex(system, basis).slack) >= 0
    point = np.linalg.lstsq(rows, sides, rcond=None)[0]
    others = np.delete(np.arange(len(polytope.A)), own)
    slack = polytope.b[others] - polytope.A[others] @ point
    lengths = np.linalg.norm(polytope.A[others], axis=1)
    if bool((slack > DEGENERATE * float(np.abs(polytope.bounds).max()) * lengths).all()):
        return True
    return min(Vertex(system, basis).slack) >= 0
