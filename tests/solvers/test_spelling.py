"""A misspelled option of a solver: the message says which of its own was perhaps meant."""

from __future__ import annotations

import pytest

import bigopt
from bigopt import solvers
from bigopt.errors import parts_like

LINEAR = "big/example-3-diamond"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("max_itr", ", did you mean max_iter?"),
        ("tollerance", ", did you mean dual_tolerance or primal_tolerance?"),  # a part of their names
        ("primal_tollerance", ", did you mean primal_tolerance?"),
        ("colour", ""),
    ],
)
def test_names_that_are_alike(word: str, meant: str) -> None:
    assert parts_like(word, ["primal_tolerance", "max_iter", "dual_tolerance", "presolve"]) == meant


@pytest.mark.parametrize(
    ("solver", "option", "meant"),
    [
        ("highs", "presolv", "presolve"),
        ("highs", "tollerance", "dual_feasibility_tolerance or"),
        ("scip", "limits/gapp", "limits/gap"),
        ("ipopt", "max_itr", "max_iter"),
        ("clarabel", "max_itr", "max_iter"),
        ("piqp", "max_itr", "max_iter"),
        ("daqp", "iter_limits", "iter_limit"),
        ("osqp", "max_itr", "max_iter"),
        ("scs", "max_itres", "max_iters"),
        ("pounce", "max_itr", "max_iter"),
        ("cbc", "primlT", "primalT"),
        ("glpk", "mipgp", "mipgap"),
        ("copt", "TimeLimt", "TimeLimit"),
    ],
)
def test_each_solver_says_what_it_has(solver: str, option: str, meant: str) -> None:
    if solvers.SOLVERS[solver].version() is None:
        pytest.skip(f"{solver} is not installed")
    game = bigopt.load(LINEAR if solver in ("cbc", "glpk") else "big/example-1-opposed")
    with pytest.raises(bigopt.UsageError, match=f"{solver} has no such option, did you mean {meant}"):
        bigopt.solve(game, solver=solver, options={option: 1})


REFUSED = [
    *[(solver, option, value) for solver in ("osqp", "scs") for option, value in (("eps_abs", "x"), ("eps_abs", -1))],
    *[("osqp", "max_iter", 1.5), ("osqp", "polishing", "maybe"), ("scs", "max_iters", 1.5), ("scs", "scale", -1)],
    *[("daqp", "primal_tol", "x"), ("daqp", "iter_limit", 1.5), ("daqp", "primal_tol", float("nan"))],
    *[("pounce", "tol", -1), ("pounce", "tol", "x"), ("pounce", "max_iter", 1.5), ("pounce", "linear_solver", "no")],
    *[("cbc", "primalT", "x"), ("cbc", "ratio", -1), ("cbc", "presolve", "nosuch")],
    *[("glpk", "mipgap", "x"), ("glpk", "mipgap", -1), ("glpk", "xcheck", 5)],
]


@pytest.mark.parametrize(("solver", "option", "value"), REFUSED)
def test_a_value_that_is_refused_is_named_and_not_run_without(solver: str, option: str, value: object) -> None:
    if solvers.SOLVERS[solver].version() is None:
        pytest.skip(f"{solver} is not installed")
    game = bigopt.load(LINEAR if solver in ("cbc", "glpk") else "big/example-1-opposed")
    with pytest.raises(bigopt.UsageError, match=f"option {option}={value}: {solver} (takes|refuses)"):
        bigopt.solve(game, solver=solver, options={option: value})


@pytest.mark.skipif(solvers.SOLVERS["glpk"].version() is None, reason="glpk is not installed")
def test_a_flag_of_glpk_is_true_or_false() -> None:
    for given in (True, False, None):
        assert bigopt.solve(LINEAR, solver="glpk", options={"xcheck": given}).solved


def test_a_sweeps_path_is_spelled_for_you() -> None:
    game = bigopt.load("big/example-1-opposed")
    with pytest.raises(bigopt.UsageError, match=r"the game has no 'weigths', did you mean weights\?"):
        bigopt.sweep(game, {"weigths[0]": [0.5]})
    with pytest.raises(bigopt.UsageError, match=r"action_set has no 'uper', did you mean upper\?"):
        bigopt.sweep(game, {"action_set.uper[0]": [7]})
