"""What comparing solvers on the whole library brought to light."""

import json

import pytest

from bigopt import catalog
from bigopt.compare.plan import Plan, tasks
from bigopt.compare.run import run_task
from bigopt.engine.solve import solve
from bigopt.files import instance


def test_scip_survives_a_potential_with_many_rows() -> None:
    """Its sub-NLP heuristic ends the process here, so it runs where a crash would only be a row."""
    path = catalog.instance("big/polytope/players-1000-dimension-3.toml")
    (task,) = tasks(Plan([str(path)], ["scip"], time_limit=60))
    row = json.loads(run_task(json.dumps(task)))
    assert (row["outcome"], row["note"]) == ("solved", "")
    assert row["objective"] == pytest.approx(solve(instance.load(path)).potential, abs=1e-6)


def test_pounce_gives_a_value_to_a_variable_that_counts_for_nothing() -> None:
    pytest.importorskip("pyomo_pounce")
    solution = solve(instance.load(catalog.instance("big/example-1-zero-weight")), solver="pounce")
    assert solution.solved


def test_scip_says_nothing_on_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    """SoPlex writes there that it cannot keep a tolerance below 1e-10."""
    solve(instance.load(catalog.instance("big/polytope/players-100-dimension-2.toml")), solver="scip")
    assert capfd.readouterr() == ("", "")


def test_daqp_calls_no_game_with_tied_rows_infeasible() -> None:
    solution = solve(instance.load(catalog.instance("big/polytope/tied-rows")), solver="daqp")
    assert solution.solved
