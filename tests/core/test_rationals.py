"""Exact linear algebra and exact faces, against numpy, fractions and linear programs."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from bigopt import Polytope
from bigopt.action_sets.faces import Face, OfPoints
from bigopt.arithmetic.rationals import (
    dot,
    floats,
    independent,
    matrix,
    null_space,
    rational,
    row_space,
    stacked,
    total,
)


@pytest.mark.parametrize("seed", range(10))
def test_spaces_have_the_ranks_that_numpy_sees(seed: Any) -> None:
    values = np.random.default_rng(seed).integers(-1, 2, size=(4, 5)).astype(float)
    exact, rank = matrix(values), np.linalg.matrix_rank(values)
    assert row_space(exact).nrows() == len(independent(exact)) == rank
    assert row_space(stacked([exact, row_space(exact)], 5)).nrows() == rank
    kernel = null_space(exact)
    assert kernel.nrows() == 5 - rank
    assert not any((exact * kernel.transpose()).entries())
    assert np.linalg.matrix_rank(values[independent(exact)]) == rank


def test_decimals_mean_what_was_written() -> None:
    values = np.array([0.1, 0.2, -0.3, 1e-300, 1e300, 5e-324])
    assert rational(0.1) + rational(0.2) == rational(0.3)
    exact = sum((Fraction(repr(v)) for v in values.tolist()), Fraction(0))
    found = total(values)
    assert Fraction(int(found.p), int(found.q)) == exact
    assert floats(matrix(values))[:, 0].tolist() == values.tolist()


def random_polytope(rng: np.random.Generator, d: int) -> Polytope:
    """Bounded by a cube, cut by rows of small integers through points where several rows meet."""
    rows = rng.integers(-2, 3, size=(6, d)).astype(float)
    rows = rows[rows.any(axis=1)]
    return Polytope(
        np.vstack([np.eye(d), -np.eye(d), rows]), np.concatenate([np.ones(2 * d), np.abs(rows).sum(axis=1)])
    )


@pytest.mark.parametrize("seed", range(8))
def test_walks_end_where_linear_programs_do(seed: Any) -> None:
    rng = np.random.default_rng(seed)
    polytope = random_polytope(rng, 3)
    face = polytope.whole
    for y in rng.integers(-3, 4, size=(12, 3)).astype(float):
        best = -linprog(-y, polytope.A, polytope.b, bounds=(None, None)).fun
        assert float(floats(matrix([y]) * face.argmax(matrix(y)))[0, 0]) == pytest.approx(best, abs=1e-9)
        exposed = face.exposed(matrix(y))
        assert exposed.dimension == _dimension_by_programs(polytope, y, best)
        assert dot(matrix(y), exposed.middle) == dot(matrix(y), face.argmax(matrix(y)))


def _dimension_by_programs(polytope: Polytope, y: np.ndarray, best: float) -> int:
    """Rank the optimal vertices found at both ends of a few directions."""
    ends = []
    for cost in np.random.default_rng(1).normal(size=(6, 3)):
        for sign in (1, -1):
            ends.append(linprog(sign * cost, polytope.A, polytope.b, y[None], [best], bounds=(None, None)).x)
    return int(np.linalg.matrix_rank(np.array(ends) - ends[0], tol=1e-6))


def test_faces_of_the_octahedron() -> None:
    """By its rows, four of which meet at every vertex, and by its points."""
    signs = np.array(list(product([-1.0, 1.0], repeat=3)))
    faces: list[Face] = [Polytope(signs, np.ones(8)).whole, OfPoints(matrix(np.vstack([np.eye(3), -np.eye(3)])))]
    for face in faces:
        assert [face.exposed(matrix(y)).dimension for y in ([1, 0, 0], [1, 1, 0], [1, 1, 1], [0, 0, 0])] == [0, 1, 2, 3]
        edge = face.exposed(matrix([1, 1, 0])).exposed(matrix([1, 0, 0]))
        assert floats(edge.middle)[:, 0].tolist() == [1, 0, 0]


def test_rows_that_rounding_contradicts_are_relaxed_by_the_least() -> None:
    """x >= 0.3333333333333334 thrice and a sum of at most 1: empty by 2e-16, and taken as a point."""
    third = 0.3333333333333334
    face = Polytope(np.vstack([np.ones(3), -np.eye(3)]), [1.0, -third, -third, -third]).whole
    assert face.dimension == 0
    assert floats(face.middle)[:, 0] == pytest.approx(np.full(3, 1 / 3))


def test_equations_that_say_the_same_count_once() -> None:
    rows = np.vstack([np.eye(3), -np.eye(3)])
    equations = np.array([[1.0, 1.0, 1.0], [0.1, 0.1, 0.1], [1 / 3, 1 / 3, 1 / 3]])
    assert Polytope(rows, np.ones(6), equations, [1.0, 0.1, 1 / 3]).whole.dimension == 2
