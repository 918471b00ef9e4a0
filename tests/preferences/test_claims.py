"""`check` refuses every false claim of every preferences concept."""

from pathlib import Path
from typing import Any

import pytest

from bigopt.games.preferences import KIND
from tests.claims import Claims
from tests.preferences.games import random_line, random_space

OPTIONS: dict[str, dict[str, Any]] = {
    "receiver": {"profiles": 2, "points": 3},
    "truthful": {"reports": 3},
}


@pytest.mark.parametrize("concept", [concept.name for concept in KIND.concepts])
@pytest.mark.parametrize("dimension", [1, 2])
def test_false_claims_are_refused(concept: str, dimension: int, tmp_path: Path) -> None:
    made = random_line(3, players=2) if dimension == 1 else random_space(3, players=2)
    row = next(c for c in KIND.concepts if c.name == concept)
    if row.refuses(made) is None:
        assert not Claims(made, concept, tmp_path, OPTIONS.get(concept)).believed(most=2)
