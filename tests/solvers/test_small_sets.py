"""Sets with little room, on which solvers stopped short, went round for ever, or were misjudged."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import bigopt
from bigopt import solvers
from bigopt.cli import display

CASES = Path(__file__).parent / "cases"


INSTALLED = [name for name in ("piqp", "clarabel", "scip", "exact") if solvers.SOLVERS[name].version() is not None]


@pytest.mark.parametrize("solver", INSTALLED)
@pytest.mark.parametrize(("name", "receiver"), [("segment", [0.25, 0.25]), ("singleton", [6.5])])
def test_a_segment_and_a_single_point(name: str, receiver: list[float], solver: str) -> None:
    # (3, 3) wants (1, 1), the middle of its segment, whose quarter the receiver is; a single point leaves no choice
    game = bigopt.load(CASES / f"{name}.json")
    found = bigopt.solve(game, solver=solver, time_limit=60)
    assert found.receiver == pytest.approx(receiver, abs=1e-4)
    assert found.exit_code == 0, found.certificate.failed


def test_highs_finishes_on_a_segment() -> None:
    found = bigopt.solve(bigopt.load(CASES / "segment.json"), solver="highs")
    assert found.exit_code == 0 and found.receiver == pytest.approx([0.25, 0.25], abs=1e-6)


def test_highs_does_not_go_round_for_ever() -> None:
    # The target minus the mean of both ends points along (1, 1) but for 1: half a step towards the second end.
    hull = bigopt.Hull([[-1.0, 1.0], [1.0, -1.0]])
    game = bigopt.Influencers([1.0], [[1e6, 1e6 + 1]], hull, loss="squared")
    found = bigopt.solve(game, solver="highs")
    assert found.exit_code == 0 and found.receiver == pytest.approx([-0.5, 0.5], abs=1e-6)


def test_a_right_point_of_a_solver_that_did_not_finish_is_said_to_be_one() -> None:
    found = replace(bigopt.solve(bigopt.load(CASES / "segment.json")), stopped="unknown", holds="feasible")
    text = StringIO()
    display.show(found, Console(file=text, width=160))
    assert found.exit_code == 1 and "did not finish (unknown): not a solution" in text.getvalue()
