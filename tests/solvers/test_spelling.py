"""A misspelled option of a solver: the message says which of its own was perhaps meant."""

from __future__ import annotations

import pytest

import bigopt
from bigopt import solvers
from bigopt.errors import parts_like


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
    ],
)
def test_each_solver_says_what_it_has(solver: str, option: str, meant: str) -> None:
    if solvers.SOLVERS[solver].version() is None:
        pytest.skip(f"{solver} is not installed")
    game = bigopt.load("big/example-1-opposed")
    with pytest.raises(bigopt.UsageError, match=f"{solver} has no such option, did you mean {meant}"):
        bigopt.solve(game, solver=solver, options={option: 1})


def test_a_sweeps_path_is_spelled_for_you() -> None:
    game = bigopt.load("big/example-1-opposed")
    with pytest.raises(bigopt.UsageError, match=r"the game has no 'weigths', did you mean weights\?"):
        bigopt.sweep(game, {"weigths[0]": [0.5]})
    with pytest.raises(bigopt.UsageError, match=r"action_set has no 'uper', did you mean upper\?"):
        bigopt.sweep(game, {"action_set.uper[0]": [7]})
