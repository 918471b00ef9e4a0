"""A function in an interpreter of its own: results, errors, limits and what it prints; sizes that are refused."""

from __future__ import annotations

import os
import time

import pytest

import bigopt
from bigopt import solvers
from bigopt.errors import BigoptError, UnsupportedProblem, UsageError
from bigopt.games.influencers.generate import influencers
from bigopt.solvers.apart import apart
from bigopt.solvers.row import bad_option


def test_a_result_comes_back_and_prints_go_to_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    assert apart(divmod, 17, 5, seconds=60) == (3, 2)
    apart(print, "said in the child", seconds=60)
    assert capfd.readouterr().out == ""


def test_errors_come_back_as_themselves() -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        apart(divmod, 1, 0, seconds=60)
    with pytest.raises(RuntimeError, match="exit"):
        apart(os._exit, 3, seconds=60)
    with pytest.raises(UsageError, match="x has no such option"):  # a BigoptError is raised again
        apart(bad_option, "x", "y", seconds=60)


def test_a_child_that_does_not_end_is_ended() -> None:
    assert apart(time.sleep, 60, seconds=0.1) is None


def test_dense_matrices_that_would_be_too_large_are_refused() -> None:
    with pytest.raises(UnsupportedProblem, match=r"daqp: \d+ variables and \d+ rows .* use --solver highs"):
        bigopt.solve(influencers(players=4000, dimension=2), solver="daqp")


@pytest.mark.parametrize("name", ["osqp", "scs", "daqp", "ortools"])
def test_an_unknown_option_is_named(name: str) -> None:
    if solvers.SOLVERS[name].version() is None:
        pytest.skip(f"{name} is not installed")
    with pytest.raises(BigoptError, match=f"option colour: {name} has no such option"):
        bigopt.solve(bigopt.load("big/example-1-opposed"), solver=name, options={"colour": "red"})


def test_products_are_rewritten_as_squares_for_pdlp() -> None:
    """(x + y)^2 + (x - 1)^2 has its only minimum 0 at (1, -1)."""
    if solvers.SOLVERS["ortools"].version() is None:
        pytest.skip("ortools is not installed")
    import pyomo.environ as pyo

    model = pyo.ConcreteModel()
    model.x = pyo.Var([0, 1], bounds=(-3, 3))
    model.goal = pyo.Objective(expr=(model.x[0] + model.x[1]) ** 2 + (model.x[0] - 1) ** 2)
    assert solvers.run("ortools", model, "QP").objective == pytest.approx(0.0, abs=1e-8)
    assert [model.x[i].value for i in (0, 1)] == pytest.approx([1.0, -1.0], abs=1e-4)
