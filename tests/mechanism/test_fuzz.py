"""The smoke of `python -m benchmarks.fuzz_mechanism`: nothing verified and wrong, in a few games of every concept."""

import pytest

from benchmarks.fuzz_mechanism import CASES
from benchmarks.fuzzing import WRONG, verdict


@pytest.mark.parametrize("name", CASES)
def test_hostile_games_agree(name: str) -> None:
    said = [verdict(CASES[name](seed)) for seed in range(2)]
    assert not [words for words in said if words.startswith(WRONG)] and "agree" in said
