# mypy: disable-error-code="arg-type, index"
"""Action sets: membership, projection, support, interior; by closed forms, variational inequalities and scipy."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize
from scipy.spatial import ConvexHull

import bigopt
from bigopt.action_sets import Ball, Box, Hull, Polytope, Simplex, read
from bigopt.arithmetic.rationals import dot, matrix


def random_polytope(rng: Any, dimension: Any, rows: Any = 12) -> Any:
    normals = rng.normal(size=(rows, dimension))
    box = np.vstack([np.eye(dimension), -np.eye(dimension)])
    sides = np.concatenate([np.ones(rows) * 0.8, 2.0 * np.ones(2 * dimension)])
    return Polytope(np.vstack([normals, box]), sides)


def examples(seed: Any = 0) -> Any:
    rng = np.random.default_rng(seed)
    flat = Polytope(-np.eye(3), np.zeros(3), np.ones((1, 3)), [2.0])
    return {
        "box": Box([-1.0, 0.0, 2.0], [1.0, 0.0, 5.0]),
        "ball": Ball([1.0, -2.0, 0.5], 1.5),
        "point": Ball([1.0, 2.0], 0.0),
        "simplex": Simplex(2.0, 4),
        "polytope": random_polytope(rng, 3),
        "flat": flat,
        "hull": Hull(rng.normal(size=(15, 3))),
        "segment": Hull([[0.0, 0.0], [1.0, 2.0], [0.5, 1.0]]),
        "planar": Hull(rng.normal(size=(40, 2))),
    }


NAMES = list(examples())


def batch(dimension: Any, seed: Any = 1, count: Any = 300) -> Any:
    rng = np.random.default_rng(seed)
    scales = 10.0 ** rng.uniform(-2, 3, size=(count, 1))
    return rng.normal(size=(count, dimension)) * scales


@pytest.mark.parametrize("name", NAMES)
def test_projection_satisfies_its_variational_inequality(name: Any) -> None:
    # P(y) is the projection if and only if P(y) is in X and (y - P(y)).(x - P(y)) <= 0 for all x in X.
    action_set = examples()[name]
    points = batch(action_set.dimension)
    nearest = action_set.project(points)
    normal = points - nearest
    gap = action_set.support(normal) - (normal * nearest).sum(axis=1)
    assert (gap <= 1e-12 * (1.0 + np.linalg.norm(points, axis=1))).all()
    assert action_set.contains(nearest).max() <= 1e-11
    assert np.allclose(action_set.project(nearest), nearest, atol=1e-11)


@pytest.mark.parametrize("name", NAMES)
def test_support_is_attained_and_never_exceeded(name: Any) -> None:
    action_set = examples()[name]
    directions = batch(action_set.dimension, seed=2)
    best = action_set.argmax(directions)
    assert action_set.contains(best).max() <= 1e-11
    scale = 1.0 + np.linalg.norm(directions, axis=1)
    assert (np.abs((best * directions).sum(axis=1) - action_set.support(directions)) <= 1e-12 * scale).all()
    members = action_set.project(batch(action_set.dimension, seed=3))
    assert (directions @ members.T - action_set.support(directions)[:, None] <= 1e-10 * scale[:, None]).all()


@pytest.mark.parametrize("name", NAMES)
def test_contains_measures_at_most_the_distance(name: Any) -> None:
    action_set = examples()[name]
    points = batch(action_set.dimension, seed=4)
    distance = np.linalg.norm(points - action_set.project(points), axis=1)
    violation = action_set.contains(points)
    assert (violation >= 0).all()
    assert (violation <= distance * (1 + 1e-12) + 1e-12).all()
    assert ((violation > 1e-9) == (distance > 1e-9)).all()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("dimension", [2, 3, 4])
def test_a_polytope_agrees_with_the_hull_of_its_vertices(seed: Any, dimension: Any) -> None:
    rng = np.random.default_rng(seed)
    hull = Hull(rng.normal(size=(12, dimension)))
    facets = ConvexHull(hull.points).equations
    polytope = Polytope(facets[:, :-1], -facets[:, -1])
    points = batch(dimension, seed=seed, count=80)
    assert np.allclose(polytope.project(points), hull.project(points), atol=1e-10)
    assert np.allclose(polytope.support(points), hull.support(points), rtol=1e-10, atol=1e-10)
    inside = np.concatenate([rng.dirichlet(np.ones(12), size=40) @ hull.points, hull.points, points])
    assert (polytope.interior(inside, 1e-9) == hull.interior(inside, 1e-9)).all()


def test_polytope_support_agrees_with_scipy() -> None:
    polytope = random_polytope(np.random.default_rng(5), 5, rows=30)
    directions = batch(5, seed=5, count=40)
    expected = [-linprog(-y, A_ub=polytope.A, b_ub=polytope.b, bounds=(None, None)).fun for y in directions]
    assert np.allclose(polytope.support(directions), expected, rtol=1e-9)


def test_projections_agree_with_a_general_purpose_optimizer() -> None:
    polytope = random_polytope(np.random.default_rng(6), 3)
    for y in batch(3, seed=6, count=8) * 0.05:
        rows = {"type": "ineq", "fun": lambda x: polytope.b - polytope.A @ x}
        found = minimize(lambda x, y=y: ((x - y) ** 2).sum(), np.zeros(3), constraints=[rows], tol=1e-12)
        assert np.allclose(polytope.project(y[None])[0], found.x, atol=1e-5)


def test_a_box_a_simplex_and_their_polytopes_agree() -> None:
    box = Box([-1.0, 0.0], [2.0, 0.5])
    same = Polytope(np.vstack([np.eye(2), -np.eye(2)]), [2.0, 0.5, 1.0, 0.0])
    points = batch(2)
    assert np.allclose(box.project(points), same.project(points), atol=1e-11)
    simplex, flat = Simplex(2.0, 3), examples()["flat"]
    points = batch(3)
    assert np.allclose(simplex.project(points), flat.project(points), atol=1e-10)
    assert np.allclose(simplex.project(points), Hull(2.0 * np.eye(3)).project(points), atol=1e-10)
    assert np.allclose(simplex.support(points), flat.support(points), rtol=1e-12)


def test_interior_and_flatness() -> None:
    sets = examples()
    assert not sets["box"].has_interior  # its second coordinate is fixed
    assert Box([0.0], [6.0]).interior(np.array([[0.0], [3.0], [6.0], [7.0]])).tolist() == [False, True, False, False]
    ball = sets["ball"]
    edge = ball.center + ball.radius * np.eye(3)[:1]
    assert ball.interior(np.vstack([ball.center, edge]), 1e-12).tolist() == [True, False]
    for flat in ("simplex", "flat", "segment", "point"):
        assert not sets[flat].has_interior
        assert not sets[flat].interior(sets[flat].middle[None]).any()
    for solid in ("polytope", "hull", "planar"):
        assert sets[solid].has_interior
        assert sets[solid].interior(sets[solid].middle[None]).all()
        assert not sets[solid].interior(sets[solid].argmax(batch(sets[solid].dimension)), 1e-12).any()


def test_a_thin_polytope_without_equations_is_flat() -> None:
    thin = Polytope([[1.0, 1.0], [-1.0, -1.0], [-1.0, 0.0], [0.0, -1.0]], [1.0, -1.0, 0.0, 0.0])
    assert not thin.has_interior
    points = batch(2)
    assert np.allclose(thin.project(points), Simplex(1.0, 2).project(points), atol=1e-10)


def test_a_polytope_of_one_point() -> None:
    point = Polytope([[1.0, 0.0]], [5.0], np.eye(2), [1.0, 2.0])
    assert np.allclose(point.project(batch(2)), [1.0, 2.0])
    assert np.allclose(point.argmax(batch(2)), [1.0, 2.0])
    assert np.allclose(point.middle, [1.0, 2.0])


def test_ties_and_zero_directions_give_a_member() -> None:
    for action_set in examples().values():
        zero = np.zeros((2, action_set.dimension))
        assert action_set.contains(action_set.argmax(zero)).max() <= 1e-12
        axes = np.eye(action_set.dimension)
        lower, upper = action_set.bounds
        assert np.allclose(action_set.width(axes), upper - lower)


def test_many_objectives_reuse_vertices_and_agree_with_one_at_a_time() -> None:
    polytope = random_polytope(np.random.default_rng(7), 4, rows=20)
    directions = batch(4, seed=7, count=600)
    together = polytope.support(directions)
    fresh = copy.deepcopy(polytope)
    assert np.allclose(together, [fresh.support(y[None])[0] for y in directions], rtol=1e-12)
    assert np.allclose(together, polytope.support(directions), rtol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_files_and_pickles_give_the_same_set_back(name: Any) -> None:
    action_set = examples()[name]
    assert read(action_set.to_instance(), "action_set", action_set.dimension) == action_set
    assert pickle.loads(pickle.dumps(action_set)) == action_set


def test_members_of_a_hull_in_many_dimensions_project_to_themselves() -> None:
    # Mixtures of few points lie on faces, of many inside: rounding must not send Wolfe's algorithm round in circles.
    rng = np.random.default_rng(3)
    points = rng.normal(size=(64, 16))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    hull = Hull(points)
    members = np.vstack([rng.dirichlet(np.full(64, a), size=30) @ points for a in (0.01, 0.05, 1.0)])
    assert hull.contains(members).max() <= 1e-12
    again = hull.project(hull.project(members * 3.0))
    assert np.allclose(again, hull.project(members * 3.0), atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(NAMES), st.floats(1e-3, 1e3))
def test_projections_bring_no_two_points_farther_apart(seed: int, name: str, scale: float) -> None:
    action_set = examples(seed)[name]
    first, second = np.random.default_rng(seed).normal(size=(2, 5, action_set.dimension)) * scale
    apart = np.linalg.norm(action_set.project(first) - action_set.project(second), axis=1)
    assert (apart <= np.linalg.norm(first - second, axis=1) + 1e-11 * (1 + scale)).all()


def tied_rows() -> Any:
    return bigopt.load("instances/big/polytope/tied-rows.json").action_set


def test_nearly_dependent_rows_are_projected_on_exactly() -> None:
    # the projection's own condition, with the exact support function of the rows in fractions
    thin = tied_rows()
    points = np.random.default_rng(0).normal(size=(20, 5)) * [30.0, 2.0, 10.0, 1.0, 1.0]
    nearest = thin.project(points)
    assert thin.contains(nearest).max() <= 1e-12
    for y, x in zip(points, nearest, strict=True):
        normal = matrix(y) - matrix(x)
        best = thin.whole.argmax(normal)
        assert float(Fraction(str(dot(normal, best - matrix(x))))) <= 1e-11 * float(np.linalg.norm(y - x))


@pytest.mark.parametrize("epsilon", [1e-4, 1e-8, 1e-11])
def test_two_rows_that_nearly_agree_meet_where_fractions_say(epsilon: Any) -> None:
    # x + y <= 1, (1 + e) x + y <= 1 and x >= -1: the two meet at (0, 1), and floats see one row
    rows = np.array([[1.0, 1.0], [1.0 + epsilon, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    wedge = Polytope(rows, [1.0, 1.0, 1.0, 1.0])
    steep = np.array([[1.0 + epsilon / 4, 1.0], [1.0 - epsilon, 1.0]])
    assert wedge.argmax(steep) == pytest.approx(np.array([[0.0, 1.0], [-1.0, 2.0]]), abs=1e-12)


def test_threads_share_a_polytope() -> None:
    # HiGHS keeps its state in one object: two threads in it at once end in a segmentation fault
    polytope = random_polytope(np.random.default_rng(3), 4, 40)
    directions = np.random.default_rng(4).normal(size=(8, 60, 4))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(polytope.argmax, directions))
    alone = random_polytope(np.random.default_rng(3), 4, 40)
    for y, x in zip(directions, found, strict=True):
        assert (y * x).sum(axis=1) == pytest.approx(alone.support(y), abs=1e-9)


@pytest.mark.parametrize("place", [1e6, 1e10])
def test_a_polytope_far_from_the_origin_is_the_same_there(place: Any) -> None:
    rows = np.array([[1.0, 2.0], [-3.0, 1.0], [1.0, -1.0], [-1.0, -1.0]])
    near = Polytope(rows, [4.0, 3.0, 2.0, 3.0])
    far = Polytope(rows, np.array([4.0, 3.0, 2.0, 3.0]) + rows @ [place, -place])
    points = np.random.default_rng(5).integers(-40, 40, size=(30, 2)) / 8
    moved = far.project(points + [place, -place]) - [place, -place]
    assert moved == pytest.approx(near.project(points), abs=4e-16 * place)
    assert far.argmax(points) - [place, -place] == pytest.approx(near.argmax(points), abs=4e-16 * place)


def test_rows_that_nearly_repeat_a_bound_keep_their_middle() -> None:
    """HiGHS does not find on from the basis of another program here: it begins anew."""
    rows = np.vstack([np.eye(3), -np.eye(3), [[-3.0, -5.39e-10, -7.46e-10]], [[3.0, 5.39e-10, 7.46e-10]]])
    polytope = Polytope(rows, [1.62, 2.26, -0.29, 2.38, -0.26, 3.29, 4.14, 7.86])
    assert polytope.contains(polytope.middle[None])[0] == 0
    assert polytope.interior(polytope.middle[None])[0]
