"""`check` refuses every false claim of every mechanism concept."""

from pathlib import Path
from typing import Any

import pytest

from bigopt.games.mechanism import KIND
from tests.claims import Claims
from tests.mechanism.games import game

QUESTION = frozenset({"group"})
TYPES = [{"reward": [0.5, 0.3, 0.2], "size": 1}, {"reward": [0.1, 0.6, 0.3], "size": 2}]
MORE: dict[str, Any] = {"cycles": {"types": TYPES}, "revenue": {"types": TYPES}}


@pytest.mark.parametrize("concept", [concept.name for concept in KIND.concepts])
def test_false_claims_are_refused(concept: str, tmp_path: Path) -> None:
    made = game(m=3, n=2, seed=1, max_size=4, **MORE.get(concept, {}))
    asked = QUESTION | ({"payments"} if concept == "cycles" else set())  # any within their intervals are as true
    assert not Claims(made, concept, tmp_path).believed(asked)


def test_what_splitting_saves_does_not_hang_on_the_splits_that_are_shown(tmp_path: Path) -> None:
    """Other splits, or the same in another order, show another part of the same table: the saving is the group's."""
    made = game(m=3, n=2, seed=1, max_size=4)
    claims = Claims(made, "false-names", tmp_path)
    fields = claims.data["solution"]
    assert fields["saved"] > 0 and claims.accepted()
    paid = dict(zip(map(tuple, fields["parts"]), fields["paid"], strict=True))
    for parts in ([max(paid)], list(paid)[::-1]):
        shown = fields | {"parts": [list(names) for names in parts], "paid": [paid[names] for names in parts]}
        assert claims.accepted(solution=shown)
        assert not claims.accepted(solution=shown | {"saved": 0.0})
