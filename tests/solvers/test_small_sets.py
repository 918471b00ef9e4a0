"""Sets with little room, on which solvers stopped short, went round for ever, or were misjudged."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import bigopt
from bigopt import solvers
from bigopt.cli import display
from bigopt.files.instance import Instance

CASES = Path(__file__).parent / "cases"


NAMES = ("piqp", "clarabel", "scip", "highs", "exact")
INSTALLED = [name for name in NAMES if solvers.SOLVERS[name].version() is not None]


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


QP = [name for name in (*INSTALLED, "ipopt") if name != "exact"]


@pytest.mark.parametrize("solver", QP)
@pytest.mark.parametrize("weights", [[1.0], [0.0], [0.0, 1.0], [-1.0, 2.0], [2.0, 0.25, 1.0]])
def test_sets_of_one_point(weights: list[float], solver: str) -> None:
    # nobody has a choice: the receiver is the weights' sum times the point
    targets = [[float(i % 3), 1.0] for i in range(len(weights))]
    point = bigopt.Hull([[2.0, -1.0]]), bigopt.Box([2.0, -1.0], [2.0, -1.0])
    for loss, concept in (("squared", "nash"), ("inner-product", "dominant")):
        for action_set in point:
            found = bigopt.solve(bigopt.Influencers(weights, targets, action_set, loss=loss), concept, solver)
            assert found.solved, (loss, found)
            assert found.receiver == pytest.approx([2 * sum(weights), -sum(weights)], abs=1e-6)


@pytest.mark.parametrize("solver", [*QP, "cbc"])
def test_a_receiver_who_does_not_care(solver: str) -> None:
    # Alice is indifferent, so the sender gets what he likes best; interior points leave 1e-11 of the other action
    if solvers.SOLVERS[solver].version() is None:
        pytest.skip(f"{solver} is not installed")
    games = [bigopt.Persuasion(["s"], ["a", "b"], [[1, 1]], [bigopt.Bob("B", [[0, 1]])], tie_break="sender")]
    games += [bigopt.Persuasion(["s", "t"], ["a", "b"], [[0, 0]] * 2, [bigopt.Bob("B", [[0, 1]] * 2)])]
    for game in games:
        for concept in ("signaling", "oblivious"):
            found = bigopt.solve(game, concept, solver)
            assert found.solved and found.to_dict()["stopped"] == "convergenceCriteriaSatisfied", found.certificate


def test_a_claim_that_leaves_more_than_rounding_is_refused(tmp_path: Path) -> None:
    game = bigopt.Persuasion(["s"], ["a", "b"], [[1, 1]], [bigopt.Bob("B", [[0, 1]])], tie_break="sender")
    for left, verified in ((1e-9, True), (1e-4, False), (0.5, False)):
        claim = tmp_path / "claim.json"
        claim.write_text(json.dumps({"concept": "signaling", "solution": {"scheme": [[left, 1 - left]]}}))
        found = bigopt.check(Instance(game, "claimed"), claim)
        assert found.certificate.verified is verified, left


@pytest.mark.parametrize("solver", ["exact", *QP])
def test_no_scheme_has_the_margin_for_oblivious_senders(solver: str) -> None:
    game = bigopt.Persuasion(["s"], ["a", "b"], [[1, 1]], [bigopt.Bob("B", [[0, 1]])], tie_break={"margin": 0.1})
    assert bigopt.solve(game, "oblivious", solver).exit_code == 3


def test_oblivious_senders_of_an_alice_with_signals_by_any_lp_solver() -> None:
    game = bigopt.load("second-opinion")
    ours, theirs = (bigopt.solve(game, "oblivious", solver) for solver in ("exact", "scip"))
    assert theirs.solved and theirs.combined == pytest.approx(ours.combined, abs=1e-6)
