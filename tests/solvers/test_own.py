"""A user's own solver and kind, without a fork."""

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import bigopt
from bigopt import solvers
from bigopt.concepts.table import Table
from bigopt.errors import UsageError
from bigopt.solvers.row import Solver

GAME = bigopt.Influencers([0.5, 0.5], [[2.0], [4.0]], bigopt.Box([0.0], [6.0]))
OWN = """
from dataclasses import replace
from bigopt.solvers.highs import SOLVER as HIGHS
SOLVER = replace(HIGHS, name="mine", title="HiGHS under another name")
"""


def test_a_solver_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solvers, "_ADOPTED", set())
    path = tmp_path / "mine.py"
    path.write_text(OWN)
    found = bigopt.solve(GAME, solver=str(path))
    assert (found.solver.name, found.exit_code) == ("mine", 0)
    assert found.receiver == pytest.approx([3.0], abs=1e-5)
    del solvers.SOLVERS["mine"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "SOLVER is a NoneType"),
        ("SOLVER = 3", "SOLVER is a int"),
        (OWN.replace("mine", "scip"), "another name"),
        ("1/0", "mend"),
    ],
)
def test_a_wrong_file_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.py"
    path.write_text(text)
    with pytest.raises(UsageError, match=said) as caught:
        bigopt.solve(GAME, solver=str(path))
    assert "\n" not in str(caught.value)


def test_rows_of_other_packages_are_found_by_their_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("theirs", "bigopt.solvers.highs:SOLVER", "some.group")
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [point] if group == "some.group" else [])
    table: Table[Solver] = Table("some.group", ours="bigopt.solvers.ours:SOLVER")
    assert list(table) == ["ours", "theirs"]
    assert table["theirs"].name == "highs"
    with pytest.raises(KeyError):
        table["nobody's"]


def test_a_pyomo_model_is_handed_over_and_another_kind_s_is_refused() -> None:
    model = bigopt.build("big_potential", GAME)
    assert bigopt.solve(GAME, model=model, solver="highs").receiver == pytest.approx([3.0], abs=1e-5)
    with pytest.raises(UsageError, match="for Persuasion"):
        bigopt.build("signaling", GAME)
    with pytest.raises(UsageError, match="for Influencers, expected a model for Persuasion"):
        bigopt.solve("persuasion/courtroom", model=model, solver="highs")
    with pytest.raises(UsageError, match="reads no 'actions', which first-best is"):
        bigopt.solve("persuasion/courtroom", "first-best", model="signaling")
    with pytest.raises(UsageError, match="expected a model's name"):
        bigopt.solve(GAME, model=3)
