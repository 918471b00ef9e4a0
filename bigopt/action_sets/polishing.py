"""Vertices of polytopes in exact arithmetic, where floats leave the basis of a linear program in doubt."""

from __future__ import annotations

import numpy as np

from bigopt.action_sets.faces import OfRows, Vertex, walked
from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.rationals import chosen, floats, matrix


def polished_basis(
    whole: OfRows, rows: list[int] | None, direction: Floats, origin: Floats
) -> tuple[Floats, list[int], Floats]:
    """Return an exactly optimal vertex for a direction, in the decimals that the polytope's data were written as.

    Parameters
    ----------
    whole : OfRows
    rows : list of int, or None
        Inequalities whose vertex is probably optimal.
    direction, origin : ndarray, shape (d,)

    Returns
    -------
    vertex : ndarray, shape (d,)
        Minus the origin, rounded once.
    basis : list of int
        The inequalities that meet there.
    inverse : ndarray, shape (d, len(basis))
        Its columns give their multipliers.
    """
    system = whole.system
    vertex = walked(_start(whole, rows), matrix(direction), whole.fixed)
    own = [at for at, row in enumerate(vertex.basis) if row >= system.equations]
    inverse = floats(vertex.inverse)[:, own]
    basis = [vertex.basis[at] - system.equations for at in own]
    return floats(vertex.point - matrix(origin))[:, 0], basis, np.ascontiguousarray(inverse)


def _start(whole: OfRows, rows: list[int] | None) -> Vertex:
    """Return the vertex of those rows where they have one in the polytope, else any."""
    system = whole.system
    if rows is not None and len(rows) + system.equations == system.d:
        basis = (*range(system.equations), *(system.equations + k for k in rows))
        if chosen(system.rows, list(basis)).rank() == system.d:
            vertex = Vertex(system, basis)
            if min(vertex.slack) >= 0:
                return vertex
    return whole.vertex
