"""The persistent LP against scipy's own solver, cold solves, and duality."""

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from bigopt.alice.lazy_lp import LazyLP, RefusedByHighs
from bigopt.concepts.deadline import Deadline


def test_cutting_planes_reach_the_full_program() -> None:
    rng = np.random.default_rng(1)
    A, b, c = rng.random((80, 12)), 1 + rng.random(80), rng.random(12)
    reference = linprog(-c, A_ub=A, b_ub=b)
    program = LazyLP(c, lower=0, upper=10, maximize=True)
    while True:
        result = program.solve()
        violated = np.flatnonzero(A @ result.x > b + 1e-9)
        if not violated.size:
            break
        program.add_rows(A[violated[:3]], upper=b[violated[:3]])
    assert result.objective == pytest.approx(-reference.fun, abs=1e-8)
    assert program.rows < 80


def test_duals_prove_the_optimum_in_both_senses() -> None:
    rng = np.random.default_rng(2)
    A, b, c = rng.random((6, 9)), rng.random(6), rng.random(9)
    largest = LazyLP(c, A, row_upper=b, maximize=True).solve()
    assert (largest.dual >= 0).all() and (A.T @ largest.dual >= c - 1e-9).all()
    assert largest.dual @ b == pytest.approx(largest.objective)
    np.testing.assert_allclose(largest.reduced_cost, c - A.T @ largest.dual, atol=1e-9)
    smallest = LazyLP(c, sparse.csr_array(A), row_lower=b).solve()
    assert (smallest.dual >= 0).all() and (A.T @ smallest.dual <= c + 1e-9).all()
    assert smallest.dual @ b == pytest.approx(smallest.objective)


def test_columns_and_costs_change_in_place() -> None:
    program = LazyLP([1.0, 1.0], [[1.0, 2.0]], 1.0)
    assert program.solve().objective == pytest.approx(0.5)
    assert list(program.add_columns([0.1], [[1.0]])) == [2]
    assert program.solve().objective == pytest.approx(0.1)
    program.set_cost([1.0, 4.0, 3.0])
    assert program.solve().objective == pytest.approx(1.0)
    assert (program.rows, program.columns) == (1, 3)


def test_statuses_have_pyomos_names() -> None:
    assert LazyLP([-1.0]).solve().stopped == "unbounded"
    assert LazyLP([1.0], [[1.0]], row_upper=-1.0).solve().stopped == "provenInfeasible"
    rng = np.random.default_rng(0)
    program = LazyLP(rng.random(200), rng.random((200, 200)), row_upper=1.0, maximize=True)
    assert program.solve(Deadline(0.0)).stopped == "maxTimeLimit"
    assert program.solve().solved  # a limit that has passed does not stick


def test_refusals() -> None:
    with pytest.raises(RefusedByHighs, match="nope"):
        LazyLP([1.0], options={"nope": 1})
    with pytest.raises(ValueError, match="columns"):
        LazyLP([1.0]).add_rows([[1.0, 2.0]])
    with pytest.raises(ValueError, match="shape"):
        LazyLP([1.0], [[1.0]]).add_columns([1.0], [[1.0], [2.0]])
