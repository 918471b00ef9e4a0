"""Reports for people: names instead of indices, digits that say something, nothing empty, one meaning a word."""

from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt import catalog
from bigopt.concepts.report import answer, report
from bigopt.concepts.solution import Certificate, Check, Solution, SolverRecord
from bigopt.display.tables import Line, Table, as_text, quiet, short
from bigopt.games import kinds

STORED = (
    "big/example-2-unique",
    "big/example-4-square",
    "conversation/definition-9",
    "hull/table-2",
    "market/movielens",
    "mechanism/size-pairs",
    "persuasion/courtroom",
    "preferences/equal-targets",
    "subsets/example-5-4",
)
SKIPPED = {"mixed", "joint", "dynamics"}  # slow, endless or seen with the others
CASES = [
    (name, row.name)
    for name in STORED
    for row in kinds.find({"big": "influencers"}.get(name.split("/")[0], name.split("/")[0])).concepts
    if not row.needs and row.name not in SKIPPED
]


@pytest.mark.parametrize(("name", "concept"), CASES)
def test_nothing_empty_and_one_meaning(name: str, concept: str) -> None:
    """No table without rows or of one empty column; what is called bound is the run's bound; no bare brackets."""
    game = bigopt.load(catalog.instance(name))
    if next(row for row in kinds.kind_of(game).concepts if row.name == concept).refuses(game) is not None:
        return
    solution = bigopt.solve(game, concept)
    for table in answer(solution):
        assert table.rows and all(len(row) == len(table.columns) for row in table.rows), table
        assert any(any(short(row[i]) for row in table.rows) for i in range(len(table.columns)))
        for row in table.rows:
            if row[0] == "bound":
                assert row[1] == solution.outcome.bound
            assert all(not short(cell).startswith(("((", "[")) or "," in short(cell) for cell in row)
    text = str(solution)
    assert "e-3" not in "".join(line for line in text.splitlines() if "certificate" not in line), text
    assert "=," not in text and "=)" not in text


def words(game: Any, concept: str, **arguments: Any) -> str:
    return as_text(answer(bigopt.solve(game, concept, **arguments)))


def test_names_are_kept() -> None:
    market: Any = bigopt.load(catalog.instance("market/movielens"))
    for concept in ("alignment", "misalignment"):
        assert all(bob in words(market, concept) for bob in market.bob_names)
    stable = words(market, "stable")
    assert all(state in stable for state in market.states) and "Shawshank Redemption" in stable
    reply = words(market, "best-response", player=0, profile=[[0] * 6] * 6)
    assert "Action Bob's best policy" in reply and "Silence of the Lambs" in reply
    courtroom: Any = bigopt.load(catalog.instance("persuasion/courtroom"))
    first = words(courtroom, "first-best")
    assert {*courtroom.states, *courtroom.actions, *courtroom.names} <= set(first.split())
    hull: Any = bigopt.load(catalog.instance("hull/table-2"))
    assert all(bob in words(hull, "audit") for bob in hull.names)


def test_rounding_is_nothing_beside_what_it_rounds() -> None:
    """5.55e-17 beside 1 is 0, in cells, in arrays and in nested lists; small games keep their numbers."""
    rows = [("x", 1.0), ("y", 5.55e-17), ("z", np.array([1e-18, 0.5])), ("w", [[-1e-20]])]
    table = quiet(Table("", ("a", "b"), rows))
    assert [short(row[1]) for row in table.rows] == ["1", "0", "(0, 0.5)", "0"]
    small = quiet(Table("", ("a",), [(5.55e-17,), (2e-18,)]))
    assert [short(row[0]) for row in small.rows] == ["5.55e-17", "2e-18"]
    assert short(quiet(Table("", ("a",), [(float("inf"),), (1e-300,)])).rows[1][0]) == "1e-300"


def solution(checks: tuple[Check, ...], **fields: Any) -> Solution:
    return Solution(
        "made-up", "market", "worst", SolverRecord("exact"), None, "convergenceCriteriaSatisfied", "optimal", 1.0, 1.0,
        fields, Certificate(checks, 3e-17, 0.0), {},
    )  # fmt: skip


def test_checks_are_read_beside_their_limits() -> None:
    checks = (Check("tiny", 5.55e-17, 1e-7), Check("near", 3e-8, 1e-7), Check("exact", 1e-30, 0.0))
    table = next(part for part in report(solution(checks, alice=1.0)) if isinstance(part, Table) and part.title)
    assert [row[1] for row in table.rows] == [0.0, 3e-8, 1e-30]
    last = [part.text for part in report(solution(checks[:1], alice=1.0)) if isinstance(part, Line)][-2]
    assert last == "verified: max regret 0, bound on the objective 1"


def test_a_limit_leaves_no_empty_table() -> None:
    text = str(solution(()))
    assert "no answer" in text and "─" not in text and "certificate" not in text


def test_titles_are_lines_of_their_own() -> None:
    text = as_text([Table("a long title over a narrow table", ("", ""), [("x", 1)])])
    assert text.splitlines()[0] == "a long title over a narrow table" and "─" not in text
