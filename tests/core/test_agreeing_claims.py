"""Claims that agree with themselves: a witness is exchanged, and every field is what the verifier makes of it.

What a claim's other fields say follows from its witness, so that a comparison finds nothing. Only the proof can tell.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import bigopt
from bigopt import catalog
from tests.claims import Claims

# by field: what may follow it. Witnesses of substitutes are as good as one another; gains are those of the misreports
FREE: dict[tuple[str, str], dict[str, set[str]]] = {
    ("conversation/proposition-2", "substitutes"): {"witness": {"left", "right"}},
    ("mechanism/size-pairs", "false-names"): {"parts": {"paid"}},
}
ASKED = [
    ("big/example-1-opposed", ("nash", "dynamics", "ne-set", "truthful")),
    ("conversation/proposition-2", ("first-best", "agreement", "substitutes", "aligned-leader")),
    ("hull/table-2", ("combination",)),
    ("market/lone-bob", ("worst", "best", "stable", "dynamics", "misalignment")),
    ("mechanism/size-pairs", ("train", "payments", "audit", "cycles", "revenue", "false-names")),
    ("persuasion/second-opinion", ("signaling", "oblivious", "first-best")),
    ("subsets/example-5-4", ("nash", "all-nash", "extremes")),
]


@pytest.mark.parametrize(("name", "concept"), [(name, concept) for name, every in ASKED for concept in every])
def test_no_field_follows_a_witness_that_is_not_proved(name: str, concept: str, tmp_path: Path) -> None:
    claims = Claims(bigopt.load(catalog.instance(name)), concept, tmp_path)
    assert claims.agreeing(most=6) == FREE.get((name, concept), {})
