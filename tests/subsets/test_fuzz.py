"""The fuzzers at smoke size, and the case that they were written for."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

import bigopt
from benchmarks.fuzz_subsets import FAMILIES, KINDS, run

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize(
    ("kind", "number"), [("tasks", 210), ("games", 3 * len(FAMILIES)), ("example 5", 12), ("mixed", 8)]
)
def test_brute_force_agrees(kind: str, number: int) -> None:
    if kind == "mixed" and importlib.util.find_spec("pygambit") is None:
        pytest.skip("pygambit is not installed")
    tried, faults = run(kind, KINDS[kind], range(number), 3600.0)
    assert tried > 0.9 * number and not faults  # some games are too large for brute force


def test_ties_are_all_seen() -> None:
    """8 - 1 - 8 + 1 lies at 0: brute force over 70 choices; a search that lost tied rests said 72.25."""
    game = bigopt.load(CASES / "subset-ties-8-choose-4.json")
    profile = json.loads((CASES / "subset-ties-8-choose-4-profile.json").read_text())
    found = bigopt.solve(game, "best-response", player=0, profile=profile)
    assert found.solved and found.loss == 0.25
