"""Proofs: how long writing one takes beside solving, how long it is, and how long the checker takes."""

from __future__ import annotations

import json
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import bigopt
from benchmarks.timing import Row, paired
from bigopt import catalog
from bigopt.engine.prove import prove, text
from bigopt.places import folder, load

CASES = (
    ("big/box/players-10000-dimension-4.toml", "nash"),
    ("persuasion/random/states-200-actions-50.toml", "signaling"),
    ("market/random/states-20-policies-8-bobs-6.toml", "worst"),
)
SMALL = (
    ("big/example-1-opposed", "nash"),
    ("persuasion/courtroom", "signaling"),
    ("market/synthetic-1", "worst"),
)


def run(smoke: bool) -> list[Row]:
    """Return three rows a case: solving, writing the proof (which solves), checking it."""
    rows: list[Row] = []
    checker = load(folder("checker") / "check_proof.py")
    with tempfile.TemporaryDirectory() as place:
        for name, concept in SMALL if smoke else CASES:
            game: Any = bigopt.load(catalog.instance(name))
            instance, proof = Path(place) / "instance.json", Path(place) / "proof.json"
            bigopt.save(game, instance)
            proof.write_text(text(prove(instance, concept)))
            contenders = {
                "solve": partial(bigopt.solve, game, concept),
                "prove": partial(prove, instance, concept),
                "check_proof": partial(_checked, checker, instance, proof),
            }
            found = paired(f"{name.removesuffix('.toml')}, {concept}", contenders, repeats=1)
            found[-1]["note"] = f"{proof.stat().st_size:,} bytes"
            rows += found
    return rows


def _checked(checker: Any, instance: Path, proof: Path) -> str:
    """Check a proof from its files, and insist that it holds."""
    assert json.loads(proof.read_text())["format"] == "bigopt-proof/1"
    return str(checker.check(checker.load(instance), checker.load(proof)))
