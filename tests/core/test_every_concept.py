"""Every concept of every kind answers on a stored instance, with a certificate, and its JSON is checked again."""

import json
from pathlib import Path
from typing import Any

import pytest

from bigopt import catalog
from bigopt.engine.check import check_solution
from bigopt.engine.solve import solve
from bigopt.files import instance
from bigopt.games import kinds

EXAMPLES = {
    "conversation": ("conversation/fully-disclosive",),
    "hull": ("hull/table-2",),
    "influencers": ("big/example-2-unique", "big/example-4-square"),
    "market": ("market/synthetic-2",),
    "mechanism": ("mechanism/three-answers",),
    "persuasion": ("persuasion/zero-sum-senders",),
    "preferences": ("preferences/section-6-2", "preferences/plane"),
    "subsets": ("subsets/example-5-4",),
}
OPTIONS = {
    "joint": {"start": "full"},  # from elsewhere rivals may undercut each other for ever
    "truthful": {"reports": "2", "players": "2"},  # each report is an equilibrium to be found
}
CASES = [
    (name, concept.name) for kind in kinds.KINDS.values() for name in EXAMPLES[kind.name] for concept in kind.concepts
]


@pytest.mark.parametrize(("name", "concept"), CASES)
def test_concept_answers_and_its_file_checks(name: str, concept: str, tmp_path: Path) -> None:
    read = instance.read(catalog.instance(name))
    row = next(c for c in kinds.kind_of(read.game).concepts if c.name == concept)
    if row.refuses(read.game) is not None or row.needs:
        return  # not of this game, or tested in its wing with a profile
    solution = solve(read.game, concept, options=OPTIONS.get(concept))
    assert solution.solved, (solution.stopped, solution.certificate.failed)
    path = tmp_path / "solution.json"
    path.write_text(solution.to_json())
    again = check_solution(read, path)
    assert again.certificate.verified, again.certificate.failed
    assert _shape(json.loads(again.to_json())["solution"]) == _shape(json.loads(solution.to_json())["solution"])


def _shape(value: Any) -> Any:
    """Return the keys and lengths of nested data."""
    if isinstance(value, dict):
        return {key: _shape(item) for key, item in value.items()}
    return [_shape(item) for item in value] if isinstance(value, list) else None
